package pickle

import (
	"encoding/binary"
	"fmt"
	"math"
	"unicode/utf8"
)

var floatReaders = map[int]func([]byte) float64{
	2: func(b []byte) float64 { return float16(binary.LittleEndian.Uint16(b)) },
	4: func(b []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))) },
}

var intReaders = map[int]func([]byte) int64{
	1: func(b []byte) int64 { return int64(int8(b[0])) },
	2: func(b []byte) int64 { return int64(int16(binary.LittleEndian.Uint16(b))) },
	4: func(b []byte) int64 { return int64(int32(binary.LittleEndian.Uint32(b))) },
}

var uintReaders = map[int]func([]byte) int64{
	1: func(b []byte) int64 { return int64(b[0]) },
	2: func(b []byte) int64 { return int64(binary.LittleEndian.Uint16(b)) },
	4: func(b []byte) int64 { return int64(binary.LittleEndian.Uint32(b)) },
}

// float16 widens an IEEE 754 half-precision number.
func float16(h uint16) float64 {
	exp, frac := int(h>>10&0x1f), float64(h&0x3ff)
	var v float64
	switch exp {
	case 0:
		v = math.Ldexp(frac, -24)
	case 31:
		v = math.Inf(1)
		if frac != 0 {
			v = math.NaN()
		}
	default:
		v = math.Ldexp(frac+1024, exp-25)
	}
	if h>>15 != 0 {
		return -v
	}
	return v
}

// ucs4 decodes an element of numpy's str dtype: four bytes a character, padded
// with NULs.
func ucs4(b []byte) (string, error) {
	for len(b) >= 4 && binary.LittleEndian.Uint32(b[len(b)-4:]) == 0 {
		b = b[:len(b)-4]
	}
	out := make([]byte, 0, len(b)/4)
	for i := 0; i+4 <= len(b); i += 4 {
		r := binary.LittleEndian.Uint32(b[i:])
		if r > utf8.MaxRune || !utf8.ValidRune(rune(r)) {
			return "", fmt.Errorf("holds the character %#x, which Unicode does not have", r)
		}
		out = utf8.AppendRune(out, rune(r))
	}
	return string(out), nil
}

// littleEndian returns the raw elements in C order and little-endian: the data
// itself where it is so already.
func (a *Array) littleEndian() []byte {
	data, size := a.packed(), a.Dtype.Size
	if a.Fortran && len(a.Shape) > 1 {
		data = cOrder(data, a.Shape, size)
	}
	unit := size
	switch a.Dtype.Kind {
	case 'U':
		unit = 4
	case 'S', 'V', 'b':
		return data
	}
	if !a.Dtype.Big || unit < 2 {
		return data
	}
	swapped := make([]byte, len(data))
	for i := range data {
		swapped[i] = data[i-i%unit+unit-1-i%unit]
	}
	return swapped
}

// packed returns the raw elements one after the other.
func (a *Array) packed() []byte {
	if a.stride == 0 {
		return a.Data
	}
	n, size := a.Len(), a.Dtype.Size
	out := make([]byte, n*size)
	for i := range n {
		copy(out[i*size:(i+1)*size], a.Data[i*a.stride:])
	}
	return out
}

// cOrder copies elements from column-major to row-major order.
func cOrder(data []byte, shape []int, size int) []byte {
	out := make([]byte, len(data))
	index := make([]int, len(shape))
	for at := 0; at < len(data); at += size {
		to := 0
		for i, n := range shape {
			to = to*n + index[i]
		}
		copy(out[to*size:(to+1)*size], data[at:at+size])
		for i := range index {
			if index[i]++; index[i] < shape[i] {
				break
			}
			index[i] = 0
		}
	}
	return out
}
