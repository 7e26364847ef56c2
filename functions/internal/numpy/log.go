package numpy

import "math"

// logStep is an interval of mantissas: a number near the reciprocal of each,
// short enough that products with it are nearly exact, and minus its
// logarithm in two parts, of which the first has few bits.
type logStep struct{ inverse, high, low float64 }

const logSteps = 128

// ln 2 in two parts; small multiples of the first are exact.
const (
	ln2High = 0x1.62e42fefa3800p-1
	ln2Low  = 0x1.ef35793c76730p-45
)

// Log is the natural logarithm. Like the C library's it is within 0.52 units
// of the last place, so that nearly all its bits are numpy's, on any machine.
// The method is P. T. P. Tang, ACM TOMS 16 (4), 1990.
func Log(x float64) float64 {
	if !(x > 0 && x <= math.MaxFloat64) {
		return math.Log(x)
	}
	var scale int64
	if x < 0x1p-1022 {
		x, scale = x*0x1p54, 54
	}
	bits := math.Float64bits(x)
	const origin = 0x3fe8000000000000 // the bits of 0.75
	k := int64(bits-origin) >> 52
	z := math.Float64frombits(bits - uint64(k)<<52)
	t := &logTable[int((z-0.75)*(logSteps/0.75))]
	// r + rest = z·inverse − 1, exactly.
	product := float64(z * t.inverse)
	rest := math.FMA(z, t.inverse, -product)
	r := (product - 1) + rest
	rest += (product - 1) - r

	kf := float64(k - scale)
	base := float64(kf*ln2High) + t.high
	high := base + r
	low := (base - high) + r
	low += rest + (float64(kf*ln2Low) + t.low)
	p := -1.0 / 8
	for _, c := range [...]float64{1.0 / 7, -1.0 / 6, 1.0 / 5, -1.0 / 4, 1.0 / 3, -1.0 / 2} {
		p = math.FMA(r, p, c)
	}
	return high + math.FMA(float64(r*r), p, low)
}
