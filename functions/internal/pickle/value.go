package pickle

import "math"

// A decoded value is one of
//
//	nil, bool, int64, *big.Int, float64, string, []byte   Python's own
//	float32                                               numpy.float32; other numpy scalars become the type above that holds them
//	*List, Tuple, *Dict, *Set                             containers, shared where the pickle shares them
//	Global                                                a class or function that is only named
//	*Object                                               an instance, or the result of a call: never made, only described
//	*Array                                                numpy.ndarray
//	*Dtype                                                numpy.dtype

// Global names a class or a function. It is never resolved to code.
type Global struct{ Module, Name string }

func (g Global) String() string { return g.Module + "." + g.Name }

// Object describes what a real unpickler would make by calling Class with
// Args and then handing it State (the argument of BUILD; nil if there is none).
type Object struct {
	Class Global
	Args  []any
	State any
	// Items are what a list, set or dict subclass was filled with afterwards;
	// a dict's keys and values take turns.
	Items []any
}

// List is a Python list.
type List struct{ Items []any }

// Tuple is a Python tuple.
type Tuple []any

// Set is a Python set or frozenset, in the pickle's order.
type Set struct{ Items []any }

// Dict is a Python dict in insertion order; a repeated key keeps its last
// value. Tuples as keys are the same only if they are one shared tuple.
type Dict struct {
	Keys   []any
	Values []any
	index  map[any]int // by hashKey; nil while there are but few keys, all strings
}

// fewKeys is how many keys are looked through faster than hashed.
const fewKeys = 32

// Get returns the value of a string key.
func (d *Dict) Get(key string) (any, bool) {
	i := d.find(key)
	if i < 0 {
		return nil, false
	}
	return d.Values[i], true
}

// find returns the position of a string key, -1 if it is not there.
func (d *Dict) find(key string) int {
	if d.index != nil {
		if i, ok := d.index[key]; ok {
			return i
		}
		return -1
	}
	for i, k := range d.Keys {
		if s, ok := k.(string); ok && s == key {
			return i
		}
	}
	return -1
}

// set stores a value as Python's d[key] = value does.
func (d *Dict) set(key, value any) {
	text, isText := key.(string)
	if d.index == nil && (!isText || len(d.Keys) == fewKeys) {
		d.index = make(map[any]int, 2*len(d.Keys))
		for i, k := range d.Keys {
			d.index[k] = i
		}
	}
	at, hash := -1, key
	if isText {
		at = d.find(text)
	} else {
		hash = hashKey(key)
		if i, ok := d.index[hash]; ok {
			at = i
		}
	}
	if at >= 0 {
		d.Values[at] = value
		return
	}
	if d.index != nil {
		d.index[hash] = len(d.Keys)
	}
	d.Keys = append(d.Keys, key)
	d.Values = append(d.Values, value)
}

// hashKey maps a value to something comparable that is equal where Python
// finds the keys equal: 1, 1.0 and True are one key.
func hashKey(key any) any {
	type bytesKey string
	switch k := key.(type) {
	case bool:
		if k {
			return int64(1)
		}
		return int64(0)
	case float32:
		return hashKey(float64(k))
	case float64:
		if i := int64(k); float64(i) == k && math.Abs(k) < 1<<62 {
			return i
		}
	case []byte:
		return bytesKey(k)
	case Tuple:
		if len(k) == 0 {
			return [0]any{}
		}
		return &k[0]
	}
	return key
}

// Attr returns an attribute of the object's state, when that is a dict.
func (o *Object) Attr(name string) (any, bool) {
	d, ok := o.State.(*Dict)
	if !ok {
		return nil, false
	}
	return d.Get(name)
}

// Dtype describes an array's elements as numpy does.
type Dtype struct {
	Kind   byte // numpy's kind: b i u f c S U O V M m
	Size   int  // bytes an element
	Big    bool // big-endian
	Fields []Field
	object bool // Kind is O, or that of a field, however deep
}

// Field is one field of a structured dtype.
type Field struct {
	Name   string
	Offset int
	Dtype  Dtype
}

// Array is a numpy.ndarray. Data may alias the file that was decoded.
type Array struct {
	Dtype   Dtype
	Shape   []int
	Fortran bool   // Data is in column-major order
	Data    []byte // raw elements; nil for Kind 'O'
	stride  int    // bytes from one element to the next in Data; 0 where they are packed
	Objects []any  // the elements of Kind 'O', in C order
}

// Len returns the number of elements.
func (a *Array) Len() int {
	n := 1
	for _, d := range a.Shape {
		n *= d
	}
	return n
}

// File is a decoded model file.
type File struct {
	Root        any
	Size        int // of the pickle, in bytes, uncompressed
	Protocol    int
	Compression string // "", zlib, gzip, bz2, lzma, xz, lz4
	// Globals is every name that a real unpickler would have resolved, in the
	// order of first appearance.
	Globals []Global
}
