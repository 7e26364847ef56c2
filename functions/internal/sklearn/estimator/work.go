package estimator

import (
	"math/big"

	"brine/functions/internal/pickle"
)

// Opening a model may read at most so many values. It takes time and memory in
// proportion to them, so a small file that holds one part over and over, or
// says that it is large, ends in an error before that is paid for.
const (
	valuesPerByte = 64
	valuesAtLeast = 1 << 23
	// nestedValues is how far lists, dicts and the like are nested in an attribute.
	nestedValues = 32
)

// MostWork is how many values may be read to open a pickle of size bytes.
func MostWork(size int) int { return valuesPerByte*size + valuesAtLeast }

// Work returns how many values have been read so far to open the model that o
// is of.
func (o *Object) Work() int { return int(o.opening.work) }

// Spend accounts for work on as many values as the factors make. A builder
// whose work is not in proportion to the attributes that it reads asks before it
// begins: false says that the model is refused, and so does Err.
func (o *Object) Spend(factors ...int) bool { return o.spend(product(factors)) }

// multiplications is how many of them take about the time of one value.
const multiplications = 16

// Compute is Spend for arithmetic: the factors make a number of multiplications.
func (o *Object) Compute(factors ...int) bool { return o.spend(product(factors) / multiplications) }

// columnValues is how many values take the memory of a column of a frame without
// rows, which is kept at several places.
const columnValues = 16

// Columns is Spend for so many columns of a frame.
func (o *Object) Columns(n int) bool { return o.Spend(n, columnValues) }

// product is a float64, which does not overflow. A factor below zero, which is
// for others to refuse, makes no work.
func product(factors []int) float64 {
	n := 1.0
	for _, f := range factors {
		n *= float64(max(0, f))
	}
	return n
}

func (o *Object) spend(n float64) bool {
	o.opening.work = min(o.opening.work+n, 1<<53)
	if o.opening.work <= float64(o.opening.most) {
		return true
	}
	if o.err == nil {
		o.err = o.Refuse("the model unfolds to far more than its size").
			WithHint("Store the model again: the file may be damaged")
	}
	return false
}

// weigh counts the values of an attribute down to the instances in it, whose
// own attributes are counted as they are read. More than most are not counted;
// what is nested too far counts as more.
func weigh(v any, most, depth int) int {
	var items []any
	n := 1
	switch v := v.(type) {
	case string:
		return 1 + len(v)/8
	case []byte:
		return 1 + len(v)/8
	case *big.Int:
		return 1 + v.BitLen()/64
	case *pickle.Array:
		n += v.Len() + len(v.Data)/8 + len(v.Dtype.Fields)
		items = v.Objects
	case *pickle.List:
		items = v.Items
	case pickle.Tuple:
		items = v
	case *pickle.Set:
		items = v.Items
	case *pickle.Object:
		n = weighAll(n, v.Args, most, depth)
		items, _ = v.State.(pickle.Tuple) // which is not read as attributes
	case *pickle.Dict:
		n = weighAll(n, v.Keys, most, depth)
		items = v.Values
	}
	return weighAll(n, items, most, depth)
}

func weighAll(n int, items []any, most, depth int) int {
	if len(items) > 0 && depth == nestedValues {
		return most + 1
	}
	for _, item := range items {
		if n > most {
			break
		}
		n += weigh(item, most-n, depth+1)
	}
	return n
}
