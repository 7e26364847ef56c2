package sklearn

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"brine/functions/internal/pickle"
	"brine/functions/internal/python"
	"brine/functions/internal/sklearn/estimator"
)

// longest is the length beyond which repr says how much there is instead of what.
const longest = 80

// repr writes a decoded value about as Python's repr would, always on one
// short line.
func repr(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		return python.Bool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case *big.Int:
		if bits := v.BitLen(); bits > 3*longest { // it would be longer, and take long
			return fmt.Sprintf("<int of %d bits>", bits)
		}
		return v.String()
	case float64:
		return string(python.AppendFloat(nil, v, 64))
	case float32:
		return string(python.AppendFloat(nil, float64(v), 32))
	case string:
		instead := fmt.Sprintf("<text of %d bytes>", len(v))
		if len(v) > longest {
			return instead
		}
		return short(quoted(v), instead)
	case []byte:
		return fmt.Sprintf("<%d bytes>", len(v))
	case pickle.Global:
		return estimator.PublicName(v)
	case *pickle.Object:
		if v.Class.Module == "builtins" { // slice, range: their arguments are all they are
			return v.Class.Name + container("(", v.Args, ")", "object")
		}
		return v.Class.Name + "()"
	case *pickle.Array:
		return arrayRepr(v)
	case *pickle.List:
		return container("[", v.Items, "]", "list")
	case pickle.Tuple:
		return container("(", v, ")", "tuple")
	case *pickle.Set:
		return container("{", v.Items, "}", "set")
	case *pickle.Dict:
		return dictRepr(v)
	}
	return fmt.Sprintf("<%T>", v)
}

// plain is repr without the quotes of a string.
func plain(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return repr(v)
}

func quoted(s string) string {
	q := strconv.Quote(s)
	if strings.Contains(s, "'") {
		return q
	}
	return "'" + strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`) + "'"
}

func short(s, instead string) string {
	if len(s) > longest {
		return instead
	}
	return s
}

func container(open string, items []any, end, kind string) string {
	parts := make([]string, 0, longest/3)
	for _, item := range items[:min(len(items), longest/3)] {
		parts = append(parts, nested(item))
	}
	return fit(open, parts, end, kind, len(items))
}

func dictRepr(d *pickle.Dict) string {
	parts := make([]string, 0, longest/3)
	for i := range d.Keys[:min(len(d.Keys), longest/3)] {
		parts = append(parts, nested(d.Keys[i])+": "+nested(d.Values[i]))
	}
	return fit("{", parts, "}", "dict", len(d.Keys))
}

// nested is repr for what is inside a container: no container again, which
// might hold itself, or one twice that holds one twice, and so on.
func nested(v any) string {
	switch v := v.(type) {
	case *pickle.List, pickle.Tuple, *pickle.Dict, *pickle.Set:
		return "…"
	case *pickle.Object:
		if v.Class.Module == "builtins" {
			return v.Class.Name + "(…)"
		}
	}
	return repr(v)
}

// fit joins the parts of a container of n elements, or says only how many.
func fit(open string, parts []string, end, kind string, n int) string {
	instead := fmt.Sprintf("<%s of %d>", kind, n)
	if len(parts) < n {
		return instead
	}
	return short(open+strings.Join(parts, ", ")+end, instead)
}

// arrayRepr is an array's type and shape, or its one element.
func arrayRepr(a *pickle.Array) string {
	if a.Len() == 1 && len(a.Shape) < 2 {
		if i, err := a.Ints(); err == nil && a.Dtype.Kind != 'f' {
			return strconv.FormatInt(i[0], 10)
		}
		if f, err := a.Floats(); err == nil {
			return string(python.AppendFloat(nil, f[0], 64))
		}
	}
	shape := make([]string, len(a.Shape))
	for i, n := range a.Shape {
		shape[i] = strconv.Itoa(n)
	}
	return fmt.Sprintf("%s(%s)", dtypeName(a.Dtype), strings.Join(shape, "×"))
}

func dtypeName(d pickle.Dtype) string {
	names := map[byte]string{'b': "bool", 'i': "int", 'u': "uint", 'f': "float", 'c': "complex", 'O': "object", 'U': "str", 'S': "bytes"}
	name, ok := names[d.Kind]
	switch {
	case !ok:
		return "array"
	case strings.IndexByte("iufc", d.Kind) >= 0:
		return name + strconv.Itoa(8*d.Size)
	}
	return name
}

// typeName is the Python type of a decoded value.
func typeName(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		return "bool"
	case int64, *big.Int:
		return "int"
	case float64, float32:
		return "float"
	case string:
		return "str"
	case []byte:
		return "bytes"
	case *pickle.List:
		return "list"
	case pickle.Tuple:
		return "tuple"
	case *pickle.Set:
		return "set"
	case *pickle.Dict:
		return "dict"
	case *pickle.Array:
		return "numpy.ndarray"
	case pickle.Global:
		return v.String()
	case *pickle.Object:
		return v.Class.String()
	}
	return fmt.Sprintf("%T", v)
}

// elements returns the elements of a list, tuple or array of objects or text.
func elements(v any) []any {
	switch v := v.(type) {
	case *pickle.List:
		return v.Items
	case pickle.Tuple:
		return v
	case *pickle.Array:
		return v.Objects
	}
	return nil
}
