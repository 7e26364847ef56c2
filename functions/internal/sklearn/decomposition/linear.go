// Package decomposition has the transformers of sklearn.decomposition that map
// rows to components.
package decomposition

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of sklearn.decomposition, and KernelCenterer.
var Classes = estimator.Registry{
	"sklearn.decomposition.DictionaryLearning":          newDictionaryLearning,
	"sklearn.decomposition.FactorAnalysis":              newFactorAnalysis,
	"sklearn.decomposition.FastICA":                     newFastICA,
	"sklearn.decomposition.IncrementalPCA":              newPCA,
	"sklearn.decomposition.KernelPCA":                   newKernelPCA,
	"sklearn.decomposition.LatentDirichletAllocation":   newTopics,
	"sklearn.decomposition.MiniBatchDictionaryLearning": newDictionaryLearning,
	"sklearn.decomposition.MiniBatchNMF":                refuseNMF,
	"sklearn.decomposition.MiniBatchSparsePCA":          newSparsePCA,
	"sklearn.decomposition.NMF":                         refuseNMF,
	"sklearn.decomposition.PCA":                         newPCA,
	"sklearn.decomposition.SparseCoder":                 newSparseCoder,
	"sklearn.decomposition.SparsePCA":                   newSparsePCA,
	"sklearn.decomposition.TruncatedSVD":                newTruncatedSVD,
	"sklearn.preprocessing.KernelCenterer":              newKernelCenterer,
}

// Linear is (x - Mean)·Weightsᵀ / Scale; nil parts are left out.
type Linear struct {
	Name    string
	Weights numpy.Matrix // components × features
	Mean    []float64    // of each feature
	// Late is taken off the product, in place of Mean off the features.
	Late  []float64 // of each component
	Scale []float64 // of each component
	// Sparse says that a sparse table stays sparse.
	Sparse bool
	// magnitudes are those of Weights, if a component may be nothing but rounding.
	magnitudes numpy.Matrix
}

// NewLinear checks the shapes.
func NewLinear(o *estimator.Object, l Linear) (*Linear, error) {
	features := o.Features()
	if err := o.Err(); err != nil {
		return nil, err
	}
	l.Name = o.Name()
	n := l.Weights.Rows
	if n == 0 || l.Weights.Cols != features || l.Mean != nil && len(l.Mean) != features || l.Scale != nil && len(l.Scale) != n {
		return nil, o.Refuse("its components do not fit its %d features", features)
	}
	return &l, nil
}

// Inputs implements estimator.Estimator.
func (l *Linear) Inputs() []frame.Kind { return estimator.AllNumbers(l.Weights.Cols) }

// TakesSparse implements estimator.SparseTaker.
func (l *Linear) TakesSparse() bool { return l.Mean == nil }

// Transform implements estimator.Transformer.
func (l *Linear) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, l.Name); err != nil {
		return nil, err
	}
	centred := x
	if l.Mean != nil {
		centred = estimator.Standardized(x, l.Mean, nil)
	}
	out := estimator.Combined(centred, l.Weights)
	for k, c := range out.Cols {
		if l.Late != nil {
			for r := range c.Num {
				c.Num[r] -= l.Late[k]
			}
		}
		if l.Scale != nil {
			for r := range c.Num {
				c.Num[r] /= l.Scale[k]
			}
		}
	}
	if l.magnitudes.Data != nil {
		estimator.Shake(out, l.sizes(centred))
	}
	out.Sparse = l.Sparse && x.Sparse
	return out, nil
}

// sizes are what the magnitudes of the terms add up to, column by column.
func (l *Linear) sizes(centred *frame.Frame) [][]float64 {
	sizes := estimator.Combined(centred.Mapped(abs), l.magnitudes).NumberCells()
	for k := range sizes {
		for r := range sizes[k] {
			if l.Late != nil {
				sizes[k][r] += math.Abs(l.Late[k])
			}
			if l.Scale != nil {
				sizes[k][r] /= l.Scale[k]
			}
		}
	}
	return sizes
}

func abs(dst, src []float64) {
	for i, v := range src {
		dst[i] = math.Abs(v)
	}
}

// doubt has rows shaken if rounding may have left a component too little of its
// variance, which may be given in any unit.
func (l *Linear) doubt(variances []float64) {
	if estimator.Lost(l.Weights, variances, faint) < 0 {
		return
	}
	l.magnitudes = l.Weights
	l.magnitudes.Data = make([]float64, len(l.Weights.Data))
	abs(l.magnitudes.Data, l.Weights.Data)
}

// newPCA reads a PCA or an IncrementalPCA. From 1.5 on the mean is taken off
// after the product, which is one of float32 if both are; so is the root of the
// variances in every version.
// Source: sklearn/decomposition/_base.py, _BasePCA.transform.
func newPCA(o *estimator.Object) (estimator.Estimator, error) {
	l := Linear{Weights: o.Matrix("components_")}
	if o.Has("mean_") {
		l.Mean = o.Floats("mean_")
		if !o.Before(1, 5) {
			o.Double("mean_", "it projects its mean in that precision")
		}
	}
	variances := o.Floats("explained_variance_")
	if o.Bool("whiten") {
		o.Double("explained_variance_", "it whitens in that precision")
		l.Scale = make([]float64, len(variances))
		for k, v := range variances {
			l.Scale[k] = math.Sqrt(v)
			if !o.Before(1, 5) {
				l.Scale[k] = max(l.Scale[k], 0x1p-52)
			}
		}
	}
	out, err := NewLinear(o, l)
	if err != nil {
		return nil, err
	}
	if len(variances) != out.Weights.Rows {
		return nil, o.Refuse("explained_variance_ does not fit its %d components", out.Weights.Rows)
	}
	if out.Scale != nil {
		if k := estimator.Lost(out.Weights, variances, cancelled); k >= 0 {
			return nil, lost(o, "whitens component %d, of which rounding left a variance of %.1e", k, variances[k])
		}
	}
	out.doubt(variances)
	if out.Mean != nil && !o.Before(1, 5) {
		for k := range out.Weights.Rows {
			out.Late = append(out.Late, numpy.Dot(out.Mean, out.Weights.Row(k)))
		}
		out.Mean = nil
	}
	return out, nil
}

// cancelled is how many deviations of a component the terms of a row's place on it may
// add up to: six digits are left. Rounding alone makes it 1e15 and more.
const cancelled = 1e10

// faint is the same for a component that is not divided by its deviation, unless
// by the step behind: ten digits are left.
const faint = 1e6

// lost refuses components that have no variance but rounding's: features follow
// from others.
func lost(o *estimator.Object, format string, args ...any) error {
	return o.Refuse(format, args...).WithHint("Fit with fewer components (n_components)")
}

// newTruncatedSVD has no mean.
// Source: sklearn/decomposition/_truncated_svd.py, TruncatedSVD.transform.
func newTruncatedSVD(o *estimator.Object) (estimator.Estimator, error) {
	squares := o.Floats("singular_values_")
	for k, v := range squares {
		squares[k] = v * v
	}
	out, err := NewLinear(o, Linear{Weights: o.Matrix("components_")})
	if err != nil {
		return nil, err
	}
	if len(squares) != out.Weights.Rows {
		return nil, o.Refuse("singular_values_ does not fit its %d components", out.Weights.Rows)
	}
	out.doubt(squares)
	return out, nil
}

// built keeps a nil pointer from becoming an Estimator.
func built(l *Linear, err error) (estimator.Estimator, error) {
	if err != nil {
		return nil, err
	}
	return l, nil
}

// newFastICA has a mean if it whitens.
// Source: sklearn/decomposition/_fastica.py, FastICA.transform.
func newFastICA(o *estimator.Object) (estimator.Estimator, error) {
	l := Linear{Weights: o.Matrix("components_")}
	if w := o.Get("whiten"); w == false {
		return built(NewLinear(o, l))
	}
	l.Mean = o.Floats("mean_")
	axes, variances := whitened(o.Matrix("whitening_"))
	out, err := NewLinear(o, l)
	if err != nil {
		return nil, err
	}
	if axes.Cols != l.Weights.Cols {
		return nil, o.Refuse("whitening_ does not fit its %d features", l.Weights.Cols)
	}
	if k := estimator.Lost(axes, variances, cancelled); k >= 0 {
		return nil, lost(o, "whitens an axis of which rounding left %.1e of the largest variance", variances[k]/slices.Max(variances))
	}
	return out, nil
}

// whitened returns the axes that a matrix (axes × features) whitens, and variances
// along them, all by the same factor.
func whitened(by numpy.Matrix) (axes numpy.Matrix, variances []float64) {
	axes, variances = by, make([]float64, by.Rows)
	axes.Data = slices.Clone(by.Data)
	for i := range variances {
		square := numpy.Dot(by.Row(i), by.Row(i))
		variances[i] = 1 / square
		for j := range axes.Row(i) {
			axes.Row(i)[j] /= math.Sqrt(square)
		}
	}
	return axes, variances
}

// newFactorAnalysis maps to the expected factors: with W = components /
// noise_variance the weights are (I + W·componentsᵀ)⁻¹·W.
// Source: sklearn/decomposition/_factor_analysis.py, FactorAnalysis.transform.
func newFactorAnalysis(o *estimator.Object) (estimator.Estimator, error) {
	w, noise := o.Matrix("components_"), o.Floats("noise_variance_")
	l := Linear{Weights: w, Mean: o.Floats("mean_")}
	if _, err := NewLinear(o, l); err != nil {
		return nil, err
	}
	if len(noise) != w.Cols {
		return nil, o.Refuse("noise_variance_ has %d numbers for %d features", len(noise), w.Cols)
	}
	if !affordable(o, w) {
		return nil, o.Err()
	}
	scaled := numpy.Matrix{Rows: w.Rows, Cols: w.Cols, Data: make([]float64, len(w.Data))}
	for i, v := range w.Data {
		scaled.Data[i] = v / noise[i%w.Cols]
	}
	system := numpy.Matrix{Rows: w.Rows, Cols: w.Rows, Data: make([]float64, w.Rows*w.Rows)}
	for i := range w.Rows {
		for j := range w.Rows {
			system.Row(i)[j] = numpy.Dot(scaled.Row(i), w.Row(j))
		}
		system.Row(i)[i]++
	}
	solve(system, scaled)
	l.Weights = scaled
	return built(NewLinear(o, l))
}

// newSparsePCA is a ridge regression of a row on the components: its weights
// are (components·componentsᵀ + ridge_alpha·I)⁻¹·components.
// Source: sklearn/decomposition/_sparse_pca.py, SparsePCA.transform.
func newSparsePCA(o *estimator.Object) (estimator.Estimator, error) {
	c, alpha := o.Matrix("components_"), o.Float("ridge_alpha")
	l := Linear{Weights: c, Mean: o.Floats("mean_")}
	o.Double("components_", "it answers in that precision")
	if _, err := NewLinear(o, l); err != nil {
		return nil, err
	}
	if !(alpha > 0) {
		return nil, o.Refuse("ridge_alpha=%v is not supported", alpha).WithHint("Fit with a ridge_alpha above 0")
	}
	if !affordable(o, c) {
		return nil, o.Err()
	}
	system := numpy.Matrix{Rows: c.Rows, Cols: c.Rows, Data: make([]float64, c.Rows*c.Rows)}
	for i := range c.Rows {
		for j := range c.Rows {
			system.Row(i)[j] = numpy.Dot(c.Row(i), c.Row(j))
		}
		system.Row(i)[i] += alpha
	}
	l.Weights = numpy.Matrix{Rows: c.Rows, Cols: c.Cols, Data: slices.Clone(c.Data)}
	solve(system, l.Weights)
	return built(NewLinear(o, l))
}

// affordable accounts for a system of equations between the rows of m, and for
// solving it.
func affordable(o *estimator.Object, m numpy.Matrix) bool {
	return o.Spend(m.Rows, m.Rows) && o.Compute(m.Rows, m.Rows, m.Rows+m.Cols)
}

// refuseNMF says why there is no non-negative matrix factorization.
// Source: sklearn/decomposition/_nmf.py, NMF.transform.
var refuseNMF = estimator.Refusing("it iterates over all rows of a table together, so that the numbers of a row depend on the others", "Use TruncatedSVD or PCA in its place")

// solve replaces b by a⁻¹·b of a symmetric positive definite a, which it
// overwrites: elimination needs no pivots then.
func solve(a, b numpy.Matrix) {
	for p := range a.Rows {
		for i := range a.Rows {
			if i == p {
				continue
			}
			f := a.At(i, p) / a.At(p, p)
			for j, v := range a.Row(p) {
				a.Row(i)[j] -= float64(f * v)
			}
			for j, v := range b.Row(p) {
				b.Row(i)[j] -= float64(f * v)
			}
		}
	}
	for p := range a.Rows {
		for j := range b.Row(p) {
			b.Row(p)[j] /= a.At(p, p)
		}
	}
}
