package svm

import (
	"math"

	"brine/functions/internal/numpy"
)

// rough decides faster than libsvm and a little off, which is enough for a
// label where no decision is near 0.
type rough interface {
	// decide fills pairs with the decisions of x, and reports whether it is sure
	// of the signs that libsvm's have. kernels is scratch.
	decide(pairs, kernels, x []float64) bool
}

// newRough returns nil where there is nothing faster.
func newRough(c *classifier, kernel string, gamma float64) rough {
	switch {
	case kernel == "rbf" && gamma > 0:
		return newRadial(c, gamma)
	case kernel == "linear" && len(c.intercept) <= c.vectors.Rows:
		return newFolded(c)
	}
	return nil
}

// radial is for the kernel rbf: by ‖x−y‖² = ‖x‖² − 2 x·y + ‖y‖², by sums in any
// order, and by an exponential of fewer terms.
type radial struct {
	*classifier
	gamma   float64
	columns [][]float64 // the support vectors, feature by feature
	norms   []float64   // ‖y‖² of each
	longest float64     // the largest of norms
	weights []float64   // of each pair of classes: the absolute values of its coefficients and intercept
}

func newRadial(c *classifier, gamma float64) *radial {
	r := &radial{classifier: c, gamma: gamma, norms: make([]float64, c.vectors.Rows), weights: make([]float64, len(c.intercept))}
	columns := c.vectors.T()
	for j := range columns.Rows {
		r.columns = append(r.columns, columns.Row(j))
	}
	for i := range r.norms {
		r.norms[i] = numpy.Dot(c.vectors.Row(i), c.vectors.Row(i))
		r.longest = max(r.longest, r.norms[i])
	}
	c.eachPair(func(p int, i, j []float64, _, _ int) {
		r.weights[p] = math.Abs(c.intercept[p]) + magnitude(i) + magnitude(j)
	})
	return r
}

func magnitude(x []float64) (sum float64) {
	for _, v := range x {
		sum += math.Abs(v)
	}
	return sum
}

// kernels fills dst with the kernels of x and all support vectors, and returns
// how far off each may be from libsvm's.
//
// Sums of n terms are off by less than n roundings of ‖x‖² + ‖y‖²; the
// exponential adds no more than one part in 10¹¹. No kernel is above 1.
func (r *radial) kernels(dst, x []float64) (off float64) {
	norm := numpy.Dot(x, x)
	off = r.gamma * (norm + r.longest) * float64(len(x)+8) * 0x1p-50
	if !(off < 1e-4) {
		return math.Inf(1)
	}
	clear(dst)
	numpy.Combine(dst, r.columns, x)
	for i, y := range r.norms[:len(dst)] {
		dst[i] = r.gamma * (float64(2*dst[i]) - (norm + y))
	}
	numpy.RoughExp(dst)
	return off + 1e-11
}

func (r *radial) decide(pairs, kernels, x []float64) bool {
	off := r.kernels(kernels, x) + float64(len(kernels)+8)*0x1p-51
	if math.IsInf(off, 1) {
		return false
	}
	sure := true
	r.eachPair(func(p int, i, j []float64, iAt, jAt int) {
		pairs[p] = numpy.Dot(i, kernels[iAt:]) + numpy.Dot(j, kernels[jAt:]) + r.intercept[p]
		sure = sure && math.Abs(pairs[p]) > off*r.weights[p]
	})
	return sure
}

// folded is for the kernel linear: the support vectors of a pair of classes,
// weighed by its coefficients, add up to one vector.
type folded struct {
	*classifier
	sums       numpy.Matrix // pairs × features
	magnitudes numpy.Matrix // the same sums of absolute values
}

func newFolded(c *classifier) *folded {
	zeros := func() numpy.Matrix {
		n := len(c.intercept)
		return numpy.Matrix{Rows: n, Cols: c.features, Data: make([]float64, n*c.features)}
	}
	f := &folded{classifier: c, sums: zeros(), magnitudes: zeros()}
	c.eachPair(func(p int, i, j []float64, iAt, jAt int) {
		f.add(p, i, iAt)
		f.add(p, j, jAt)
	})
	return f
}

func (f *folded) add(p int, coef []float64, at int) {
	sums, magnitudes := f.sums.Row(p), f.magnitudes.Row(p)
	for i, c := range coef {
		for j, v := range f.vectors.Row(at + i) {
			sums[j] += float64(c * v)
			magnitudes[j] += math.Abs(float64(c * v))
		}
	}
}

// decide knows that both its sums and libsvm's are off by less than one rounding
// of the sum of all terms' absolute values for each feature and support vector.
func (f *folded) decide(pairs, _, x []float64) bool {
	const underflow = 1e-280
	off := float64(f.features+f.vectors.Rows+8) * 0x1p-51
	for p, b := range f.intercept {
		pairs[p] = numpy.Dot(f.sums.Row(p), x) + b
		terms := math.Abs(b)
		for j, m := range f.magnitudes.Row(p) {
			terms += float64(m * math.Abs(x[j]))
		}
		if !(math.Abs(pairs[p]) > off*terms+underflow) {
			return false
		}
	}
	return true
}
