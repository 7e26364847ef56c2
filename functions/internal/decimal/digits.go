package decimal

import (
	"encoding/binary"
	"math/bits"
)

// ShortDigits is the most digits that Short returns.
const ShortDigits = 17

var tens = [ShortDigits + 1]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17}

// Digits are decimal digits as text, the first in the lowest byte of First,
// then those of High and Low.
type Digits struct {
	First     byte
	High, Low uint64
}

// Split returns the digits of d, 0 < d < 10^17, and how many they are. Zeros
// fill up what is behind them.
func Split(d uint64) (digits Digits, n int) {
	n = bits.Len64(d) * 1233 >> 12 // the digits, or one too few
	if d >= tens[n] {
		n++
	}
	d *= tens[ShortDigits-n]
	first, rest := d/1e16, d%1e16
	return Digits{byte('0' + first), eight(rest / 1e8), eight(rest % 1e8)}, n
}

// Put writes the digits to the begin of b.
func (d Digits) Put(b *[ShortDigits]byte) {
	b[0] = d.First
	binary.LittleEndian.PutUint64(b[1:], d.High)
	binary.LittleEndian.PutUint64(b[9:], d.Low)
}

// PutPoint writes the digits with a point behind the first few of them, one to
// seven.
func (d Digits) PutPoint(b *[ShortDigits + 1]byte, few int) {
	binary.LittleEndian.PutUint64(b[2:], d.High)
	binary.LittleEndian.PutUint64(b[10:], d.Low)
	word := uint64(d.First) | d.High<<8
	before := uint64(1)<<(8*few&63) - 1
	binary.LittleEndian.PutUint64(b[:], word&before|(before+1)*'.'|word<<8&^(before<<8|0xff))
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
