package estimator

import (
	"errors"
	"sync"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
)

// SparseTaker is an Estimator that may take a sparse frame held as a CSR. Any
// other is given such a frame unfolded, some rows at a time; so is every one
// where scikit-learn does not hold a sparse matrix.
type SparseTaker interface {
	TakesSparse() bool
}

// TakesSparse reports whether e takes a sparse frame held as a CSR.
func TakesSparse(e Estimator) bool {
	s, ok := e.(SparseTaker)
	return ok && s.TakesSparse()
}

// takes reports whether e takes x as it is.
func takes(e Estimator, x *frame.Frame) bool { return x.Wide == nil || x.Sparse && TakesSparse(e) }

const (
	// unfoldedCells is how many cells are unfolded at a time: 32 MiB.
	unfoldedCells = 1 << 22
	// unfoldedColumns is how wide a frame may be to be unfolded.
	unfoldedColumns = 1 << 16
)

// CheckWide refuses, on behalf of o, a frame held as a CSR that is too wide to
// be unfolded for e.
func CheckWide(o *Object, e Estimator, x *frame.Frame) error {
	if takes(e, x) || x.Width() <= unfoldedColumns {
		return nil
	}
	return o.Refuse("cannot be given a sparse matrix of %d columns: more than %d are not supported here", x.Width(), unfoldedColumns).
		WithHint("Fit with fewer features (max_features, n_features), or with a linear model, which takes any number")
}

// Predict is p.Predict with x as p takes it. It refuses a row that x.Shaken has
// another prediction for.
func Predict(p Predictor, x *frame.Frame) ([]frame.Column, error) {
	y, err := settled(p, x, func(x *frame.Frame) (*frame.Frame, error) {
		columns, err := p.Predict(x)
		return x.With(columns), err
	})
	if err != nil {
		return nil, err
	}
	return y.Cols, nil
}

// settled is what a last step makes of x. It refuses a row of which x.Shaken
// makes something else.
func settled(e Estimator, x *frame.Frame, method func(*frame.Frame) (*frame.Frame, error)) (*frame.Frame, error) {
	y, err := apply(e, x, method)
	if err != nil {
		return nil, err
	}
	for s := y.Shaken; s != nil; s = s.Shaken {
		if err := checkSteady(y.Cols, s.Cols); err != nil {
			return nil, err
		}
	}
	y.Shaken = nil
	return y, nil
}

// Transform is t.Transform with x, and x.Shaken, as t takes it.
func Transform(t Transformer, x *frame.Frame) (*frame.Frame, error) {
	return apply(t, x, t.Transform)
}

// apply is what method makes of x, and of x.Shaken, as e takes them.
func apply(e Estimator, x *frame.Frame, method func(*frame.Frame) (*frame.Frame, error)) (*frame.Frame, error) {
	y, err := as(e, x, method)
	if err != nil || x.Shaken == nil {
		return y, err
	}
	y.Shaken, err = apply(e, x.Shaken, method)
	return y, err
}

// as is what method makes of x as e takes it.
func as(e Estimator, x *frame.Frame, method func(*frame.Frame) (*frame.Frame, error)) (*frame.Frame, error) {
	if takes(e, x) {
		return method(x)
	}
	return unfolded(x, method)
}

var unfolding = sync.Pool{New: func() any { return new(frame.Arena) }}

// unfolded puts together what method makes of some unfolded rows after the others.
func unfolded(x *frame.Frame, method func(*frame.Frame) (*frame.Frame, error)) (*frame.Frame, error) {
	mem := unfolding.Get().(*frame.Arena)
	defer unfolding.Put(mem)
	rows := max(1, unfoldedCells/max(1, x.Width()))
	var out *frame.Frame
	for from := 0; from < x.Rows || out == nil; from += rows {
		mem.Reset()
		y, err := method(x.Unfold(from, min(from+rows, x.Rows), mem))
		if err != nil {
			return nil, below(from, err)
		}
		if out == nil {
			out = room(x, y)
		}
		paste(out, y, from)
	}
	return out, nil
}

// below counts an error's row from the top, given the rows above.
func below(rows int, err error) error {
	var e *job.Error
	if !errors.As(err, &e) || e.Row == 0 {
		return err
	}
	moved := *e
	moved.Row += int64(rows)
	return &moved
}

// room is a frame like y with the rows and memory of x.
func room(x, y *frame.Frame) *frame.Frame {
	if y.Wide != nil {
		return x.Sparsely(x.NewCSR(y.Wide.Width))
	}
	out := x.With(make([]frame.Column, len(y.Cols)))
	out.Sparse, out.Single = y.Sparse, y.Single
	for c, col := range y.Cols {
		if col.Kind == frame.Label {
			out.Cols[c] = x.LabelColumn(col.Classes)
		} else {
			out.Cols[c] = x.NumberColumn(col.Name)
		}
	}
	return out
}

// paste puts the rows of y into those of out that begin at from.
func paste(out, y *frame.Frame, from int) {
	for c, col := range y.Cols {
		copy(out.Cols[c].Num[min(from, len(out.Cols[c].Num)):], col.Num)
		copy(out.Cols[c].Code[min(from, len(out.Cols[c].Code)):], col.Code)
	}
	if y.Wide == nil {
		return
	}
	for r := range y.Rows {
		out.Wide.AddRow(y, r, 0)
		out.Wide.EndRow()
	}
}

// AddProduct adds X·weightsᵀ to the columns of out, one for each row of
// weights, cell by cell in the order in which x holds a row.
// Source: scipy/sparse/sparsetools/csr.h, csr_matvecs.
func AddProduct(out []frame.Column, x *frame.Frame, weights numpy.Matrix) {
	if x.Wide == nil {
		cells := x.NumberCells()
		for k := range out {
			numpy.Combine(out[k].Num, cells, weights.Row(k))
		}
		return
	}
	for k := range out {
		w := weights.Row(k)
		for r, s := range out[k].Num {
			index, value := x.Wide.Row(r)
			for i, c := range index {
				s += float64(value[i] * w[c])
			}
			out[k].Num[r] = s
		}
	}
}
