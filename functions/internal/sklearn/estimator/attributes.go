package estimator

import (
	"math/big"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
)

// Str returns an attribute that must be a string.
func (o *Object) Str(name string) string {
	v := o.Get(name)
	s, ok := v.(string)
	if !ok && o.err == nil {
		o.Fail(name, "must be a string, found %s", Describe(v))
	}
	return s
}

// Bool returns an attribute that must be a bool.
func (o *Object) Bool(name string) bool {
	v := o.Get(name)
	b, ok := v.(bool)
	if !ok && o.err == nil {
		o.Fail(name, "must be True or False, found %s", Describe(v))
	}
	return b
}

// Int returns an attribute that must be a whole number.
func (o *Object) Int(name string) int {
	v := o.Get(name)
	i, ok := v.(int64)
	if !ok && o.err == nil {
		o.Fail(name, "must be a whole number, found %s", Describe(v))
	}
	return int(i)
}

// Float returns an attribute that must be one number: a scalar or an array of
// one element.
func (o *Object) Float(name string) float64 {
	v := o.Get(name)
	if o.err != nil {
		return 0
	}
	if f, ok := Number(v); ok {
		return f
	}
	if a, ok := v.(*pickle.Array); ok && a.Len() == 1 {
		if f, err := a.Floats(); err == nil {
			return f[0]
		}
	}
	o.Fail(name, "must be a number, found %s", Describe(v))
	return 0
}

// Number converts a decoded scalar to float64; bools count as 0 and 1.
func Number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case float32:
		return float64(v), true
	case int64:
		return float64(v), true
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// List returns the elements of a list, tuple or object array.
func (o *Object) List(name string) []any {
	v := o.Get(name)
	switch v := v.(type) {
	case *pickle.List:
		return v.Items
	case pickle.Tuple:
		return v
	case *pickle.Array:
		if v.Dtype.Kind == 'O' {
			return v.Objects
		}
	}
	if o.err == nil {
		o.Fail(name, "must be a list, found %s", Describe(v))
	}
	return nil
}

// Array returns an attribute that must be an array; see Floats and Matrix for
// the common cases.
func (o *Object) Array(name string) *pickle.Array {
	v := o.Get(name)
	a, ok := v.(*pickle.Array)
	if !ok {
		if o.err == nil {
			o.Fail(name, "must be an array, found %s", Describe(v))
		}
		return &pickle.Array{Shape: []int{0}, Dtype: pickle.Dtype{Kind: 'f', Size: 8}}
	}
	return a
}

// Floats returns a numeric array of any shape in C order, a list of numbers,
// or a single number as one element.
func (o *Object) Floats(name string) []float64 {
	v := o.Get(name)
	if o.err != nil {
		return nil
	}
	switch v := v.(type) {
	case *pickle.Array:
		f, err := v.Floats()
		if err != nil {
			o.Fail(name, "%v", err)
		}
		return f
	case *pickle.List:
		return o.numbers(name, v.Items)
	case pickle.Tuple:
		return o.numbers(name, v)
	}
	return o.numbers(name, []any{v})
}

func (o *Object) numbers(name string, items []any) []float64 {
	out := make([]float64, len(items))
	for i, item := range items {
		f, ok := Number(item)
		if !ok {
			o.Fail(name, "must hold numbers, found %s", Describe(item))
			return nil
		}
		out[i] = f
	}
	return out
}

// Double refuses an attribute of floats of less than 64 bits, or of arrays of
// them: the model was fitted on float32, and why says what scikit-learn then
// does otherwise. Where it only adds them to float64 or multiplies them with
// it, the numbers are the same and there is nothing to refuse.
func (o *Object) Double(name, why string) {
	if bits := narrow(o.Get(name)); bits != 0 && o.err == nil {
		o.err = o.Refuse("it was fitted on float%d: %s", bits, why).WithHint("Fit it on float64")
	}
}

// narrow is the size of floats of less than 64 bits, 0 if v holds none.
func narrow(v any) int {
	var items []any
	switch v := v.(type) {
	case float32:
		return 32
	case *pickle.Array:
		if v.Dtype.Kind == 'f' && v.Dtype.Size < 8 {
			return 8 * v.Dtype.Size
		}
	case *pickle.List:
		items = v.Items
	case pickle.Tuple:
		items = v
	}
	for _, item := range items {
		switch item.(type) {
		case float32, *pickle.Array:
			if bits := narrow(item); bits != 0 {
				return bits
			}
		}
	}
	return 0
}

// Ints returns a numeric array of any shape in C order as whole numbers.
func (o *Object) Ints(name string) []int {
	a := o.Array(name)
	if o.err != nil {
		return nil
	}
	ints, err := a.Ints()
	if err != nil {
		o.Fail(name, "%v", err)
		return nil
	}
	out := make([]int, len(ints))
	for i, v := range ints {
		out[i] = int(v)
	}
	return out
}

// Matrix returns a numeric array of two dimensions; one of one dimension
// becomes a single row.
func (o *Object) Matrix(name string) numpy.Matrix {
	a := o.Array(name)
	if o.err != nil {
		return numpy.Matrix{}
	}
	return o.matrix(name, a)
}

func (o *Object) matrix(name string, a *pickle.Array) numpy.Matrix {
	data, err := a.Floats()
	if err != nil {
		o.Fail(name, "%v", err)
		return numpy.Matrix{}
	}
	switch len(a.Shape) {
	case 1:
		return numpy.Matrix{Rows: 1, Cols: a.Shape[0], Data: data}
	case 2:
		return numpy.Matrix{Rows: a.Shape[0], Cols: a.Shape[1], Data: data}
	}
	o.Fail(name, "must have two dimensions, found shape %v", a.Shape)
	return numpy.Matrix{}
}

// mostFeatures bounds what a damaged model can have allocated for its features.
const mostFeatures = 1 << 21

// Features returns n_features_in_.
func (o *Object) Features() int {
	n := o.Int("n_features_in_")
	if n < 0 || n > mostFeatures {
		o.Fail("n_features_in_", "is %d, which no model has", n)
		return 0
	}
	if !o.Spend(n) { // for what is kept of each, which the file need not hold
		return 0
	}
	return n
}

// FeatureNames returns feature_names_in_, or nil where the model was fitted
// without names.
func (o *Object) FeatureNames() []string {
	name := "feature_names_in_"
	if o.Before(1, 0) {
		name = "_feature_names_in" // of a ColumnTransformer, which alone kept them
	}
	if !o.Has(name) {
		return nil
	}
	names, err := o.Array(name).Strings()
	if err != nil {
		o.Fail(name, "%v", err)
	}
	return names
}

// Classes returns an attribute that must be a one-dimensional array of class
// labels.
func (o *Object) Classes(name string) *frame.Classes {
	a := o.Array(name)
	if o.err != nil {
		return &frame.Classes{}
	}
	c, err := ClassesOf(a)
	if err != nil {
		o.Fail(name, "%v", err)
		return &frame.Classes{}
	}
	return c
}
