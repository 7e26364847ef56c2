package estimator

import (
	"errors"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
)

// last answers with the last column, and takes no negative number in it.
type last struct{ sparse bool }

func (last) Inputs() []frame.Kind { return nil }
func (last) Outputs() int         { return 1 }
func (l last) TakesSparse() bool  { return l.sparse }

func (l last) Predict(x *frame.Frame) ([]frame.Column, error) {
	if (x.Wide != nil) != l.sparse {
		return nil, errors.New("given in the wrong way")
	}
	if l.sparse {
		out := []frame.Column{x.NumberColumn("")}
		weights := numpy.Matrix{Rows: 1, Cols: x.Width(), Data: make([]float64, x.Width())}
		weights.Data[x.Width()-1] = 1
		AddProduct(out, x, weights)
		return out, nil
	}
	c := x.Cols[len(x.Cols)-1]
	for r, v := range c.Num {
		if v < 0 {
			e := job.Invalid("negative")
			e.Row = int64(r) + 1
			return nil, e
		}
	}
	label := x.LabelColumn(IntClasses(0, 1))
	for r, v := range c.Num {
		label.Code[r] = int32(v) % 2
	}
	return []frame.Column{c, label}, nil
}

// wide has as many rows as several unfolded pieces, and the row's number in
// the last column.
func wide(rows, width int) *frame.Frame {
	x := frame.New(rows, nil)
	m := x.NewCSR(width)
	for r := range rows {
		m.Add(int32(width-1), float64(r))
		m.EndRow()
	}
	return x.Sparsely(m)
}

func TestUnfoldedInPieces(t *testing.T) {
	const width = unfoldedCells / 100
	x := wide(250, width)
	for _, p := range []last{{false}, {true}} {
		cols, err := Predict(p, x)
		if err != nil {
			t.Fatal(err)
		}
		for r := range x.Rows {
			if cols[0].Num[r] != float64(r) || !p.sparse && cols[1].Code[r] != int32(r%2) {
				t.Fatalf("sparse %v: row %d is %v", p.sparse, r, cols[0].Num[r])
			}
		}
	}
	if cols, err := Predict(last{}, wide(0, width)); err != nil || len(cols) != 2 || len(cols[0].Num) != 0 {
		t.Errorf("no rows become %v (%v)", cols, err)
	}

	x.Sparse = false
	if _, err := Predict(last{sparse: true}, x); err == nil {
		t.Error("what scikit-learn holds as an array is given as a sparse matrix")
	}

	x.Wide.Value[249] = -1
	_, err := Predict(last{}, x)
	var e *job.Error
	if !errors.As(err, &e) || e.Row != 250 {
		t.Errorf("the error is %v, want one of row 250", err)
	}
}

func TestCheckWide(t *testing.T) {
	o, _ := openSparse(t)
	for _, test := range []struct {
		width  int
		sparse bool
		ok     bool
	}{
		{unfoldedColumns, false, true}, {unfoldedColumns + 1, false, false}, {1 << 24, true, true},
	} {
		err := CheckWide(o, last{test.sparse}, wide(1, test.width))
		if (err == nil) != test.ok {
			t.Errorf("%d columns, sparse %v: %v", test.width, test.sparse, err)
		}
	}
}

func TestCheckFiniteOfCSR(t *testing.T) {
	x := wide(3, 5)
	if err := CheckFinite(x, "LinearSVC"); err != nil {
		t.Error(err)
	}
	x.Wide.Value[1] /= 0
	x.Wide.Value[1] -= x.Wide.Value[1]
	var e *job.Error
	if err := CheckFinite(x, "LinearSVC"); !errors.As(err, &e) || e.Row != 2 {
		t.Errorf("the error is %v, want one of row 2", err)
	}
	if err := CheckNotInf(x, "LinearSVC"); err != nil {
		t.Error(err)
	}
}
