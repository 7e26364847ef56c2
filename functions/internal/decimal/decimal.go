// Package decimal converts between float64 and decimal, correctly rounded one
// way and shortest the other, without allocating.
//
// Both ways rest on one primitive: x·2^e·10^p, cut to two bits below the unit
// and a sticky third that says whether anything was lost; every rounding can be
// read off these. The source of the method and of its proof is
// R. Cox, "Floating-Point Printing and Parsing Can Be Simple And Fast", 2026.
package decimal

import (
	"math"
	"math/bits"
)

// MaxDigits is how many decimal digits always fit Float's mantissa.
const MaxDigits = 19

// Float returns the float64 nearest to d·10^p, ties to even; d ≤ 10^19. It is
// infinite beyond the largest float64.
func Float(d uint64, p int) float64 {
	switch {
	case d == 0 || p < minPower:
		return 0
	case p == 0 && d < 1<<53:
		return float64(d)
	case p > maxPower:
		return math.Inf(1)
	}
	length := bits.Len64(d)
	lp := log2Pow10(p)
	e := min(1074, 53-length-lp) // 53 bits above the unit, fewer if subnormal
	u := scale(d<<(64-length), e-(64-length), p, lp)
	if u >= quarter(1)<<55-2 { // rounds to 2^53 or more: one bit too many
		u = u>>1 | u&1
		e--
	}
	return pack(u.round(), -e)
}

// Short returns the shortest d·10^p that Float turns back into v; of several
// the nearest to v. d ends in no zero. v is positive and finite.
func Short(v float64) (d uint64, p int) {
	const subnormal = -1085
	m, e := unpack(v)
	drop := 11 // bits of m that a float64 does not have
	if e < subnormal {
		drop += subnormal - e
	}
	lower := m - 1<<(drop-1) // half-way to the neighbours
	upper := m + 1<<(drop-1)
	if m == 1<<63 && e > subnormal { // the neighbour below is twice as near
		lower = m - 1<<(drop-2)
		p = -log10Skewed(e + drop)
	} else {
		p = -log10Pow2(e + drop)
	}
	odd := quarter(m >> drop & 1) // half-way itself reads back only if v is even
	lp := log2Pow10(p)
	least := (scale(lower, e, p, lp) + odd).ceil()
	most := (scale(upper, e, p, lp) - odd).floor()
	if d = most / 10; d*10 >= least {
		return trimZeros(d, 1-p)
	}
	if d = least; d < most {
		d = scale(m, e, p, lp).round()
	}
	return d, -p
}

// quarter is a non-negative number in quarters, its lowest bit set too if
// anything below was cut off.
type quarter uint64

func (q quarter) floor() uint64 { return uint64(q >> 2) }
func (q quarter) ceil() uint64  { return uint64((q + 3) >> 2) }

// round rounds half to even.
func (q quarter) round() uint64 { return uint64((q + 1 + q>>2&1) >> 2) }

// scale returns x·2^e·10^p; x has its high bit set, lp is log2Pow10(p).
func scale(x uint64, e, p, lp int) quarter {
	power := &powers[p-minPower]
	shift := uint(-(e + lp + 3))
	high, mid := bits.Mul64(x, power.high)
	if high&(1<<(shift&63)-1) != 0 {
		return quarter(high>>shift | 1)
	}
	less, _ := bits.Mul64(x, power.less)
	rest, borrow := bits.Sub64(mid, less, 0)
	sticky := uint64(0)
	if rest > 1 {
		sticky = 1
	}
	return quarter((high-borrow)>>shift | sticky)
}

// unpack returns v = m·2^e with the high bit of m set.
func unpack(v float64) (m uint64, e int) {
	b := math.Float64bits(v)
	m = b << 11
	e = int(b>>52&0x7ff) - 1086
	if e == -1086 {
		shift := bits.LeadingZeros64(m)
		return m << shift, -1085 - shift
	}
	return m | 1<<63, e
}

// pack returns m·2^e for m ≤ 2^53, e ≥ -1074, m < 2^52 only if e is that.
func pack(m uint64, e int) float64 {
	if m < 1<<52 {
		return math.Float64frombits(m)
	}
	if e > 971 {
		return math.Inf(1)
	}
	return math.Float64frombits(m&(1<<52-1) | uint64(e+1075)<<52)
}

// trimZeros cuts up to 16 zeros behind d, d·10^p remaining the same: d·5^-k
// modulo 2^64, turned right by k bits, is d/10^k if that is whole, and larger
// than any such quotient if it is not.
func trimZeros(d uint64, p int) (uint64, int) {
	const (
		inverse1 = 0xcccccccccccccccd // of 5 modulo 2^64
		inverse2 = 0x8f5c28f5c28f5c29
		inverse4 = 0xd288ce703afb7e91
		inverse8 = 0xc767074b22e90e21
	)
	if q := bits.RotateLeft64(d*inverse1, -1); q <= math.MaxUint64/10 {
		d, p = q, p+1
	} else {
		return d, p
	}
	if q := bits.RotateLeft64(d*inverse8, -8); q <= math.MaxUint64/100_000_000 {
		d, p = q, p+8
	}
	if q := bits.RotateLeft64(d*inverse4, -4); q <= math.MaxUint64/10_000 {
		d, p = q, p+4
	}
	if q := bits.RotateLeft64(d*inverse2, -2); q <= math.MaxUint64/100 {
		d, p = q, p+2
	}
	if q := bits.RotateLeft64(d*inverse1, -1); q <= math.MaxUint64/10 {
		d, p = q, p+1
	}
	return d, p
}

// log2Pow10 returns ⌊log₂ 10^p⌋ for |p| ≤ 1200.
func log2Pow10(p int) int { return p * 108853 >> 15 }

// log10Pow2 returns ⌊log₁₀ 2^e⌋ for |e| ≤ 1600.
func log10Pow2(e int) int { return e * 78913 >> 18 }

// log10Skewed returns ⌊log₁₀ ¾·2^e⌋ for |e| ≤ 1600.
func log10Skewed(e int) int { return (e*631305 - 261663) >> 21 }
