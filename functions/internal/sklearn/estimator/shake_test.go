package estimator

import (
	"errors"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
)

// times is a transformer and a predictor, and one of labels, whose answer is its
// one column times a number.
type times struct {
	by      float64
	classes *frame.Classes
}

func (times) Inputs() []frame.Kind { return AllNumbers(1) }
func (times) Outputs() int         { return 1 }

func (t times) Transform(x *frame.Frame) (*frame.Frame, error) {
	out := x.NumberColumn("")
	for r, v := range x.Cols[0].Num {
		out.Num[r] = v * t.by
	}
	return x.With([]frame.Column{out}), nil
}

func (t times) Predict(x *frame.Frame) ([]frame.Column, error) {
	y, err := t.Transform(x)
	if err != nil || t.classes == nil {
		return y.Cols, err
	}
	return []frame.Column{Over(0, y, y.Cols[0].Num, t.classes)}, nil
}

// TestShaken: rows whose prediction rounding decides are refused, and no other,
// whatever lies between the shaking and the prediction.
func TestShaken(t *testing.T) {
	classes := &frame.Classes{Text: []string{"no", "yes"}}
	for name, c := range map[string]struct {
		between, last times
		row           int64 // that is refused, 0 if none
	}{
		"numbers":                {times{by: 1}, times{by: 1e3}, 0},
		"numbers, far from 0":    {times{by: 1}, times{by: 1e8}, 0},
		"numbers, magnified":     {times{by: 1}, times{by: 1e12}, 2},
		"numbers, divided first": {times{by: 1e12}, times{by: 1}, 2},
		"labels":                 {times{by: 1}, times{by: 1, classes: classes}, 2},
	} {
		x := frame.New(4, nil)
		col := x.NumberColumn("")
		copy(col.Num, []float64{3, 0, 0, -2})
		x.Cols = []frame.Column{col}
		sizes := [][]float64{{3, 7, 7, 2}}
		if c.row == 0 {
			sizes[0] = []float64{3, 0, 0, 2}
		}
		Shake(x, sizes)
		y, err := Transform(c.between, x)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := Predict(c.last, y)
		var e *job.Error
		switch {
		case c.row == 0 && (err != nil || len(columns) != 1):
			t.Errorf("%s: %v", name, err)
		case c.row > 0 && (!errors.As(err, &e) || e.Row != c.row):
			t.Errorf("%s: the error is %v, want one of row %d", name, err, c.row)
		}
	}
}

// TestShakenLabel: one that is as large as its noise is seen, whichever way it lies.
func TestShakenLabel(t *testing.T) {
	for _, v := range []float64{1e-16, -1e-16} {
		x := frame.New(1, nil)
		col := x.NumberColumn("")
		col.Num[0] = v
		x.Cols = []frame.Column{col}
		Shake(x, [][]float64{{1}})
		if _, err := Predict(times{by: 1, classes: &frame.Classes{Text: []string{"no", "yes"}}}, x); err == nil {
			t.Errorf("%v has a label", v)
		}
	}
}

// chances are probabilities that are the column.
type chances struct{ times }

func (c chances) Classes() *frame.Classes                           { return c.classes }
func (c chances) PredictProba(x *frame.Frame) (*frame.Frame, error) { return c.Transform(x) }

// shaky hands on its column as nothing but rounding.
type shaky struct{ times }

func (shaky) Transform(x *frame.Frame) (*frame.Frame, error) {
	y := x.With(x.Cols)
	Shake(y, [][]float64{{1}})
	return y, nil
}

// TestShakenProbabilities: who asks a pipeline for probabilities, as a vote does,
// is not given those of rounding, nor what they might have been.
func TestShakenProbabilities(t *testing.T) {
	classes := &frame.Classes{Text: []string{"no", "yes"}}
	for by, refused := range map[float64]bool{1: false, 1e12: true} {
		x := frame.New(1, nil)
		x.Cols = []frame.Column{x.NumberColumn("")}
		p := Behind(shaky{}, chances{times{by: by, classes: classes}}, shaky{}, nil).(Prober)
		y, err := p.PredictProba(x)
		if (err != nil) != refused || err == nil && y.Shaken != nil {
			t.Errorf("times %v: %v (%+v)", by, err, y)
		}
	}
}
