package numpy

import (
	"math"
	"math/big"
	"testing"
)

func TestTables(t *testing.T) {
	root := wide(2)
	for n := 1; n < expSteps; n *= 2 {
		root.Sqrt(root)
	}
	power := wide(1)
	for i, got := range expTable {
		var want expStep
		want.value, _ = power.Float64()
		tail := wide(0).Sub(power, wide(want.value))
		want.tail, _ = tail.Quo(tail, wide(want.value)).Float64()
		if got != want {
			t.Errorf("expTable[%d] = %x, want %x", i, got, want)
		}
		power.Mul(power, root)
	}
	for i, got := range logTable {
		if want := logStepAt(i); got != want {
			t.Errorf("logTable[%d] = %x, want %x", i, got, want)
		}
	}
}

func logStepAt(i int) logStep {
	center := 0.75 * (1 + (float64(i)+0.5)/logSteps)
	inverse := math.Round(512/center) / 512
	if math.Abs(center-1) < 0.5*0.75/logSteps {
		inverse = 1
	}
	minusLog := logRatio(wide(0).Sub(wide(1), wide(inverse)), wide(0).Add(wide(1), wide(inverse)))
	nearest, _ := minusLog.Float64()
	s := logStep{inverse: inverse, high: nearest + 0x1p10 - 0x1p10}
	s.low, _ = minusLog.Sub(minusLog, wide(s.high)).Float64()
	return s
}

func wide(v float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(v) }

// logRatio is log((b+a)/(b-a)) = 2·(s + s³/3 + s⁵/5 + …) with s = a/b.
func logRatio(a, b *big.Float) *big.Float {
	s := wide(0).Quo(a, b)
	square := wide(0).Mul(s, s)
	sum := wide(0)
	for n := 1.0; s.Sign() != 0 && s.MantExp(nil) > -190; n += 2 {
		sum.Add(sum, wide(0).Quo(s, wide(n)))
		s.Mul(s, square)
	}
	return sum.Mul(sum, wide(2))
}
