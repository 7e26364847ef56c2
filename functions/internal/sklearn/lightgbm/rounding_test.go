package lightgbm

import (
	"math"
	"strings"
	"testing"

	"brine/functions/internal/frame"
)

func TestTableOf(t *testing.T) {
	for _, test := range []struct {
		infos string
		want  table
	}{
		{"[0:72] [-3.5:8] none 0:1:2", unknown},
		{"[0:72] [18.25:7328.06982421875]", single},
		{"[0:72] [18.25:7328.0699999999997] [0:7328.06982421875]", double},
		{"", unknown},
	} {
		if got := tableOf(strings.Fields(test.infos)); got != test.want {
			t.Errorf("%q: %d, want %d", test.infos, got, test.want)
		}
	}
}

// TestRound: 0.15 is below the threshold, its float32 above.
func TestRound(t *testing.T) {
	const split = 0.150000003
	for _, test := range []struct {
		table table
		cell  float64
		other float64
		want  float64
		ok    bool
	}{
		{single, 0.15, 1, float64(float32(0.15)), true},
		{double, 0.15, 1, 0.15, true},
		{unknown, 0.15, 1, 0, false},
		{unknown, 0.14, 1, 0.14, true},   // on one side in any case
		{double, 1<<24 + 1, 1, 0, false}, // whole numbers only
		{double, 1<<24 + 1, 0.5, 1<<24 + 1, true},
	} {
		r := &rounding{test.table, []view{{0, nan}, {1, nan}}, [][]float64{{split, 1<<24 + 0.5}, nil}}
		x := frame.New(1, nil)
		x.Cols = []frame.Column{{Num: []float64{test.cell}}, {Num: []float64{test.other}}}
		cells := x.NumberCells()
		err := r.round(x, cells, "LGBMRegressor")
		if (err == nil) != test.ok || test.ok && cells[0][0] != test.want {
			t.Errorf("%v beside %v, table %d: %v (%v)", test.cell, test.other, test.table, cells[0][0], err)
		}
	}
}

// TestSee shows what splits of each kind take for a cell.
func TestSee(t *testing.T) {
	nothing := -1e99 // stands for NaN
	cells := []float64{0, 1e-36, -1e-36, 2e-35, 3.9, -0.5, -1, 3e9}
	for _, test := range []struct {
		kind missing
		want []float64
		none float64 // for a missing cell
	}{
		{none, []float64{0, 0, 0, 2e-35, 3.9, -0.5, -1, 3e9}, 0},
		{zero, []float64{nothing, nothing, nothing, 2e-35, 3.9, -0.5, -1, 3e9}, nothing},
		{nan, []float64{0, 0, 0, 2e-35, 3.9, -0.5, -1, 3e9}, nothing},
		{categorical, []float64{0, 0, 0, 0, 3, 0, nothing, 3e9}, nothing},
	} {
		out := make([]float64, len(cells)+1)
		test.kind.see(out, append(cells[:len(cells):len(cells)], math.NaN()))
		for i, want := range append(test.want, test.none) {
			if got := out[i]; got != want && !(want == nothing && got != got) {
				t.Errorf("kind %d, cell %d becomes %v, want %v", test.kind, i, got, want)
			}
		}
	}
}
