package decimal

import "math/bits"

const (
	minPower = -348
	maxPower = 347
)

// powers holds 10^p, p from minPower, as 128 bits with the highest set, rounded
// up: high·2^64 − less.
var powers = computePowers()

type power struct{ high, less uint64 }

// computePowers walks from 10^0 both ways in 192 bits, of which the lowest 64
// take up the errors of the steps.
func computePowers() (table [maxPower - minPower + 1]power) {
	one := [3]uint64{1 << 63, 0, 0}
	for p, m := 0, one; ; m = timesTen(m) {
		table[p-minPower] = roundUp(m)
		if p++; p > maxPower {
			break
		}
	}
	for p, m := -1, overTen(one); p >= minPower; p, m = p-1, overTen(m) {
		table[p-minPower] = roundUp(m)
	}
	return table
}

// roundUp returns the upper 128 of 192 bits, most significant limb first.
func roundUp(m [3]uint64) power {
	high, low := m[0], m[1]
	if m[2] != 0 {
		low++
	}
	if low == 0 && m[1] == 0 {
		return power{high, 0}
	}
	return power{high + 1, -low}
}

func timesTen(m [3]uint64) [3]uint64 {
	c2, l2 := bits.Mul64(m[2], 5)
	c1, l1 := bits.Mul64(m[1], 5)
	c0, l0 := bits.Mul64(m[0], 5)
	l1, carry := bits.Add64(l1, c2, 0)
	l0, carry = bits.Add64(l0, c1, carry)
	c0 += carry
	s := uint(bits.Len64(c0))
	return [3]uint64{c0<<(64-s) | l0>>s, l0<<(64-s) | l1>>s, l1<<(64-s) | l2>>s}
}

func overTen(m [3]uint64) [3]uint64 {
	q0, r := m[0]/5, m[0]%5
	q1, r := bits.Div64(r, m[1], 5)
	q2, r := bits.Div64(r, m[2], 5)
	q3, _ := bits.Div64(r, 0, 5)
	s := uint(bits.LeadingZeros64(q0))
	return [3]uint64{q0<<s | q1>>(64-s), q1<<s | q2>>(64-s), q2<<s | q3>>(64-s)}
}
