package decomposition

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// KernelProjection is the part of a fitted KernelPCA that follows the kernels
// of a row with the training rows: centred, they are projected.
type KernelProjection struct {
	centerer *centerer
	weights  numpy.Matrix // components × training rows
}

// noise is the ratio of eigenvalues beyond which a component is mostly what
// rounding left of it.
const noise = 1e10

// NewKernelProjection reads it from a KernelPCA of n training rows.
// Source: sklearn/decomposition/_kernel_pca.py, KernelPCA.transform.
func NewKernelProjection(o *estimator.Object, n int) (*KernelProjection, error) {
	values, vectors := "eigenvalues_", "eigenvectors_"
	if !o.Has(values) {
		values, vectors = "lambdas_", "alphas_" // up to 0.24
	}
	lambda, alpha, child := o.Floats(values), o.Matrix(vectors), o.Object("_centerer")
	o.Double(values, "it scales its eigenvectors in that precision")
	o.Double(vectors, "it scales its eigenvectors in that precision")
	if err := o.Err(); err != nil {
		return nil, err
	}
	c, err := readCenterer(child, n)
	if err != nil {
		return nil, err
	}
	if alpha.Rows != n || alpha.Cols != len(lambda) || len(lambda) == 0 {
		return nil, o.Refuse("its training rows, eigenvalues and eigenvectors do not fit together")
	}
	p := &KernelProjection{c, alpha.T()}
	for k, v := range lambda {
		if v != 0 && lambda[0]/v > noise {
			return nil, o.Refuse("its component %d has an eigenvalue of %.1e, where the first has %.1e: it is lost in rounding", k, v, lambda[0]).
				WithHint("Fit with fewer components (n_components)")
		}
		for i := range p.weights.Row(k) {
			if v == 0 {
				p.weights.Row(k)[i] = 0
			} else {
				p.weights.Row(k)[i] /= math.Sqrt(v)
			}
		}
	}
	return p, nil
}

// Components is the number of components.
func (p *KernelProjection) Components() int { return p.weights.Rows }

// Project sets out, an element a component, from the kernels of a row with the
// training rows, which it overwrites.
func (p *KernelProjection) Project(out, kernels []float64) {
	p.centerer.centre(kernels)
	for k := range out {
		out[k] = numpy.Dot(kernels, p.weights.Row(k))
	}
}

// centerer is KernelCenterer: its features are the kernels of a row with the
// training rows.
// Source: sklearn/preprocessing/_data.py, KernelCenterer.transform.
type centerer struct {
	name  string
	means []float64 // K_fit_rows_
	mean  float64   // K_fit_all_
}

func newKernelCenterer(o *estimator.Object) (estimator.Estimator, error) {
	n := len(o.Floats("K_fit_rows_"))
	if !o.Before(1, 0) { // before, it did not count its features
		n = o.Features()
	}
	c, err := readCenterer(o, n)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// readCenterer reads a centerer of n training rows.
func readCenterer(o *estimator.Object, n int) (*centerer, error) {
	c := &centerer{o.Name(), o.Floats("K_fit_rows_"), o.Float("K_fit_all_")}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(c.means) != n || n == 0 {
		return nil, o.Refuse("K_fit_rows_ has %d numbers for %d training rows", len(c.means), n)
	}
	return c, nil
}

func (c *centerer) centre(kernels []float64) {
	own := numpy.Sum(kernels) / float64(len(kernels))
	for i, mean := range c.means {
		kernels[i] = kernels[i] - mean - own + c.mean
	}
}

// Inputs implements estimator.Estimator.
func (c *centerer) Inputs() []frame.Kind { return estimator.AllNumbers(len(c.means)) }

// Transform implements estimator.Transformer.
func (c *centerer) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, c.name); err != nil {
		return nil, err
	}
	cells, n := x.RowMajor(), len(c.means)
	for r := range x.Rows {
		c.centre(cells[r*n : (r+1)*n])
	}
	return x.Numbers(cells, n), nil
}
