package svm

import (
	"math"
	"math/rand/v2"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// random is a classifier of three classes without a kernel.
func random(r *rand.Rand, features int, scale float64) *classifier {
	const vectors = 61
	return &classifier{
		machine: &machine{
			features:  features,
			vectors:   scattered(r, vectors, features, scale),
			coef:      scattered(r, 2, vectors, 10),
			intercept: scattered(r, 1, 3, 1).Data,
		},
		classes: estimator.IntClasses(0, 1, 2),
		start:   []int{0, 20, 33, vectors},
	}
}

func withRadial(c *classifier, gamma float64) *classifier {
	c.kernel = func(x, y []float64) float64 { return numpy.Exp(-gamma * squaredDistance(x, y)) }
	c.rough = newRough(c, "rbf", gamma)
	return c
}

func withFolded(c *classifier) *classifier {
	c.kernel = numpy.Dot
	c.rough = newRough(c, "linear", 1)
	return c
}

func scattered(r *rand.Rand, rows, cols int, scale float64) numpy.Matrix {
	m := numpy.Matrix{Rows: rows, Cols: cols, Data: make([]float64, rows*cols)}
	for i := range m.Data {
		m.Data[i] = scale * r.NormFloat64()
	}
	return m
}

// TestRough holds the signs of decisions equal to libsvm's where it is sure of
// them, and radial's kernels within their bounds.
func TestRough(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sure, rows := 0, 0
	for _, features := range []int{1, 7, 50} {
		for _, scale := range []float64{1, 1e-3, 1e3, 1e6, 1e155} {
			machines := []*classifier{withFolded(random(r, features, scale))}
			for _, gamma := range []float64{0.02, 1, max(1/(scale*scale), 1e-300), 100} {
				machines = append(machines, withRadial(random(r, features, scale), gamma))
			}
			for _, c := range machines {
				for i := range 30 {
					x := scattered(r, 1, features, scale).Data
					if i%3 == 0 {
						copy(x, c.vectors.Row(i))
					}
					rows++
					if checkRough(t, c, x) {
						sure++
					}
				}
			}
		}
	}
	if sure < rows/2 {
		t.Errorf("only %d of %d rows were sure", sure, rows)
	}
}

func checkRough(t *testing.T, c *classifier, x []float64) bool {
	t.Helper()
	pairs, exact := make([]float64, 3), make([]float64, 3)
	kernels, near := make([]float64, c.vectors.Rows), make([]float64, c.vectors.Rows)
	c.kernels(kernels, x)
	c.decide(exact, kernels)
	sure := c.rough.decide(pairs, near, x)
	for p, v := range exact {
		if sure && (v > 0) != (pairs[p] > 0) {
			t.Errorf("a decision of %v was sure to be %v", v, pairs[p])
		}
	}
	radial, ok := c.rough.(*radial)
	if !ok {
		return sure
	}
	if off := radial.kernels(near, x); !math.IsInf(off, 1) {
		for i, k := range kernels {
			if !(math.Abs(near[i]-k) <= off) {
				t.Errorf("kernel %v is %v, and said to be within %v", k, near[i], off)
			}
		}
	}
	return sure
}

// TestRoughInDoubt moves intercepts so that a decision is next to 0: its sign
// must be libsvm's.
func TestRoughInDoubt(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		for _, c := range []*classifier{withRadial(random(r, 5, 1), 0.3), withFolded(random(r, 5, 1))} {
			x := scattered(r, 1, 5, 1).Data
			pairs, kernels := make([]float64, 3), make([]float64, c.vectors.Rows)
			c.kernels(kernels, x)
			c.decide(pairs, kernels)
			at := c.intercept[1] - pairs[1]
			for _, step := range []float64{0, 1e-16, -1e-16, 1e-15, -1e-15, 1e-14, -1e-14} {
				c.intercept[1] = at + step
				if c.rough.decide(pairs, kernels, x) {
					t.Errorf("with a decision of about %v it is sure of %v", step, pairs[1])
				}
				got, want := signs(t, c, x, c.eachSign), signs(t, c, x, c.eachDecision)
				for p := range want {
					if (got[p] > 0) != (want[p] > 0) {
						t.Errorf("decision %v has the sign of %v", want[p], got[p])
					}
				}
			}
		}
	}
}

func signs(t *testing.T, c *classifier, row []float64, each func(*frame.Frame, func(int, []float64)) error) (out []float64) {
	t.Helper()
	var mem frame.Arena
	x := frame.New(1, &mem).Numbers(row, len(row))
	if err := each(x, func(_ int, pairs []float64) { out = append(out, pairs...) }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNoRough(t *testing.T) {
	c := random(rand.New(rand.NewPCG(5, 6)), 2, 1)
	for _, gamma := range []float64{0, -1, math.NaN()} {
		if newRough(c, "rbf", gamma) != nil {
			t.Errorf("gamma %v was taken", gamma)
		}
	}
	if newRough(c, "poly", 1) != nil {
		t.Error("a kernel was taken that is not known")
	}
}
