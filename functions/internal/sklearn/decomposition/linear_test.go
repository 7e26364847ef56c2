package decomposition

import (
	"math"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
)

// TestDoubt: the rows of a Linear are shaken if a component has no variance but
// rounding's, by as much as its terms say.
func TestDoubt(t *testing.T) {
	weights := numpy.Matrix{Rows: 2, Cols: 2, Data: []float64{.8, .6, -.6, .8}}
	x := frame.New(1, nil)
	for _, v := range []float64{3, -5} {
		col := x.NumberColumn("")
		col.Num[0] = v
		x.Cols = append(x.Cols, col)
	}
	wide := x.NewCSR(2)
	wide.Add(0, 3)
	wide.Add(1, -5)
	wide.EndRow()
	for name, c := range map[string]struct {
		linear Linear
		x      *frame.Frame
		sizes  []float64
	}{
		"plain":          {Linear{}, x, []float64{2.4 + 3, 1.8 + 4}},
		"sparse":         {Linear{}, x.Sparsely(wide), []float64{2.4 + 3, 1.8 + 4}},
		"centred":        {Linear{Mean: []float64{1, -1}}, x, []float64{1.6 + 2.4, 1.2 + 3.2}},
		"centred later":  {Linear{Late: []float64{-10, 1}}, x, []float64{15.4, 6.8}},
		"scaled by 1/10": {Linear{Scale: []float64{.1, .1}}, x, []float64{54, 58}},
	} {
		l := c.linear
		l.Weights = weights
		l.doubt([]float64{1, 1e-10})
		y, err := l.Transform(c.x)
		if err != nil || y.Shaken != nil {
			t.Errorf("%s: shaken without need (%v)", name, err)
		}
		l.doubt([]float64{1, 1e-30})
		if y, err = l.Transform(c.x); err != nil || y.Shaken == nil {
			t.Fatalf("%s: not shaken (%v)", name, err)
		}
		for k, size := range c.sizes {
			up := y.Shaken.Cols[k].Num[0] - y.Cols[k].Num[0]
			down := y.Shaken.Shaken.Cols[k].Num[0] - y.Cols[k].Num[0]
			if want := 8 * size * 0x1p-53; math.Abs(up-want) > want/2 || math.Abs(down+want) > want/2 {
				t.Errorf("%s: component %d moves by %v and %v, want %v", name, k, up, down, want)
			}
		}
	}
}
