package table

import (
	"encoding/binary"
	"math"
	"math/bits"
	"sync"

	"brine/functions/internal/decimal"
	"brine/functions/internal/job"
)

// numbers reads cells of number column i and goes behind them. It reads plain
// ones in words of eight bytes, without a branch that depends on their digits:
// processors guess well what is the same in each row, but neither signs nor
// lengths. Which bytes of the first word are no digits is looked up; it tells
// where sign, point and the byte behind the cell are, if this is a number.
func (p *parser) numbers(at []int, i int) (err *job.Error) {
	b, t := p.block, &p.targets[i]
	cells := t.cells[p.row:][:len(at)]
	for k, start := range at {
		if start >= 0 && start <= len(b)-8 {
			w := binary.LittleEndian.Uint64(b[start:])
			x := w ^ '0'*eachByte
			f := &t.forms[mask(noDigits(x))]
			if (w^(f.want|f.end&t.ends))&f.check == 0 {
				m := eightDigits((x&f.before | x>>8&f.behind) << (f.shift & 63))
				if f.end != 0 {
					v := float64(int64(m)) / f.ten
					cells[k] = math.Float64frombits(math.Float64bits(v) | f.sign)
					at[k] = start + int(f.size)
					continue
				}
				if v, end := rest(b, start+8, m, f); end < len(b) && b[end] == byte(t.ends) {
					cells[k] = math.Float64frombits(math.Float64bits(v) | f.sign)
					at[k] = end + 1
					continue
				}
			}
		}
		end := 0
		if cells[k], end, err = p.number(start, i); err != nil {
			return err
		}
		if at[k], err = p.behind(end, i); err != nil {
			return err
		}
	}
	return nil
}

// noDigits marks the bytes of x that are above 9 in their high bits. Above a
// byte that is no ASCII character, a mark may be false.
func noDigits(x uint64) uint64 { return (x + 0x76*eachByte | x) & highBits }

// mask gathers marks: the lowest byte's becomes the lowest bit.
func mask(marks uint64) uint8 { return uint8(marks >> 7 * 0x0102040810204080 >> 56) }

// eightDigits returns the number that eight digits make, their values in the
// bytes of w, the first in the lowest: neighbours are joined to pairs, pairs to
// fours and fours to eight, each with one multiplication.
func eightDigits(w uint64) uint64 {
	w = w * (10<<8 + 1) >> 8 & 0x00ff00ff00ff00ff
	w = w * (100<<16 + 1) >> 16 & 0x0000ffff0000ffff
	return w * (10000<<32 + 1) >> 32
}

// form is how the first word of a number's cell is read.
type form struct {
	check   uint64  // the bytes of sign, point and end
	want    uint64  // sign and point in their places
	end     uint64  // the byte behind the cell; 0 if that is not in the word
	before  uint64  // the digits before the point
	behind  uint64  // the digits behind it, when it is taken out
	shift   uint8   // moves the last digit to the highest byte
	size    uint8   // of the cell and the byte behind it
	places  uint8   // digits behind the point
	decimal bool    // there is a point
	ten     float64 // to the power of places: below 2^53 divided by it is exact
	sign    uint64  // of the float64
}

// decimals and integers are the forms of such cells, by the mask of what is no
// digit. They are made when they are needed: a program begins in less.
var (
	decimals = sync.OnceValue(func() *[256]form { return forms(true) })
	integers = sync.OnceValue(func() *[256]form { return forms(false) })
)

func forms(decimal bool) *[256]form {
	var all [256]form
	for i := range all {
		all[i] = newForm(uint(i), decimal)
	}
	return &all
}

func newForm(mask uint, decimal bool) form {
	impossible := form{check: 0xff, want: '-'} // where there is a digit
	if mask&1 != 0 {
		impossible.want = '0' // where there is none
	}
	f := form{ten: 1, decimal: decimal}
	next := func() (place int) { // 8 if it is not in the word
		place = bits.TrailingZeros(mask | 1<<8)
		mask &= mask - 1
		f.check |= 0xff << (8 * place)
		return place
	}
	first := 0
	if mask&1 != 0 {
		next()
		f.want, f.sign, first = '-', 1<<63, 1
	}
	point := next()
	end := point
	digits := point - first
	if decimal {
		f.want |= '.' << (8 * point)
		end = next()
		digits = end - first - 1
	}
	if digits <= 0 || decimal && point == 8 {
		return impossible
	}
	if decimal {
		f.places = uint8(end - point - 1)
		f.ten = tens[f.places]
	}
	f.end = 0xff << (8 * end)
	f.before = 1<<(8*point) - 1<<(8*first)
	f.behind = 1<<(8*(first+digits)) - 1<<(8*point)
	f.shift = uint8(64 - 8*(first+digits))
	f.size = uint8(end + 1)
	return f
}

// rest reads on at b[p], behind a first word of form f whose digits make m:
// more digits, 19 in all beside zeros before them, and an exponent of up to
// three digits. The value is correctly rounded; end is len(b) if it is not that.
func rest(b []byte, p int, m uint64, f *form) (v float64, end int) {
	first, high := p, m
	for p <= len(b)-8 {
		x := binary.LittleEndian.Uint64(b[p:]) ^ '0'*eachByte
		if noDigits(x) != 0 {
			break
		}
		m = m*1e8 + eightDigits(x)
		p += 8
	}
	for ; p < len(b); p++ {
		d := b[p] - '0'
		if d > 9 {
			break
		}
		m = m*10 + uint64(d)
	}
	n := p - first
	if p == len(b) || n >= len(wholes) || high >= wholes[len(wholes)-1-n] { // m may be more than 64 bits
		return 0, len(b)
	}
	exponent := 0
	if f.decimal {
		exponent = -int(f.places) - n
	}
	if b[p]|0x20 == 'e' {
		var e int
		e, p = shortExponent(b, p+1)
		exponent += e
	}
	return exact(m, exponent), p
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

// wholes are the powers of ten up to the first number of more than
// decimal.MaxDigits digits.
var wholes = [decimal.MaxDigits + 1]uint64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// exact returns m·10^p correctly rounded: two exact numbers divided, where
// they are.
func exact(m uint64, p int) float64 {
	if m < 1<<53 && uint(-p) < uint(len(tens)) {
		return float64(m) / tens[-p]
	}
	return decimal.Float(m, p)
}
