package decimal

import (
	"encoding/binary"
	"math/bits"
)

// ShortDigits is the most digits that Short returns.
const ShortDigits = 17

var tens = [ShortDigits + 1]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17}

// Put writes the digits of d, 0 < d < 10^17, to the begin of b and returns how
// many they are. Zeros fill up what is behind them.
func Put(b *[ShortDigits]byte, d uint64) (n int) {
	n = bits.Len64(d) * 1233 >> 12 // the digits, or one too few
	if d >= tens[n] {
		n++
	}
	d *= tens[ShortDigits-n]
	first, rest := d/1e16, d%1e16
	b[0] = byte('0' + first)
	binary.LittleEndian.PutUint64(b[1:], eight(rest/1e8))
	binary.LittleEndian.PutUint64(b[9:], eight(rest%1e8))
	return n
}

// eight returns the eight digits of v, the first in the lowest byte: v is
// split to fours, these to pairs and these to digits, all at a time.
func eight(v uint64) uint64 {
	v = v/10000 | v%10000<<32
	high := v * 10486 >> 20 & 0x0000007f_0000007f
	v = high | (v-100*high)<<16
	high = v * 103 >> 10 & 0x000f_000f_000f_000f
	v = high | (v-10*high)<<8
	return v | 0x3030303030303030
}
