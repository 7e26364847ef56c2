package decomposition

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// topics is a LatentDirichletAllocation: the share of each topic in a row of
// word counts, found by iteration.
// Source: sklearn/decomposition/_lda.py, LatentDirichletAllocation.transform.
type topics struct {
	name      string
	words     numpy.Matrix // topics × features: exp_dirichlet_component_
	prior     float64
	most      int // iterations
	tolerance float64
}

func newTopics(o *estimator.Object) (estimator.Estimator, error) {
	t := &topics{
		name: o.Name(), words: o.Matrix("exp_dirichlet_component_"), prior: o.Float("doc_topic_prior_"),
		most: o.Int("max_doc_update_iter"), tolerance: o.Float("mean_change_tol"),
	}
	features := o.Features()
	o.Double("exp_dirichlet_component_", "it iterates in that precision")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if t.most < 0 || t.most > 1<<20 {
		return nil, o.Refuse("max_doc_update_iter=%d is not supported", t.most)
	}
	if t.words.Rows == 0 || t.words.Cols != features {
		return nil, o.Refuse("exp_dirichlet_component_ does not fit its %d features", features)
	}
	if !o.Compute(t.most, len(t.words.Data)) {
		return nil, o.Err()
	}
	return t, nil
}

// Inputs implements estimator.Estimator.
func (t *topics) Inputs() []frame.Kind { return estimator.AllNumbers(t.words.Cols) }

// Transform returns a column a topic; they add up to 1.
func (t *topics) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckNotNegative(x, t.name); err != nil {
		return nil, err
	}
	k := t.words.Rows
	rows, out := estimator.RowsOf(x), x.Floats(x.Rows*k)
	d := document{counts: x.Floats(len(x.Cols)), expected: x.Floats(k), last: x.Floats(k)}
	for r := range x.Rows {
		shares := out[r*k : (r+1)*k]
		t.find(shares, rows.Row(r), &d)
		total := numpy.Sum(shares)
		for i := range shares {
			shares[i] /= total
		}
	}
	return x.Numbers(out, k), nil
}

// document is the memory that one row needs.
type document struct {
	counts         []float64 // of each word over its probability
	expected, last []float64 // of each topic
}

// find iterates between the topics of a document and those of its words until
// the former hardly change.
// Source: sklearn/decomposition/_lda.py, _update_doc_distribution.
func (t *topics) find(shares, row []float64, d *document) {
	const eps = 0x1p-52
	k := len(shares)
	for i := range shares {
		shares[i] = 1
		d.expected[i] = numpy.Exp(psi(1) - psi(float64(k)))
	}
	for range t.most {
		copy(d.last, shares)
		for j, count := range row {
			if count == 0 {
				continue
			}
			var probability float64
			for i, e := range d.expected {
				probability += float64(e * t.words.At(i, j))
			}
			d.counts[j] = count / (probability + eps)
		}
		for i := range shares {
			var sum float64
			for j, w := range t.words.Row(i) {
				if row[j] != 0 {
					sum += float64(d.counts[j] * w)
				}
			}
			shares[i] = d.expected[i] * sum
		}
		t.expect(d.expected, shares)
		if meanChange(d.last, shares) < t.tolerance {
			return
		}
	}
}

// expect adds the prior to the shares and sets expected to exp(E[log]) of a
// Dirichlet distribution with them.
// Source: sklearn/decomposition/_online_lda_fast.pyx, _dirichlet_expectation_1d.
func (t *topics) expect(expected, shares []float64) {
	var total float64
	for i := range shares {
		shares[i] += t.prior
		total += shares[i]
	}
	whole := psi(total)
	for i, v := range shares {
		expected[i] = numpy.Exp(psi(v) - whole)
	}
}

func meanChange(a, b []float64) float64 {
	var sum float64
	for i, v := range a {
		sum += math.Abs(v - b[i])
	}
	return sum / float64(len(a))
}

// psi is the digamma function to about ten digits, as scikit-learn has it here.
// Source: sklearn/decomposition/_online_lda_fast.pyx, psi.
func psi(x float64) float64 {
	const euler = 0.577215664901532860606512090082402431
	if x <= 1e-6 {
		return -euler - 1/x
	}
	var result float64
	for ; x < 6; x++ {
		result -= 1 / x
	}
	r := 1 / x
	result += numpy.Log(x) - 0.5*r
	r *= r
	return result - r*((1.0/12)-r*((1.0/120)-r*(1.0/252)))
}
