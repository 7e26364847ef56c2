package preprocessing

import (
	"math"
	"testing"
)

// The expected values are scipy's.
func TestNormal(t *testing.T) {
	tests := []struct {
		what string
		f    func(float64) float64
		at   [][2]float64
	}{
		{"normalPPF", normalPPF, [][2]float64{
			{0, math.Inf(-1)}, {1e-300, -37.0470962993612}, {1e-20, -9.262340089798409}, {1e-7, -5.1993375821928165},
			{0.01, -2.3263478740408408}, {0.13, -1.1263911290388007}, {0.2, -0.8416212335729142}, {0.5, 0},
			{0.7, 0.5244005127080407}, {0.87, 1.1263911290388007}, {0.999, 3.090232306167813},
			{0.999999999999, 7.0344869100478356}, {1, math.Inf(1)},
		}},
		{"normalCDF", normalCDF, [][2]float64{
			{-40, 0}, {-8.5, 9.47953482220325e-18}, {-3, 0.0013498980316300933}, {-0.9, 0.18406012534675947},
			{-0.3, 0.3820885778110474}, {0, 0.5}, {0.2, 0.579259709439103}, {0.75, 0.7733726476231317},
			{2, 0.9772498680518208}, {9, 1},
		}},
		{"interp", func(x float64) float64 {
			return interp(x, []float64{0, 1, 1, 2, 5}, []float64{0, 0.25, 0.5, 0.75, 1})
		}, [][2]float64{
			{-1, 0}, {0, 0}, {0.3, 0.075}, {1, 0.5}, {1.5, 0.625}, {2, 0.75}, {4.9, 0.9916666666666667}, {5, 1}, {6, 1},
		}},
		{"log2", log2, [][2]float64{{8, 3}, {0.25, -2}, {1, 0}, {0.999, -0.0014434168696687186}}},
		{"log10", log10, [][2]float64{{1000, 3}, {1e-5, -5}, {1, 0}, {0.999, -0.0004345117740176917}}},
	}
	for _, test := range tests {
		for _, p := range test.at {
			if got := test.f(p[0]); got != p[1] && !(math.Abs(got-p[1]) <= 4e-16*math.Abs(p[1])) {
				t.Errorf("%s(%v) = %v, want %v", test.what, p[0], got, p[1])
			}
		}
	}
	for _, p := range []float64{-0.1, 1.1, math.NaN()} {
		if got := normalPPF(p); got == got {
			t.Errorf("normalPPF(%v) = %v, want NaN", p, got)
		}
	}
}
