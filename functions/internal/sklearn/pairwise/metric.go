package pairwise

import (
	"fmt"
	"math"

	"brine/functions/internal/numpy"
)

// Metric is one of scikit-learn's distance metrics for dense rows.
// Source: sklearn/metrics/_dist_metrics.pyx.tp.
type Metric struct {
	// Name is scikit-learn's shortest name for it, such as euclidean.
	Name string
	// Rank is the reduced distance of two rows of the same length: it orders
	// as the distance does and is cheaper to compute.
	Rank func(a, b []float64) float64
	// Rough is Rank within one part in 10⁹, where that is much cheaper; else nil.
	Rough func(a, b []float64) float64
	// Distance turns a rank into the distance.
	Distance func(rank float64) float64
	// RankOf turns a distance into its rank.
	RankOf func(distance float64) float64
	// P is the exponent of an Lp metric, +Inf for chebyshev, else 2.
	P float64
}

// Params are the parameters that some metrics take.
type Params struct {
	P       float64      // minkowski
	W       []float64    // minkowski: a weight a feature, nil for none
	V       []float64    // seuclidean: a variance a feature
	Inverse numpy.Matrix // mahalanobis: the inverse covariance (VI)
}

// NewMetric returns the metric of a name that scikit-learn's DistanceMetric
// knows, for rows of the given number of features.
func NewMetric(name string, p Params, features int) (Metric, error) {
	switch name {
	case "euclidean", "l2":
		return squared(Metric{Name: "euclidean", Rank: squaredEuclidean}), nil
	case "sqeuclidean":
		return plain("sqeuclidean", squaredEuclidean), nil
	case "manhattan", "cityblock", "l1":
		m := plain("manhattan", manhattan)
		m.P = 1
		return m, nil
	case "chebyshev", "infinity":
		m := plain("chebyshev", chebyshev)
		m.P = math.Inf(1)
		return m, nil
	case "minkowski", "p":
		return minkowski(p, features)
	case "seuclidean":
		if len(p.V) != features {
			return Metric{}, fmt.Errorf("metric seuclidean needs V with %d variances, found %d", features, len(p.V))
		}
		return squared(Metric{Name: name, Rank: standardized(p.V)}), nil
	case "mahalanobis":
		if p.Inverse.Rows != features || p.Inverse.Cols != features {
			return Metric{}, fmt.Errorf("metric mahalanobis needs VI of %d × %d", features, features)
		}
		return squared(Metric{Name: name, Rank: mahalanobis(p.Inverse)}), nil
	case "haversine":
		if features != 2 {
			return Metric{}, fmt.Errorf("metric haversine needs 2 features, found %d", features)
		}
		return Metric{Name: name, Rank: haversine, P: 2,
			Distance: func(r float64) float64 { return 2 * math.Asin(math.Sqrt(r)) },
			RankOf:   func(d float64) float64 { s := math.Sin(0.5 * d); return s * s },
		}, nil
	}
	if rank, ok := counting[name]; ok {
		return plain(name, rank), nil
	}
	return Metric{}, fmt.Errorf("metric %q is not supported", name)
}

func plain(name string, rank func(a, b []float64) float64) Metric {
	same := func(v float64) float64 { return v }
	return Metric{Name: name, Rank: rank, Distance: same, RankOf: same, P: 2}
}

// squared completes a metric whose rank is the square of the distance.
func squared(m Metric) Metric {
	m.Distance = math.Sqrt
	m.RankOf = func(d float64) float64 { return d * d }
	m.P = 2
	return m
}

func squaredEuclidean(a, b []float64) float64 {
	b = b[:len(a)]
	var sum float64
	for i, v := range a {
		d := v - b[i]
		sum += float64(d * d)
	}
	return sum
}

func manhattan(a, b []float64) float64 {
	b = b[:len(a)]
	var sum float64
	for i, v := range a {
		sum += math.Abs(v - b[i])
	}
	return sum
}

func chebyshev(a, b []float64) float64 {
	b = b[:len(a)]
	var most float64
	for i, v := range a {
		most = max(most, math.Abs(v-b[i]))
	}
	return most
}

func minkowski(p Params, features int) (Metric, error) {
	if !(p.P > 0) || math.IsInf(p.P, 0) {
		return Metric{}, fmt.Errorf("metric minkowski needs a finite p above 0, found %v", p.P)
	}
	if p.W != nil && len(p.W) != features {
		return Metric{}, fmt.Errorf("metric minkowski needs %d weights, found %d", features, len(p.W))
	}
	m := Metric{
		Name: "minkowski", P: p.P,
		Distance: func(rank float64) float64 { return Pow(rank, 1/p.P) },
		RankOf:   func(distance float64) float64 { return Pow(distance, p.P) },
	}
	m.Rank = lp(Pow, p)
	if !halves(p.P) {
		m.Rough = lp(math.Pow, p)
	}
	return m, nil
}

func lp(pow func(x, p float64) float64, p Params) func(a, b []float64) float64 {
	return func(a, b []float64) float64 {
		b = b[:len(a)]
		var sum float64
		for i, v := range a {
			term := pow(math.Abs(v-b[i]), p.P)
			if p.W != nil {
				term *= p.W[i]
			}
			sum += float64(term)
		}
		return sum
	}
}

func standardized(variance []float64) func(a, b []float64) float64 {
	return func(a, b []float64) float64 {
		b = b[:len(a)]
		var sum float64
		for i, v := range a {
			d := v - b[i]
			sum += d * d / variance[i]
		}
		return sum
	}
}

func mahalanobis(inverse numpy.Matrix) func(a, b []float64) float64 {
	return func(a, b []float64) float64 {
		b = b[:len(a)]
		var sum float64
		for i, v := range a {
			var row float64
			for j, w := range inverse.Row(i) {
				row += float64(w * (a[j] - b[j]))
			}
			sum += float64(row * (v - b[i]))
		}
		return sum
	}
}

func haversine(a, b []float64) float64 {
	s0 := math.Sin(0.5 * (a[0] - b[0]))
	s1 := math.Sin(0.5 * (a[1] - b[1]))
	c := float64(math.Cos(a[0]) * math.Cos(b[0]))
	return float64(s0*s0) + float64(float64(c*s1)*s1)
}

// counting are the metrics of whole numbers and of truth values, where any
// number but 0 counts as true.
var counting = map[string]func(a, b []float64) float64{
	"hamming": func(a, b []float64) float64 {
		unequal := 0
		for i, v := range a {
			if v != b[i] {
				unequal++
			}
		}
		return float64(unequal) / float64(len(a))
	},
	"canberra": func(a, b []float64) float64 {
		var sum float64
		for i, v := range a {
			if scale := math.Abs(v) + math.Abs(b[i]); scale > 0 {
				sum += math.Abs(v-b[i]) / scale
			}
		}
		return sum
	},
	"braycurtis": func(a, b []float64) float64 {
		var num, scale float64
		for i, v := range a {
			num += math.Abs(v - b[i])
			scale += math.Abs(v) + math.Abs(b[i])
		}
		if scale > 0 {
			return num / scale
		}
		return 0
	},
	"jaccard": func(a, b []float64) float64 {
		both, differ := truths(a, b)
		if both+differ == 0 {
			return 0
		}
		return differ / (both + differ)
	},
	"matching": func(a, b []float64) float64 {
		_, differ := truths(a, b)
		return differ / float64(len(a))
	},
	"dice": func(a, b []float64) float64 {
		both, differ := truths(a, b)
		return differ / (2*both + differ)
	},
	"rogerstanimoto": rogersTanimoto,
	"sokalmichener":  rogersTanimoto,
	"russellrao": func(a, b []float64) float64 {
		both, _ := truths(a, b)
		return (float64(len(a)) - both) / float64(len(a))
	},
	"sokalsneath": func(a, b []float64) float64 {
		both, differ := truths(a, b)
		return differ / (0.5*both + differ)
	},
}

func rogersTanimoto(a, b []float64) float64 {
	_, differ := truths(a, b)
	return 2 * differ / (float64(len(a)) + differ)
}

// truths counts the features that are true in both rows, and in one only.
func truths(a, b []float64) (both, differ float64) {
	for i, v := range a {
		switch x, y := v != 0, b[i] != 0; {
		case x && y:
			both++
		case x != y:
			differ++
		}
	}
	return both, differ
}
