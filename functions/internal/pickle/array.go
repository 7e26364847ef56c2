package pickle

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"
)

// The errors below read as what an attribute does: "holds …", "is …".

// Floats returns the elements in C order as float64: of bool, whole-number and
// floating-point dtypes up to 64 bits, and of objects that are numbers.
func (a *Array) Floats() ([]float64, error) {
	size := a.Dtype.Size
	switch a.Dtype.Kind {
	case 'O':
		return convertObjects(a, objectFloat)
	case 'f':
		if size == 8 {
			return a.AppendFloats(nil)
		}
		if get := floatReaders[size]; get != nil {
			return convert(a, get), nil
		}
	case 'b', 'i', 'u':
		if a.Dtype.Kind == 'u' && size == 8 {
			return convert(a, func(b []byte) float64 { return float64(binary.LittleEndian.Uint64(b)) }), nil
		}
		ints, err := a.Ints()
		if err != nil {
			return nil, err
		}
		out := make([]float64, len(ints))
		for i, v := range ints {
			out[i] = float64(v)
		}
		return out, nil
	}
	return nil, a.not("numbers")
}

// AppendFloats appends what Floats returns to dst.
func (a *Array) AppendFloats(dst []float64) ([]float64, error) {
	if a.Dtype.Kind != 'f' || a.Dtype.Size != 8 {
		floats, err := a.Floats()
		return append(dst, floats...), err
	}
	data, stride := a.words()
	dst, tail := extend(dst, a.Len())
	for i := range tail {
		tail[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[i*stride:]))
	}
	return dst, nil
}

// AppendInt32s appends what Ints returns to dst. All must fit into 32 bits.
func (a *Array) AppendInt32s(dst []int32) ([]int32, error) {
	if a.Dtype.Kind == 'i' && a.Dtype.Size == 8 {
		data, stride := a.words()
		made, tail := extend(dst, a.Len())
		var lost uint64
		for i := range tail {
			w := binary.LittleEndian.Uint64(data[i*stride:])
			tail[i] = int32(w)
			lost |= w ^ uint64(int32(w))
		}
		if lost == 0 {
			return made, nil
		}
	}
	ints, err := a.Ints()
	for i, v := range ints {
		if v != int64(int32(v)) {
			return dst, fmt.Errorf("holds %d (element %d), which is beyond 32 bits", v, i)
		}
		dst = append(dst, int32(v))
	}
	return dst, err
}

// AppendBools appends whether each of what Ints returns is other than 0 to dst.
func (a *Array) AppendBools(dst []bool) ([]bool, error) {
	if k := a.Dtype.Kind; (k == 'b' || k == 'u') && a.Dtype.Size == 1 && len(a.Shape) == 1 {
		dst, tail := extend(dst, a.Len())
		for i := range tail {
			tail[i] = a.Data[i*max(a.stride, 1)] != 0
		}
		return dst, nil
	}
	ints, err := a.Ints()
	for _, v := range ints {
		dst = append(dst, v != 0)
	}
	return dst, err
}

// words returns elements of eight bytes in C order and little-endian, and how
// far apart they are: fields are read where they lie.
func (a *Array) words() (data []byte, stride int) {
	if a.stride != 0 && !a.Dtype.Big && len(a.Shape) == 1 {
		return a.Data, a.stride
	}
	return a.littleEndian(), 8
}

// extend appends n elements to dst and returns them by themselves, too.
func extend[T any](dst []T, n int) (all, tail []T) {
	all = slices.Grow(dst, n)[:len(dst)+n]
	return all, all[len(dst):]
}

// Ints returns the elements in C order as int64: of bool and whole-number
// dtypes, of floating-point dtypes whose elements are all whole, and of objects
// that are whole numbers.
func (a *Array) Ints() ([]int64, error) {
	size := a.Dtype.Size
	switch a.Dtype.Kind {
	case 'O':
		return convertObjects(a, objectInt)
	case 'b':
		if size == 1 {
			return convert(a, func(b []byte) int64 { return int64(min(b[0], 1)) }), nil
		}
	case 'i':
		if size == 8 {
			return a.int64s(), nil
		}
		if get := intReaders[size]; get != nil {
			return convert(a, get), nil
		}
	case 'u':
		if size == 8 {
			return a.uint64s()
		}
		if get := uintReaders[size]; get != nil {
			return convert(a, get), nil
		}
	case 'f':
		return a.wholeFloats()
	}
	return nil, a.not("whole numbers")
}

// int64s is the common case, without a call for each element.
func (a *Array) int64s() []int64 {
	data, stride := a.words()
	out := make([]int64, a.Len())
	for i := range out {
		out[i] = int64(binary.LittleEndian.Uint64(data[i*stride:]))
	}
	return out
}

func (a *Array) uint64s() ([]int64, error) {
	out := a.int64s()
	for _, v := range out {
		if v < 0 {
			return nil, fmt.Errorf("holds %d, which is beyond int64", uint64(v))
		}
	}
	return out, nil
}

func (a *Array) wholeFloats() ([]int64, error) {
	floats, err := a.Floats()
	if err != nil {
		return nil, err
	}
	out := make([]int64, len(floats))
	for i, v := range floats {
		if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
			return nil, fmt.Errorf("holds %v, which is no whole number", v)
		}
		out[i] = int64(v)
	}
	return out, nil
}

// Strings returns the elements in C order: of numpy's str and bytes dtypes,
// without the NULs that pad them, and of objects that are str. Bytes must be
// ASCII.
func (a *Array) Strings() ([]string, error) {
	switch a.Dtype.Kind {
	case 'O':
		return convertObjects(a, func(v any) (string, bool) { s, ok := v.(string); return s, ok })
	case 'U':
		var bad error
		out := convert(a, func(b []byte) string {
			s, err := ucs4(b)
			if err != nil {
				bad = err
			}
			return s
		})
		return out, bad
	case 'S':
		out := convert(a, func(b []byte) string { return strings.TrimRight(string(b), "\x00") })
		for _, s := range out {
			if strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
				return nil, fmt.Errorf("holds the bytes %q, which are not ASCII", s)
			}
		}
		return out, nil
	}
	return nil, a.not("text")
}

// Field returns one field of a structured array, such as the thresholds of a
// tree's nodes, as an array of the same shape. It is a view: nothing is copied.
func (a *Array) Field(name string) (*Array, error) {
	for _, f := range a.Dtype.Fields {
		if f.Name != name {
			continue
		}
		if a.Dtype.object {
			return nil, a.not("fields, for it holds objects")
		}
		stride := a.Dtype.Size
		if a.stride != 0 {
			stride = a.stride
		}
		data := a.Data[min(f.Offset, len(a.Data)):]
		return &Array{Dtype: f.Dtype, Shape: a.Shape, Fortran: a.Fortran, Data: data, stride: stride}, nil
	}
	return nil, fmt.Errorf("has no field %q", name)
}

func (a *Array) not(what string) error {
	return fmt.Errorf("is an array of numpy kind %q and %d bytes an element, which is not read as %s",
		a.Dtype.Kind, a.Dtype.Size, what)
}

// convert maps the elements in C order; get sees each in little-endian.
func convert[T any](a *Array, get func(element []byte) T) []T {
	data, size := a.littleEndian(), a.Dtype.Size
	out := make([]T, a.Len())
	for i := range out {
		out[i] = get(data[i*size : (i+1)*size])
	}
	return out
}

func convertObjects[T any](a *Array, get func(any) (T, bool)) ([]T, error) {
	out := make([]T, len(a.Objects))
	for i, v := range a.Objects {
		x, ok := get(v)
		if !ok {
			return nil, fmt.Errorf("holds %s among its objects", Describe(v))
		}
		out[i] = x
	}
	return out, nil
}

func objectFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case float32:
		return float64(v), true
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f, true
	}
	i, ok := objectInt(v)
	return float64(i), ok
}

func objectInt(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}
