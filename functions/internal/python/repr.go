// Package python writes values as Python writes them.
package python

import (
	"bytes"
	"math"
	"slices"
	"strconv"

	"brine/functions/internal/decimal"
)

// AppendFloat appends v as repr writes a float of 64 bits, or str a
// numpy.float32 of 32: the shortest digits that read back as v, an exponent
// only below 1e-4 and from 1e16 on. NaN is "nan" here; a table writes it as an
// empty cell.
// Source: CPython Objects/floatobject.c float_repr_style "short"; the exponent
// of float32 follows pandas, which writes str(numpy.float32).
func AppendFloat(dst []byte, v float64, bits int) []byte {
	if math.IsNaN(v) {
		return append(dst, "nan"...)
	}
	if math.Signbit(v) {
		dst, v = append(dst, '-'), -v
	}
	switch {
	case v == 0:
		return append(dst, "0.0"...)
	case math.IsInf(v, 1):
		return append(dst, "inf"...)
	case bits == 32:
		return appendFloat32(dst, v)
	}
	at := len(dst)
	dst = slices.Grow(dst, len(shortest{}))
	n := put((*shortest)(dst[at:at+len(shortest{})]), v)
	return dst[:at+n]
}

// shortest has room for what repr writes of a positive number, at most
// 2.2250738585072014e-308, and one byte more.
type shortest [24]byte

// put writes v, positive and finite, to the begin of b and returns its length.
func put(b *shortest, v float64) int {
	d, exponent := decimal.Short(v)
	digits, n := decimal.Split(d)
	point := n + exponent // the digits before it
	switch {
	case point <= -4 || point > 16:
		digits.Put((*[decimal.ShortDigits]byte)(b[1:]))
		b[0] = digits.First
		if n++; n == 2 {
			n = 1
		} else {
			b[1] = '.'
		}
		return n + putExponent(b[n:], point-1)
	case point <= 0:
		digits.Put((*[decimal.ShortDigits]byte)(b[2-point:]))
		copy(b[:], "0.000"[:2-point])
		return 2 - point + n
	case exponent >= 0: // Put left zeros there
		digits.Put((*[decimal.ShortDigits]byte)(b[:]))
		b[point], b[point+1] = '.', '0'
		return point + 2
	case point < 8:
		digits.PutPoint((*[decimal.ShortDigits + 1]byte)(b[:]), point)
		return n + 1
	}
	digits.Put((*[decimal.ShortDigits]byte)(b[1:]))
	copy(b[:point], b[1:])
	b[point] = '.'
	return n + 1
}

// putExponent writes e±xx, or e±xxx, and returns its length.
func putExponent(b []byte, exponent int) int {
	b[0], b[1] = 'e', '+'
	if exponent < 0 {
		b[1], exponent = '-', -exponent
	}
	n := 2
	if exponent >= 100 {
		b[n] = byte('0' + exponent/100)
		n++
	}
	b[n], b[n+1] = byte('0'+exponent/10%10), byte('0'+exponent%10)
	return n + 2
}

func appendFloat32(dst []byte, v float64) []byte {
	if v < 1e-4 || v >= 1e16 {
		return strconv.AppendFloat(dst, v, 'e', -1, 32)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, v, 'f', -1, 32)
	if bytes.IndexByte(dst[start:], '.') < 0 {
		dst = append(dst, ".0"...)
	}
	return dst
}

// Bool is True or False.
func Bool(v bool) string {
	if v {
		return "True"
	}
	return "False"
}
