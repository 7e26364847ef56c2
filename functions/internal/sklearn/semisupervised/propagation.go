package semisupervised

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/neighbors"
	"brine/functions/internal/sklearn/pairwise"
)

// propagation adds up the label distributions of the training rows, of the
// nearest ones or each by its kernel, and scales them to add up to 1.
// Source: sklearn/semi_supervised/_label_propagation.py, BaseLabelPropagation.
type propagation struct {
	name          string
	features      int
	classes       *frame.Classes
	distributions numpy.Matrix // training rows × classes
	nearest       *neighbors.Nearest
	kernel        func(dst, q []float64) // where nearest is nil
}

func newPropagation(o *estimator.Object) (estimator.Estimator, error) {
	p := &propagation{
		name: o.Name(), features: o.Features(), classes: o.Classes("classes_"),
		distributions: o.Matrix("label_distributions_"),
	}
	kind, ok := o.Get("kernel").(string)
	if err := o.Err(); err != nil {
		return nil, err
	}
	if !ok {
		return nil, o.Refuse("kernel is %s: a callable kernel needs Python", estimator.Describe(o.Get("kernel")))
	}
	rows, err := p.readKernel(o, kind)
	if err != nil {
		return nil, err
	}
	if p.distributions.Rows != rows || p.distributions.Cols != p.classes.Len() || rows == 0 || p.classes.Len() == 0 {
		return nil, o.Refuse("label_distributions_ does not fit its %d training rows and %d classes", rows, p.classes.Len())
	}
	return p, nil
}

// readKernel returns the number of training rows.
func (p *propagation) readKernel(o *estimator.Object, kind string) (rows int, err error) {
	switch kind {
	case "knn":
		child := o.Object("nn_fit")
		if err := o.Err(); err != nil {
			return 0, err
		}
		if p.nearest, err = neighbors.NewNearest(child); err != nil {
			return 0, err
		}
		if p.nearest.Features() != p.features {
			return 0, child.Refuse("takes %d features, expected %d", p.nearest.Features(), p.features)
		}
		return p.nearest.Size(), nil
	case "rbf":
		x, gamma := o.Dense("X_"), o.Float("gamma")
		if err := o.Err(); err != nil {
			return 0, err
		}
		if x.Cols != p.features {
			return 0, o.Refuse("X_ has %d features, expected %d", x.Cols, p.features)
		}
		p.kernel, err = pairwise.NewKernel("rbf", pairwise.KernelParams{Gamma: gamma}, x)
		return x.Rows, err
	}
	return 0, o.Refuse("kernel=%q is not supported", kind)
}

func (p *propagation) Inputs() []frame.Kind    { return estimator.AllNumbers(p.features) }
func (p *propagation) Outputs() int            { return 1 }
func (p *propagation) Classes() *frame.Classes { return p.classes }

// Predict returns the most probable class.
func (p *propagation) Predict(x *frame.Frame) ([]frame.Column, error) {
	proba, err := p.PredictProba(x)
	if err != nil {
		return nil, err
	}
	return []frame.Column{estimator.ArgMax(proba, p.classes)}, nil
}

// PredictProba implements estimator.Prober. It is NaN for a row that no
// training row is near to.
func (p *propagation) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, p.name); err != nil {
		return nil, err
	}
	n := p.classes.Len()
	sums := x.Floats(x.Rows * n)
	if err := p.spread(x, sums); err != nil {
		return nil, err
	}
	for r := range x.Rows {
		row := sums[r*n : (r+1)*n]
		total := numpy.Sum(row)
		for k := range row {
			row[k] /= total
		}
	}
	return x.Numbers(sums, n), nil
}

// spread fills sums, rows × classes.
func (p *propagation) spread(x *frame.Frame, sums []float64) error {
	n := p.classes.Len()
	if p.nearest != nil {
		return p.nearest.Each(x, func(r int, nearest []int32) {
			for _, i := range nearest {
				add(sums[r*n:(r+1)*n], 1, p.distributions.Row(int(i)))
			}
		})
	}
	rows, kernels := estimator.RowsOf(x), x.Floats(p.distributions.Rows)
	for r := range x.Rows {
		p.kernel(kernels, rows.Row(r))
		for i, k := range kernels {
			add(sums[r*n:(r+1)*n], k, p.distributions.Row(i))
		}
	}
	return nil
}

func add(dst []float64, weight float64, values []float64) {
	for k, v := range values {
		dst[k] += float64(weight * v)
	}
}
