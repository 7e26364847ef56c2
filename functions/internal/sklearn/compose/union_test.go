package compose

import (
	"strings"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// counter makes a sparse frame of one column.
type counter struct{}

func (counter) Inputs() []frame.Kind { return []frame.Kind{frame.Text} }
func (counter) Transform(x *frame.Frame) (*frame.Frame, error) {
	m := x.NewCSR(1)
	for range x.Rows {
		m.Add(0, 2)
		m.EndRow()
	}
	return x.Sparsely(m), nil
}

// TestWideUnion lays numbers, but no text, beside what is held as a CSR.
func TestWideUnion(t *testing.T) {
	half := 0.5
	u := &union{
		class:  "ColumnTransformer",
		parts:  []part{{transformer: counter{}, columns: []int{0}, weight: &half}, {columns: []int{1}}},
		sparse: func(bool) bool { return false },
	}
	x := frame.New(2, nil).With([]frame.Column{
		{Kind: frame.Text, Text: []string{"a", "b"}}, {Kind: frame.Number, Num: []float64{0, 7}},
	})
	y, err := u.Transform(x)
	if err != nil {
		t.Fatal(err)
	}
	if y.Wide == nil || y.Sparse || y.Width() != 2 {
		t.Fatalf("%d columns, sparse %v, held as %v", y.Width(), y.Sparse, y.Wide)
	}
	cells := y.Unfold(0, 2, nil)
	if a, b := cells.Cols[0].Num, cells.Cols[1].Num; a[0] != 1 || a[1] != 1 || b[0] != 0 || b[1] != 7 {
		t.Errorf("the columns are %v and %v", a, b)
	}

	u.parts[1].columns = []int{0}
	if _, err := u.Transform(x); err == nil || !strings.Contains(err.Error(), "text cannot be passed through") {
		t.Errorf("text beside numbers: %v", err)
	}
	if u.whole = true; u.TakesSparse() {
		t.Error("a union takes what one of its parts does not")
	}
	u.parts = u.parts[1:]
	if !u.TakesSparse() {
		t.Error("a union of parts that pass through takes anything")
	}
}

var _ estimator.Transformer = counter{}

// givesSingle passes its columns on as float32.
type givesSingle struct{}

func (givesSingle) Inputs() []frame.Kind { return []frame.Kind{frame.Number} }
func (givesSingle) Transform(x *frame.Frame) (*frame.Frame, error) {
	out := x.With(x.Cols)
	out.Single = true
	return out, nil
}

// TestSingleUnion: float32 columns stay so beside bools, and their weight is
// one.
func TestSingleUnion(t *testing.T) {
	third := 1.0 / 3
	for _, narrow := range []bool{false, true} {
		u := &union{
			parts:  []part{{transformer: givesSingle{}, columns: []int{0}, weight: &third}, {columns: []int{1}}},
			sparse: func(bool) bool { return false },
		}
		y, err := u.Transform(frame.New(1, nil).With([]frame.Column{{Num: []float64{3}}, {Num: []float64{1}, Narrow: narrow}}))
		if err != nil {
			t.Fatal(err)
		}
		if y.Single != narrow || y.Cols[0].Num[0] != float64(3*float32(third)) {
			t.Errorf("bools %v: float32 %v, %v", narrow, y.Single, y.Cols[0].Num[0])
		}
	}
}

// shaker passes its columns on, shaken.
type shaker struct{}

func (shaker) Inputs() []frame.Kind { return estimator.AllNumbers(1) }

func (shaker) Transform(x *frame.Frame) (*frame.Frame, error) {
	y := x.With(x.Cols)
	estimator.Shake(y, [][]float64{{1 << 50}})
	return y, nil
}

// TestUnionShaken: what rounding may leave of one part lies beside the others.
func TestUnionShaken(t *testing.T) {
	half := .5
	u := &union{whole: true, inputs: estimator.AllNumbers(1), sparse: func(any bool) bool { return any }, parts: []part{
		{columns: []int{0}}, {transformer: shaker{}, columns: []int{0}, weight: &half},
	}}
	x := frame.New(1, nil)
	col := x.NumberColumn("")
	col.Num[0] = 3
	x.Cols = []frame.Column{col}
	y, err := u.Transform(x)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range [][2]float64{{3, 1.5}, {3, 2}, {3, 1}} {
		if y == nil || len(y.Cols) != 2 || y.Cols[0].Num[0] != want[0] || y.Cols[1].Num[0] != want[1] {
			t.Fatalf("%+v, want %v", y, want)
		}
		y = y.Shaken
	}
	if y != nil {
		t.Errorf("%+v is shaken, too", y)
	}
}

// TestWeighShaken: a weight is that of what rounding may leave, too, however it is held.
func TestWeighShaken(t *testing.T) {
	half := .5
	p := part{weight: &half}
	x := frame.New(1, nil)
	sparse := func(v float64) *frame.Frame {
		m := x.NewCSR(1)
		m.Add(0, v)
		m.EndRow()
		return x.Sparsely(m)
	}
	y := sparse(3)
	y.Shaken = sparse(4)
	if y = p.weigh(y); y.Wide.Value[0] != 1.5 || y.Shaken == nil || y.Shaken.Wide.Value[0] != 2 {
		t.Errorf("%+v", y)
	}
}
