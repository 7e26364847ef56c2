package numpy

import "math"

// The exponential splits x into k·ln2/128 + r and takes 2^(k/128) from a
// table. The steps, the polynomial and the fused operations are those of the C
// library that numpy and scipy call, so that most machines give the same bits.
// Source: glibc sysdeps/ieee754/dbl-64/e_exp.c and e_pow.c; the method is
// P. T. P. Tang, ACM TOMS 15 (2), 1989.
const (
	expSteps   = 128
	expShift   = 0x1.8p52
	expInvLn2  = 0x1.71547652b82fep0 * expSteps
	expNegHi   = -0x1.62e42fefa0000p-8
	expNegLo   = -0x1.cf79abc9e3b39p-47
	expC2      = 0x1.ffffffffffdbdp-2
	expC3      = 0x1.555555555543cp-3
	expC4      = 0x1.55555cf172b91p-5
	expC5      = 0x1.1111167a4d017p-7
	expLargest = 709.782712893384
	expLeast   = -708.3964185322641 // the results below it are subnormal
)

type expStep struct{ value, tail float64 }

// Exp is e**x. Source: numpy.exp.
func Exp(x float64) float64 {
	if !(x > expLeast && x < expLargest) {
		return math.Exp(x)
	}
	return expSum(x, 0)
}

// Exp2 is 2**x. Source: numpy.power of 2, which is glibc's pow.
func Exp2(x float64) float64 {
	if !(x > -1022 && x < 1024) {
		return math.Exp2(x)
	}
	// The two numbers add up to ln 2.
	const high, low = 0x1.62e42fefa39efp-1, 0x1.62e42fefa3800p-1 - 0x1.62e42fefa39efp-1 + 0x1.ef35793c76730p-45
	hi := x * high
	return expSum(hi, math.FMA(x, low, math.FMA(x, high, -hi)))
}

// RoughExp replaces each x, which must not be above 709, by e**x: off by less
// than one part in 10¹¹, or by e**-700.
func RoughExp(x []float64) {
	const (
		toSteps = expSteps / math.Ln2
		c1      = math.Ln2 / expSteps
		c2      = c1 * c1 / 2
		c3      = c1 * c1 * c1 / 6
		least   = -700 * toSteps
	)
	for i, v := range x {
		v *= toSteps
		if v < least {
			v = least
		}
		kd := v + expShift
		k := math.Float64bits(kd)
		r := v - (kd - expShift)
		p := r * (c1 + float64(r*(c2+float64(r*c3))))
		scale := math.Float64frombits(math.Float64bits(expTable[k%expSteps].value) + k/expSteps<<52)
		x[i] = scale + float64(scale*p)
	}
}

// expSum is e**(x+tail) where that is a normal number and tail is small.
func expSum(x, tail float64) float64 {
	kd := math.FMA(expInvLn2, x, expShift)
	k := int64(math.Float64bits(kd)) << 12 >> 12
	kd -= expShift
	r := math.FMA(kd, expNegLo, math.FMA(kd, expNegHi, x)) + tail
	t := &expTable[k&(expSteps-1)]
	scale := math.Float64frombits(math.Float64bits(t.value) + uint64(k>>7)<<52)
	r2 := r * r
	p := math.FMA(r2, math.FMA(r, expC3, expC2), t.tail+r)
	p = math.FMA(r2*r2, math.FMA(r, expC5, expC4), p)
	return math.FMA(scale, p, scale)
}
