package tree

import (
	"math"
	"slices"
	"sort"

	"brine/functions/internal/frame"
)

// A key is an int32 that stands for a value of a feature, such that for every
// value x and every threshold t of the forest
//
//	key(x) <= key(t)  if and only if  x <= t
//
// so a step down a tree compares integers, and NaN is just one more key: the
// least where a split sends it left, above all others where it goes right.
const (
	missingLeft  = math.MinInt32
	missingRight = 0x7f800001 // key32(+Inf) + 1
	firstLeaf    = missingRight + 1
	maxLeaves    = math.MaxInt32 - firstLeaf
)

// key32 orders float32 values: the bits of a negative one are turned round.
func key32(v float32) int32 {
	b := int32(math.Float32bits(v))
	return b ^ (b>>31)&math.MaxInt32
}

// floor32 is the largest float32 that is at most t. A float32 is at most t if
// and only if it is at most floor32(t). Negative zero becomes positive, which
// both zeros are at most.
func floor32(t float64) float32 {
	f := float32(t)
	if float64(f) > t {
		f = math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f + 0
}

// cast says how a column makes keys of cells.
type cast uint8

const (
	right cast = iota // numeric; NaN goes right
	left              // numeric; NaN goes left
	category
	byteCategory
	casts
)

// column is one element of a row of keys: a feature, cast in one way. A
// feature whose NaN goes left at some splits and right at others has two.
type column struct {
	feature int
	cast    cast
}

// Keys returns the rows of x as keys, row by row, for Leaves. They are valid
// until the Arena of x is reset.
func (f *Forest) Keys(x *frame.Frame) []int32 {
	width := len(f.columns)
	keys := x.Codes(x.Rows * width)
	for c, col := range f.columns {
		values := x.Cols[col.feature].Num
		switch {
		case col.cast == category:
			for r, v := range values {
				keys[r*width+c] = categoryKey(v)
			}
		case col.cast == byteCategory:
			for r, v := range values {
				keys[r*width+c] = byteKey(v)
			}
		case f.cuts != nil:
			cuts := f.cuts[col.feature]
			for r, v := range values {
				keys[r*width+c] = rankKey(cuts, v, col.missing())
			}
		default:
			missing := col.missing()
			for r, v := range values {
				if v != v {
					keys[r*width+c] = missing
					continue
				}
				keys[r*width+c] = key32(float32(v))
			}
		}
	}
	return keys
}

func (c column) missing() int32 {
	if c.cast == left {
		return missingLeft
	}
	return missingRight
}

// rankKey is the number of cuts below v.
func rankKey(cuts []float64, v float64, missing int32) int32 {
	if v != v {
		return missing
	}
	return int32(sort.SearchFloat64s(cuts, v))
}

// categoryKey is the code of a category: the whole part of what is not
// negative. No set holds a code that is beyond int32.
func categoryKey(v float64) int32 {
	if !(v >= 0 && v <= math.MaxInt32) {
		return Missing
	}
	return int32(v)
}

// byteKey is the code that scikit-learn's cast to uint8 makes of a
// category on x86-64: the low byte of its whole part as an int32, whose
// overflow is a minimum with a low byte of 0.
// Source: sklearn/ensemble/_hist_gradient_boosting/_predictor.pyx,
// _predict_one_from_raw_data.
func byteKey(v float64) int32 {
	if !(v >= 0) {
		return Missing
	}
	if v > math.MaxInt32 {
		return 0
	}
	return int32(v) & 0xff
}

// Cuts collects the distinct thresholds of each feature, in order.
func Cuts(trees []*Nodes, features int) [][]float64 {
	cuts := make([][]float64, features)
	for _, n := range trees {
		for i := range n.Left {
			if f := int(n.Feature[i]); !n.leaf(int32(i)) && !n.categorical(int32(i)) && f >= 0 && f < features {
				cuts[f] = append(cuts[f], n.Threshold[i]+0)
			}
		}
	}
	for f := range cuts {
		slices.Sort(cuts[f])
		cuts[f] = slices.Compact(cuts[f])
	}
	return cuts
}

// thresholdKey is the key that the keys of a split's left rows are at most.
func (f *Forest) thresholdKey(n *Nodes, i int32) int32 {
	switch {
	case n.categorical(i):
		return n.Category[i]
	case f.cuts != nil:
		return int32(sort.SearchFloat64s(f.cuts[n.Feature[i]], n.Threshold[i]))
	}
	return key32(floor32(n.Threshold[i]))
}
