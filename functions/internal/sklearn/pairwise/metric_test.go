package pairwise

import (
	"math"
	"testing"

	"brine/functions/internal/numpy"
)

// TestMetrics compares with sklearn.metrics.DistanceMetric.
func TestMetrics(t *testing.T) {
	a, b := []float64{1, 0, 2.5, -3}, []float64{0.5, 0, -1, 4}
	inverse := numpy.Matrix{Rows: 4, Cols: 4, Data: []float64{
		1.25, 0.25, 0.25, 0.25,
		0.25, 1.25, 0.25, 0.25,
		0.25, 0.25, 1.25, 0.25,
		0.25, 0.25, 0.25, 1.25,
	}}
	for _, c := range []struct {
		name   string
		params Params
		want   float64
	}{
		{"euclidean", Params{}, 7.842193570679061},
		{"manhattan", Params{}, 11},
		{"chebyshev", Params{}, 7},
		{"minkowski", Params{P: 3}, 7.281079419705336},
		{"minkowski", Params{P: 1.5, W: []float64{1, 2, 0.5, 4}}, 18.210107131846865},
		{"seuclidean", Params{V: []float64{1, 2, 3, 0.5}}, 10.115993936995679},
		{"mahalanobis", Params{Inverse: inverse}, 7.984359711335656},
		{"hamming", Params{}, 0.75},
		{"canberra", Params{}, 2.333333333333333},
		{"braycurtis", Params{}, 0.9166666666666666},
		{"jaccard", Params{}, 0},
		{"dice", Params{}, 0},
		{"rogerstanimoto", Params{}, 0},
		{"russellrao", Params{}, 0.25},
		{"sokalmichener", Params{}, 0},
		{"sokalsneath", Params{}, 0},
	} {
		m, err := NewMetric(c.name, c.params, len(a))
		if err != nil {
			t.Error(err)
			continue
		}
		if got := m.Distance(m.Rank(a, b)); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		if rank := m.RankOf(c.want); math.Abs(rank-m.Rank(a, b)) > 1e-12*rank {
			t.Errorf("%s: distance %v has rank %v, want %v", c.name, c.want, rank, m.Rank(a, b))
		}
	}
	m, err := NewMetric("haversine", Params{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Distance(m.Rank([]float64{0.1, 0.2}, []float64{0.3, -0.4})); math.Abs(got-0.6197271898142351) > 1e-15 {
		t.Errorf("haversine: got %v", got)
	}
}

func TestNewMetricRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		params Params
	}{
		{"pyfunc", Params{}},
		{"haversine", Params{}},
		{"minkowski", Params{}},
		{"minkowski", Params{P: math.Inf(1)}},
		{"minkowski", Params{P: 3, W: []float64{1}}},
		{"seuclidean", Params{}},
		{"mahalanobis", Params{}},
	} {
		if _, err := NewMetric(c.name, c.params, 4); err == nil {
			t.Errorf("%s %+v was taken", c.name, c.params)
		}
	}
}

// TestPow compares with the correctly rounded powers.
func TestPow(t *testing.T) {
	for _, c := range []struct{ x, p, want float64 }{
		{0, 1.7, 0},
		{1, 1.7, 1},
		{2, 3, 8},
		{27, 1.0 / 3, 3},
		{0.3, 1.5, 0.1643167672515498},
		{0.7, 3, 0.3429999999999999},
		{1.1, 1.7, 1.1758923494079665},
		{123.456, 0.37, 5.940999483258991},
		{5, 2.5, 55.90169943749474},
		{1e-3, 7, 1.0000000000000001e-21},
		{0.2, 1 / 1.5, 0.34199518933533946},
		{9, 0.25, 1.7320508075688772},
		{3.7, 12.3, 9747229.821158329},
	} {
		if got := Pow(c.x, c.p); got != c.want {
			t.Errorf("%v^%v is %v, want %v", c.x, c.p, got, c.want)
		}
	}
}
