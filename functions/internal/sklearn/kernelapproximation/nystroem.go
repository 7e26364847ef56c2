package kernelapproximation

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// nystroem is the kernels of a row with some training rows, times a matrix.
// Source: sklearn/kernel_approximation.py, Nystroem.transform.
type nystroem struct {
	name          string
	rows          numpy.Matrix
	fill          func(dst, q []float64)
	normalization numpy.Matrix
	check         func(x *frame.Frame, class string) error
}

// largest is the weight beyond which an output is mostly what rounding left of it.
const largest = 1e5

func newNystroem(o *estimator.Object) (estimator.Estimator, error) {
	n := &nystroem{
		name: o.Name(), rows: o.Dense("components_"), normalization: o.Matrix("normalization_"), check: estimator.CheckFinite,
	}
	features := o.Features()
	kernel, ok := o.Get("kernel").(string)
	p := pairwise.KernelParams{Gamma: math.NaN(), Degree: 3, Coef0: 1}
	for name, to := range map[string]*float64{"gamma": &p.Gamma, "degree": &p.Degree, "coef0": &p.Coef0} {
		if o.Has(name) {
			*to = o.Float(name)
		}
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if !ok || o.Has("kernel_params") {
		return nil, o.Refuse("kernel is %s with kernel_params: only scikit-learn's own kernels are supported", estimator.Describe(o.Get("kernel")))
	}
	k := n.rows.Rows
	if k == 0 || n.rows.Cols != features || n.normalization.Rows != k || n.normalization.Cols != k {
		return nil, o.Refuse("components_ and normalization_ do not fit its %d features", features)
	}
	for _, v := range n.normalization.Data {
		if math.Abs(v) > largest {
			return nil, o.Refuse("normalization_ has a weight of %.1e: its output is lost in rounding", v).
				WithHint("Fit with fewer components (n_components) or another gamma")
		}
	}
	if !pairwise.TakesNegative(kernel) {
		n.check = estimator.CheckNotNegative
	}
	var err error
	if n.fill, err = pairwise.NewKernel(kernel, p, n.rows); err != nil {
		return nil, o.Refuse("%v", err)
	}
	return n, nil
}

// Inputs implements estimator.Estimator.
func (n *nystroem) Inputs() []frame.Kind { return estimator.AllNumbers(n.rows.Cols) }

// Transform implements estimator.Transformer.
func (n *nystroem) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := n.check(x, n.name); err != nil {
		return nil, err
	}
	k := n.rows.Rows
	rows, kernels, out := estimator.RowsOf(x), x.Floats(k), x.Floats(x.Rows*k)
	for r := range x.Rows {
		n.fill(kernels, rows.Row(r))
		for i := range k {
			out[r*k+i] = numpy.Dot(kernels, n.normalization.Row(i))
		}
	}
	return x.Numbers(out, k), nil
}
