package kernelapproximation

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// sketch is the circular convolution of several count sketches of a row, which
// scikit-learn computes as a product of Fourier transforms.
// Source: sklearn/kernel_approximation.py, PolynomialCountSketch.transform.
type sketch struct {
	name         string
	features     int
	components   int
	degree       int
	scale, extra float64 // what features are multiplied by; the feature added to them, if not 0
	index        []int   // degree × features: the component that a feature counts in
	sign         []float64
}

func newSketch(o *estimator.Object) (estimator.Estimator, error) {
	s := &sketch{
		name: o.Name(), features: o.Features(), components: o.Int("n_components"), degree: o.Int("degree"),
		scale: math.Sqrt(o.Float("gamma")), extra: math.Sqrt(o.Float("coef0")),
		index: o.Ints("indexHash_"), sign: o.Floats("bitHash_"),
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	size := s.degree * s.width()
	if s.degree < 1 || s.components < 1 || s.components > 1<<20 || len(s.index) != size || len(s.sign) != size {
		return nil, o.Refuse("its hashes do not fit degree %d and %d features", s.degree, s.features)
	}
	if !o.Columns(s.components) || !o.Compute(s.degree, s.width(), s.components) {
		return nil, o.Err()
	}
	for _, i := range s.index {
		if i < 0 || i >= s.components {
			return nil, o.Refuse("indexHash_ holds %d, with %d components", i, s.components)
		}
	}
	return s, nil
}

// width is the number of features that are hashed.
func (s *sketch) width() int {
	if s.extra != 0 {
		return s.features + 1
	}
	return s.features
}

// Inputs implements estimator.Estimator.
func (s *sketch) Inputs() []frame.Kind { return estimator.AllNumbers(s.features) }

// Transform implements estimator.Transformer. scikit-learn's Fourier transforms
// leave as much noise in a component that is 0 for every row, or next to it, as in
// the largest: hence the shaking.
func (s *sketch) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, s.name); err != nil {
		return nil, err
	}
	rows, n := estimator.RowsOf(x), s.components
	out, count, product := x.Floats(x.Rows*n), x.Floats(n), x.Floats(n)
	sizes := x.Floats(x.Rows) // what a row's transforms add up to is bounded by the product of its sketches' norms
	for r := range x.Rows {
		total := out[r*n : (r+1)*n]
		s.count(total, rows.Row(r), 0)
		sizes[r] = math.Sqrt(numpy.Dot(total, total))
		for d := 1; d < s.degree; d++ {
			s.count(count, rows.Row(r), d)
			sizes[r] *= math.Sqrt(numpy.Dot(count, count))
			convolve(product, total, count)
			copy(total, product)
		}
	}
	y := x.Numbers(out, n)
	estimator.Shake(y, slices.Repeat([][]float64{sizes}, n))
	return y, nil
}

// count fills dst with the d-th count sketch of a row.
func (s *sketch) count(dst, row []float64, d int) {
	clear(dst)
	index, sign := s.index[d*s.width():], s.sign[d*s.width():]
	for j, v := range row {
		dst[index[j]] += float64(sign[j] * float64(s.scale*v))
	}
	if s.extra != 0 {
		dst[index[len(row)]] += float64(sign[len(row)] * s.extra)
	}
}

// convolve fills dst with the circular convolution of a and b. Sketches of
// few features have few elements that are not 0.
func convolve(dst, a, b []float64) {
	clear(dst)
	n := len(dst)
	for j, w := range b {
		if w == 0 {
			continue
		}
		for i, v := range a[:n-j] {
			dst[i+j] += float64(v * w)
		}
		for i, v := range a[n-j:] {
			dst[i] += float64(v * w)
		}
	}
}
