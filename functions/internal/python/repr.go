// Package python writes values as Python writes them.
package python

import (
	"math"
	"strconv"
)

// AppendFloat appends v as repr writes a float of 64 bits, or str a
// numpy.float32 of 32: the shortest digits that read back as v, an exponent
// only below 1e-4 and from 1e16 on. NaN is "nan" here; a table writes it as an
// empty cell.
// Source: CPython Objects/floatobject.c float_repr_style "short"; the exponent
// of float32 follows pandas, which writes str(numpy.float32).
func AppendFloat(dst []byte, v float64, bits int) []byte {
	switch {
	case math.IsNaN(v):
		return append(dst, "nan"...)
	case math.IsInf(v, 1):
		return append(dst, "inf"...)
	case math.IsInf(v, -1):
		return append(dst, "-inf"...)
	}
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.AppendFloat(dst, v, 'e', -1, bits)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, v, 'f', -1, bits)
	for _, c := range dst[start:] {
		if c == '.' {
			return dst
		}
	}
	return append(dst, ".0"...)
}

// Bool is True or False.
func Bool(v bool) string {
	if v {
		return "True"
	}
	return "False"
}
