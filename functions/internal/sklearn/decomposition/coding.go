package decomposition

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// coder writes a row as a combination of few atoms of a dictionary.
// Source: sklearn/decomposition/_dict_learning.py, _BaseSparseCoding._transform.
type coder struct {
	name      string
	atoms     numpy.Matrix // atoms × features
	gram      numpy.Matrix // of the atoms
	pursuit   bool         // orthogonal matching pursuit, else a threshold
	most      int          // pursuit: how many atoms are taken
	threshold float64
	positive  bool
	split     bool // positive and negative parts side by side
}

func newDictionaryLearning(o *estimator.Object) (estimator.Estimator, error) {
	return newCoder(o, "components_")
}

func newSparseCoder(o *estimator.Object) (estimator.Estimator, error) {
	return newCoder(o, "dictionary")
}

func newCoder(o *estimator.Object, dictionary string) (estimator.Estimator, error) {
	c := &coder{
		name: o.Name(), atoms: o.Matrix(dictionary), threshold: 1, positive: o.Bool("positive_code"), split: o.Bool("split_sign"),
	}
	algorithm := o.Str("transform_algorithm")
	o.Double(dictionary, "its code would be of less than 64 bits")
	c.most = min(max(c.atoms.Cols/10, 1), c.atoms.Rows)
	if o.Has("transform_n_nonzero_coefs") {
		c.most = o.Int("transform_n_nonzero_coefs")
	}
	if o.Has("alpha") && !o.Before(1, 2) {
		c.threshold = o.Float("alpha")
	}
	if o.Has("transform_alpha") {
		c.threshold = o.Float("transform_alpha")
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	c.pursuit = algorithm == "omp"
	switch {
	case !c.pursuit && algorithm != "threshold":
		return nil, o.Refuse("transform_algorithm=%q stops where its steps have become small, which differs between processors", algorithm).
			WithHint(`Set transform_algorithm="omp" or "threshold"`)
	case c.pursuit && c.positive:
		return nil, o.Refuse(`positive_code=True is not supported for transform_algorithm="omp", by scikit-learn neither`).
			WithHint(`Set transform_algorithm="threshold" or positive_code=False`)
	case c.atoms.Rows == 0 || c.atoms.Cols == 0 || c.most < 1 || c.most > c.atoms.Rows:
		return nil, o.Refuse("cannot take %d of %d atoms", c.most, c.atoms.Rows)
	}
	if !affordable(o, c.atoms) || c.pursuit && !o.Compute(c.most, c.most, c.atoms.Rows) {
		return nil, o.Err()
	}
	c.gram = numpy.Matrix{Rows: c.atoms.Rows, Cols: c.atoms.Rows, Data: make([]float64, c.atoms.Rows*c.atoms.Rows)}
	for i := range c.gram.Rows {
		for j := range c.gram.Cols {
			c.gram.Row(i)[j] = numpy.Dot(c.atoms.Row(i), c.atoms.Row(j))
		}
	}
	return c, nil
}

// Inputs implements estimator.Estimator.
func (c *coder) Inputs() []frame.Kind { return estimator.AllNumbers(c.atoms.Cols) }

// Transform has a column for each atom, or two.
func (c *coder) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, c.name); err != nil {
		return nil, err
	}
	out := estimator.Combined(x, c.atoms)
	code := c.thresholded
	if c.pursuit {
		code = newPursuit(c.gram, c.most).code
	}
	row := x.Floats(c.atoms.Rows)
	for r := range x.Rows {
		for k := range row {
			row[k] = out.Cols[k].Num[r]
		}
		if !code(row) {
			e := job.Invalid("%s: two atoms fit this row equally well, and which of them is taken depends on how the processor rounds", c.name).
				WithHint(`Set transform_algorithm="threshold", or leave the row out`)
			e.Row = int64(r) + 1
			return nil, e
		}
		for k, v := range row {
			out.Cols[k].Num[r] = v
		}
	}
	if c.split {
		return split(x, out.Cols), nil
	}
	return out, nil
}

// thresholded moves the products of a row with the atoms towards 0.
func (c *coder) thresholded(row []float64) bool {
	for k, v := range row {
		row[k] = math.Copysign(max(math.Abs(v)-c.threshold, 0), v)
		if c.positive {
			row[k] = max(row[k], 0)
		}
	}
	return true
}

func split(x *frame.Frame, code []frame.Column) *frame.Frame {
	n := len(code)
	cols := make([]frame.Column, 2*n)
	for k, c := range code {
		cols[k], cols[n+k] = x.NumberColumn(""), x.NumberColumn("")
		for r, v := range c.Num {
			cols[k].Num[r], cols[n+k].Num[r] = max(v, 0), -min(v, 0)
		}
	}
	return x.With(cols)
}
