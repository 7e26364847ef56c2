package preprocessing

import (
	"math"
	"strings"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// ufuncs are the numpy functions of one number that FunctionTransformer may
// call, by the name that they are pickled under. Those that numpy does not
// round correctly agree to the last place or two.
var ufuncs = map[string]func(float64) float64{
	"absolute": math.Abs,
	"arcsinh":  math.Asinh,
	"arctan":   math.Atan,
	"cbrt":     math.Cbrt,
	"ceil":     math.Ceil,
	"cos":      math.Cos,
	"cosh":     math.Cosh,
	"exp":      numpy.Exp,
	"exp2":     math.Exp2,
	"expm1":    math.Expm1,
	"fabs":     math.Abs,
	"floor":    math.Floor,
	"log":      numpy.Log,
	"log10":    log10,
	"log1p":    math.Log1p,
	"log2":     log2,
	"negative": func(v float64) float64 { return -v },
	"rint":     math.RoundToEven,
	"sign":     sign,
	"sin":      math.Sin,
	"sinh":     math.Sinh,
	"sqrt":     math.Sqrt,
	"square":   func(v float64) float64 { return v * v },
	"tan":      math.Tan,
	"tanh":     math.Tanh,
	"trunc":    math.Trunc,
}

// wraps are the least whole numbers of which an int64 or uint64 column, which a
// table of whole numbers is to numpy, does not hold the result.
var wraps = map[string]float64{
	"square":   3037000500, // above the root of 2^63
	"negative": 1 << 63,
}

// log2 keeps its relative precision around 1, which math.Log2 does not.
func log2(v float64) float64 {
	if fraction, exponent := math.Frexp(v); fraction == 0.5 {
		return float64(exponent - 1)
	}
	return numpy.Log(v) / math.Ln2
}

// log10 is as precise around 1, and exact for powers of ten.
func log10(v float64) float64 {
	y := numpy.Log(v) / math.Ln10
	if whole := math.Round(y); math.Abs(whole) < 23 && math.Pow10(int(whole)) == v {
		return whole
	}
	return y
}

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return v
}

// function is FunctionTransformer.
// Source: sklearn/preprocessing/_function_transformer.py.
type function struct {
	class    string
	inputs   []frame.Kind
	validate bool
	forward  call
	inverse  call
}

// call is one of its two functions. A function that would need Python is an
// error only where scikit-learn would call it.
type call struct {
	name string                // of the numpy function, "" for the identity
	f    func(float64) float64 // nil where the table is not even checked
	err  error
}

func newFunctionTransformer(o *estimator.Object) (estimator.Estimator, error) {
	if !o.Has("n_features_in_") { // before 1.1, unless validate=True
		return nil, o.Refuse("does not say how many features it takes").
			WithHint("Train the model again with scikit-learn 1.1 or newer")
	}
	t := &function{
		class: o.Name(), validate: o.Bool("validate"),
		forward: newCall(o, "func", "kw_args"), inverse: newCall(o, "inverse_func", "inv_kw_args"),
		inputs: estimator.AllNumbers(o.Features()),
	}
	if t.forward.f == nil && t.forward.err == nil && !t.validate {
		for i := range t.inputs {
			t.inputs[i] = frame.Any
		}
	}
	return t, o.Err()
}

func newCall(o *estimator.Object, name, kwArgs string) call {
	if !o.Has(name) {
		return call{}
	}
	fn := o.Get(name)
	if checksOnly(fn) {
		return call{f: func(v float64) float64 { return v }}
	}
	module, bare := functionName(fn)
	f, ok := ufuncs[bare]
	if !ok || module != "numpy" {
		return call{err: o.Refuse("%s calls %s, which needs Python", name, estimator.Describe(fn)).
			WithHint("numpy functions of one number, such as numpy.log1p, are known by name")}
	}
	if d, ok := o.Raw().Attr(kwArgs); ok && d != nil {
		if d, ok := d.(*pickle.Dict); !ok || len(d.Keys) > 0 {
			return call{err: o.Refuse("%s is not supported", kwArgs)}
		}
	}
	return call{name: bare, f: f}
}

// checksOnly tells the call of check_array that leaves numbers as they are: the
// one that histogram gradient boosting has for its numeric features.
func checksOnly(fn any) bool {
	p, ok := fn.(*pickle.Object)
	if !ok || p.Class != (pickle.Global{Module: "functools", Name: "partial"}) {
		return false
	}
	state, ok := p.State.(pickle.Tuple) // function, arguments, named arguments, attributes
	if !ok || len(state) != 4 || state[3] != nil || state[0] != any(pickle.Global{Module: "sklearn.utils.validation", Name: "check_array"}) {
		return false
	}
	named, ok := state[2].(*pickle.Dict)
	if args, is := state[1].(pickle.Tuple); !ok || !is || len(args) > 0 {
		return false
	}
	for i, key := range named.Keys {
		switch v := named.Values[i]; key {
		case "dtype":
			list, ok := v.(*pickle.List)
			if !ok || len(list.Items) != 1 || list.Items[0] != any(pickle.Global{Module: "numpy", Name: "float64"}) {
				return false
			}
		case "force_all_finite", "ensure_all_finite":
			if v != false {
				return false
			}
		default:
			return false
		}
	}
	return len(named.Keys) == 2
}

// functionName returns the outer module and the name of a pickled function. An
// old numpy pickles a ufunc as a call that looks it up.
func functionName(v any) (module, name string) {
	switch v := v.(type) {
	case pickle.Global:
		module, name = v.Module, v.Name
	case *pickle.Object:
		if v.Class.Name == "_ufunc_reconstruct" && len(v.Args) == 2 {
			module, _ = v.Args[0].(string)
			name, _ = v.Args[1].(string)
		}
	}
	module, _, _ = strings.Cut(module, ".")
	return module, name
}

// Inputs are numbers, or anything where the columns pass through.
func (t *function) Inputs() []frame.Kind { return t.inputs }

// Transform calls func.
func (t *function) Transform(x *frame.Frame) (*frame.Frame, error) { return t.apply(x, t.forward) }

// Inverse calls inverse_func.
func (t *function) Inverse(x *frame.Frame) (*frame.Frame, error) { return t.apply(x, t.inverse) }

func (t *function) apply(x *frame.Frame, c call) (*frame.Frame, error) {
	if c.err != nil {
		return nil, c.err
	}
	if t.validate {
		if err := estimator.CheckFinite(x, t.class); err != nil {
			return nil, err
		}
	}
	if c.f == nil {
		return x, nil
	}
	cols := make([]frame.Column, len(x.Cols))
	for i := range cols {
		if err := c.check(t.class, &x.Cols[i]); err != nil {
			return nil, err
		}
		cols[i] = x.NumberColumn(x.Cols[i].Name)
		for r, v := range x.Cols[i].Num {
			cols[i].Num[r] = c.f(v)
		}
	}
	out := x.With(cols)
	out.Sparse, out.Single = x.Sparse, x.Single
	return out, nil
}

// check refuses the cells of which numpy makes other numbers where it does not
// hold them as floats.
func (c call) check(class string, col *frame.Column) error {
	if c.name != "" && col.Narrow {
		e := job.Invalid("%s: numpy.%s makes no float64 of bools and of whole numbers of 8 or 16 bits", class, c.name).
			WithHint("Write True and False as 1 and 0, or give an encoder in front dtype=float64")
		e.Row, e.Column = int64(min(1, len(col.Num))), col.Name
		return e
	}
	least, ok := wraps[c.name]
	if !ok {
		return nil
	}
	for r, v := range col.Num {
		if size := math.Abs(v); size >= least && size < 1<<64 && size == math.Trunc(size) {
			e := job.Invalid("%s: numpy.%s of a whole number this large does not fit a column of whole numbers", class, c.name).
				WithHint("Scale the column in front of the function, in a pipeline")
			e.Row, e.Column = int64(r)+1, col.Name
			return e
		}
	}
	return nil
}
