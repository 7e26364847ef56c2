package pairwise

import "math"

// Pow is x to the p for x ≥ 0, correctly rounded but for one case in about
// 2^40. The C library's pow, which scikit-learn calls, is too in all but about
// one case in a thousand; math.Pow is not.
func Pow(x, p float64) float64 {
	switch {
	case p == 1 || x == 0 || x == 1 || math.IsInf(x, 1):
		return x
	case p == 2:
		return x * x
	case p == 0.5:
		return math.Sqrt(x)
	}
	rough := math.Pow(x, p)
	if rough < 1e-280 || rough > 1e280 { // products of halves would under- or overflow
		return rough
	}
	if halves(p) {
		return powHalves(x, int(2*p)).value()
	}
	return exp(log(x).scale(p)).value()
}

// halves tells the exponents for which Pow is fast.
func halves(p float64) bool { return p < 16 && p == math.Trunc(2*p)/2 }

// powHalves is x to the n/2, by squaring.
func powHalves(x float64, n int) double {
	result := double{hi: 1}
	if n%2 == 1 {
		root := math.Sqrt(x)
		result = double{root, math.FMA(-root, root, x) / (2 * root)}
	}
	base := double{hi: x}
	for n /= 2; n > 0; n /= 2 {
		if n%2 == 1 {
			result = result.mul(base)
		}
		base = base.mul(base)
	}
	return result
}

// double is the unevaluated sum of two floats, of some 106 bits together.
type double struct{ hi, lo float64 }

func (a double) value() float64 { return a.hi + a.lo }

// normal moves into hi all that fits there; |hi| ≥ |lo| or hi is 0.
func normal(hi, lo float64) double {
	sum := hi + lo
	return double{sum, lo - (sum - hi)}
}

func (a double) add(b double) double {
	sum := a.hi + b.hi
	back := sum - a.hi
	lost := (a.hi - (sum - back)) + (b.hi - back)
	return normal(sum, lost+(a.lo+b.lo))
}

func (a double) mul(b double) double {
	product := float64(a.hi * b.hi) // rounded, where a processor would add to it before
	lost := math.FMA(a.hi, b.hi, -product)
	return normal(product, lost+(float64(a.hi*b.lo)+float64(a.lo*b.hi)))
}

func (a double) scale(f float64) double { return a.mul(double{hi: f}) }

var ln2 = double{math.Ln2, 2.3190468138462996e-17}

// log corrects math.Log by one Newton step.
func log(x float64) double {
	m, e := math.Frexp(x)
	first := math.Log(m)
	rest := exp(double{hi: -first}).scale(m).add(double{hi: -1}).value()
	return ln2.scale(float64(e)).add(double{hi: first}).add(double{hi: rest})
}

// exp sums the series of an argument that halving made small, and squares as often.
func exp(x double) double {
	const halvings, terms = 7, 11
	k := math.Round(x.hi / math.Ln2)
	r := x.add(ln2.scale(-k)).scale(1.0 / (1 << halvings))
	sum := double{hi: 1}
	for n := terms; n >= 1; n-- {
		sum = sum.mul(r).mul(reciprocal(n)).add(double{hi: 1})
	}
	for range halvings {
		sum = sum.mul(sum)
	}
	return double{math.Ldexp(sum.hi, int(k)), math.Ldexp(sum.lo, int(k))}
}

// reciprocal is 1/n.
func reciprocal(n int) double {
	q := 1 / float64(n)
	return double{q, math.FMA(-q, float64(n), 1) / float64(n)}
}
