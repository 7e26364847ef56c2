package estimator

import (
	"fmt"
	"math"

	"brine/functions/internal/pickle"
)

// Dtype is the output type that a transformer was asked for.
type Dtype struct {
	Single bool    // float32
	Whole  bool    // bool, or whole numbers of any size
	Narrow bool    // bool, or whole numbers of 8 or 16 bits
	Lo, Hi float64 // what it holds exactly
}

var dtypes = map[string]Dtype{
	"float64": {Lo: -1 << 53, Hi: 1 << 53},
	"float32": {Lo: -1 << 24, Hi: 1 << 24, Single: true},
	"int64":   {Lo: -1 << 53, Hi: 1 << 53, Whole: true},
	"int32":   {Lo: math.MinInt32, Hi: math.MaxInt32, Whole: true},
	"int16":   {Lo: math.MinInt16, Hi: math.MaxInt16, Narrow: true, Whole: true},
	"int8":    {Lo: math.MinInt8, Hi: math.MaxInt8, Narrow: true, Whole: true},
	"uint64":  {Hi: 1 << 53, Whole: true},
	"uint32":  {Hi: math.MaxUint32, Whole: true},
	"uint16":  {Hi: math.MaxUint16, Narrow: true, Whole: true},
	"uint8":   {Hi: math.MaxUint8, Narrow: true, Whole: true},
	"bool":    {Hi: 1, Narrow: true, Whole: true},
}

var dtypeAliases = map[string]string{
	"float": "float64", "double": "float64", "f8": "float64", "single": "float32", "f4": "float32",
	"int": "int64", "int_": "int64", "intp": "int64", "i8": "int64", "i4": "int32", "i2": "int16", "i1": "int8",
	"u8": "uint64", "u4": "uint32", "u2": "uint16", "u1": "uint8", "bool_": "bool", "b1": "bool",
}

// OutputDtype reads the parameter dtype: a numpy or Python type, its name, or
// a numpy.dtype.
func OutputDtype(o *Object) (Dtype, error) {
	v := o.Get("dtype")
	if err := o.Err(); err != nil {
		return Dtype{}, err
	}
	name := ""
	switch v := v.(type) {
	case pickle.Global:
		name = v.Name
	case string:
		name = v
	case *pickle.Dtype:
		name = fmt.Sprintf("%c%d", v.Kind, v.Size)
	}
	if full, ok := dtypeAliases[name]; ok {
		name = full
	}
	d, ok := dtypes[name]
	if !ok {
		return d, o.Refuse("dtype %s is not supported", Describe(v))
	}
	return d, nil
}
