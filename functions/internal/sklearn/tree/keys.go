package tree

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
)

// A key is a uint32 that stands for a value of a feature, such that for every
// value x and every threshold t of the forest
//
//	key(x) <= key(t)  if and only if  x <= t
//
// so a step down a tree compares integers, and NaN is just one more key: the
// least where a split sends it left, above all others where it goes right.
const (
	zero         = 1 << 31 // key32(0)
	missingLeft  = 0
	missingRight = zero + 0x7f800001 // key32(+Inf) + 1
	firstLeaf    = missingRight + 1
	maxLeaves    = math.MaxUint32 - firstLeaf
)

// key32 orders float32 values: the bits of a negative one are turned round.
func key32(v float32) uint32 {
	b := math.Float32bits(v)
	return b ^ (uint32(int32(b)>>31) | zero)
}

// float32Of is the value of a key.
func float32Of(key uint32) float32 {
	return math.Float32frombits(key ^ (uint32(^int32(key)>>31) | zero))
}

// floorKey is the key of the largest float32 that is at most t: a float32 is at
// most t if and only if its key is at most that. Negative zero counts as
// positive, which both zeros are at most. Whether t is rounded up is as likely
// as not, hence no branch.
func floorKey(t float64) uint32 {
	f := float32(t)
	key := key32(f + 0)
	var above uint32
	if float64(f) > t {
		above = 1
	}
	if key == zero {
		return key - 2*above // the key between is that of negative zero
	}
	return key - above
}

// key64 orders float64 values that are not NaN, as key32 does, as unsigned
// numbers; both zeros are one.
func key64(v float64) uint64 {
	b := int64(math.Float64bits(v + 0))
	return uint64(b^(b>>63)&math.MaxInt64) ^ 1<<63
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

func (c column) categorical() bool { return c.cast >= category }

func (c column) missing() uint32 {
	if c.cast == left {
		return missingLeft
	}
	return missingRight
}

// Rows are a block of rows as keys, in tiles of lanes rows. The keys of a tile
// lie column by column: all that a walk reads of them is near together. Behind
// the last one is room for a tile of any width.
type Rows []uint32

const lanes = 8

// tile is the keys of lanes rows of a narrow forest.
type tile [lanes << columnBits]uint32

// Rows returns the rows of x for Leaves. They are valid until the Arena of x
// is reset.
func (f *Forest) Rows(x *frame.Frame) Rows {
	tiles := (x.Rows + lanes - 1) / lanes
	width := len(f.columns)
	rows := Rows(x.Keys(tiles*lanes*width + len(tile{})))
	for c, col := range f.columns {
		values := x.Cols[col.feature].Num
		for t := range tiles {
			some := values[t*lanes : min(t*lanes+lanes, len(values))]
			f.keys(col, some, rows[(t*width+c)*lanes:][:len(some)])
		}
	}
	return rows
}

// keys writes the key of each value.
func (f *Forest) keys(col column, values []float64, keys []uint32) {
	switch {
	case col.cast == category:
		for i, v := range values {
			keys[i] = categoryKey(v)
		}
	case col.cast == byteCategory:
		for i, v := range values {
			keys[i] = byteKey(v)
		}
	case f.cuts != nil:
		f.cuts[col.feature].number(values, col.cast, false, 0, keys, 1)
	default:
		missing := col.missing()
		for i, v := range values {
			if v != v {
				keys[i] = missing
				continue
			}
			keys[i] = key32(float32(v))
		}
	}
}

// categoryKey is the bit of a category in a Set: its code is the whole part of
// what is not negative. No set holds a code that is beyond int32.
func categoryKey(v float64) uint32 {
	if !(v >= 0 && v <= math.MaxInt32) {
		return bit(Missing)
	}
	return bit(int(v))
}

// byteKey is the bit of the code that scikit-learn's cast to uint8 makes of a
// category on x86-64: the low byte of its whole part as an int32, whose
// overflow is a minimum with a low byte of 0.
// Source: sklearn/ensemble/_hist_gradient_boosting/_predictor.pyx,
// _predict_one_from_raw_data.
func byteKey(v float64) uint32 {
	if !(v >= 0) {
		return bit(Missing)
	}
	if v > math.MaxInt32 {
		return bit(0)
	}
	return bit(int(v) & 0xff)
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

// thresholdKey is the key that the keys of a split's left rows are at most, or
// the number of the set that theirs are in.
func (f *Forest) thresholdKey(n *Nodes, i int32) uint32 {
	switch {
	case n.categorical(i):
		return uint32(n.Category[i])
	case f.cuts != nil:
		return f.cuts[n.Feature[i]].of(key64(n.Threshold[i]))
	}
	return floorKey(n.Threshold[i])
}
