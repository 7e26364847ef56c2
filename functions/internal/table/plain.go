package table

import (
	"encoding/binary"
	"math"

	"brine/functions/internal/decimal"
)

// plain reads the cells of number columns from column i on, the first of which
// begins at b[at], as long as they are plain: a minus or none, digits, a point
// and digits behind it, an exponent of up to three digits, 19 digits in all. It
// returns the column it stopped at and where that begins; behind the last
// column, where that ends.
func (p *parser) plain(at, i int) (int, int) {
	b, last := p.block, len(p.targets)-1
	for ; i <= last && at < len(b); i++ {
		f := &p.targets[i]
		if f.use != number {
			break
		}
		negative := uint64(0)
		if b[at] == '-' { // by itself it compiles to no branch: signs cannot be guessed
			negative = 1
		}
		m, places, q := scan(b, at+int(negative))
		if places < 0 || q == len(b) {
			break
		}
		exponent := -places
		if b[q]|0x20 == 'e' {
			var e int
			if e, q = shortExponent(b, q+1); q == len(b) {
				break
			}
			exponent += e
		}
		if c := b[q]; c != p.delimiter && (i < last || c != '\n' && c != '\r') {
			break
		}
		v := exact(m, exponent)
		f.cells[p.row] = math.Float64frombits(math.Float64bits(v) | negative<<63)
		if f.replaced {
			p.cuts = append(p.cuts, int32(at), int32(q))
		}
		if at = q + 1; i == last {
			at = q
		}
	}
	return at, i
}

// scan reads digits, a point and more digits at b[p], each of which may be
// missing. It returns the number that all digits make, how many are behind the
// point and where they end; places is -1 if there are none or more than 19.
//
// Digits go one by one, for processors guess well how long the next number is,
// but by eights where there are many. It calls nothing, so that all is kept in
// registers.
func scan(b []byte, p int) (m uint64, places, end int) {
	first := p
	m, p = digits(b, p, 0)
	count := p - first
	if uint(p) < uint(len(b)) && b[p] == '.' {
		p++
		first = p
		for uint(p)+8 <= uint(len(b)) {
			w := binary.LittleEndian.Uint64(b[p:]) ^ '0'*eachByte
			if (w+0x76*eachByte|w)&highBits != 0 { // a byte above 9
				break
			}
			m = m*1e8 + eightDigits(w)
			p += 8
		}
		m, p = digits(b, p, m)
		places = p - first
		count += places
	}
	if count == 0 || count > decimal.MaxDigits {
		return 0, -1, p
	}
	return m, places, p
}

// digits returns m with the digits at b[p] behind, and where they end.
func digits(b []byte, p int, m uint64) (uint64, int) {
	for ; uint(p) < uint(len(b)); p++ { // p ≥ 0, and no check of bounds is needed
		d := b[p] - '0'
		if d > 9 {
			break
		}
		m = m*10 + uint64(d)
	}
	return m, p
}

// eightDigits returns the number that eight digits make, their values in the
// bytes of w, the first in the lowest: neighbours are joined to pairs, pairs to
// fours and fours to eight, each with one multiplication.
func eightDigits(w uint64) uint64 {
	w = w * (10<<8 + 1) >> 8 & 0x00ff00ff00ff00ff
	w = w * (100<<16 + 1) >> 16 & 0x0000ffff0000ffff
	return w * (10000<<32 + 1) >> 32
}

// shortExponent reads [+-]d, dd or ddd at b[p]; end is len(b) if no digit is
// there.
func shortExponent(b []byte, p int) (e, end int) {
	p, negative := sign(b, p)
	first := p
	for p < min(first+3, len(b)) && '0' <= b[p] && b[p] <= '9' {
		e = e*10 + int(b[p]-'0')
		p++
	}
	if p == first {
		return 0, len(b)
	}
	if negative {
		e = -e
	}
	return e, p
}

// tens are the powers of ten that a float64 holds exactly.
var tens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// exact returns m·10^p correctly rounded: two exact numbers divided, where
// they are.
func exact(m uint64, p int) float64 {
	if m < 1<<53 && uint(-p) < uint(len(tens)) {
		return float64(m) / tens[-p]
	}
	return decimal.Float(m, p)
}
