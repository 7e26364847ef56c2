package table

import (
	"math"
	"strconv"

	"brine/functions/internal/decimal"
)

// parsed is what a cell of a number column was.
type parsed uint8

const (
	notANumber parsed = iota
	missing
	aNumber
	aBool
)

// parseNumber reads any cell of a number column, without its quotes.
//
// It takes what pandas takes: a missing value (see isMissing); true or false
// in any case as 1 and 0; a decimal number, inf, infinity or nan in any case,
// with a sign, with spaces around it. As there, no hexadecimal, no separators,
// no decimal comma.
func parseNumber(cell []byte) (float64, parsed) {
	if v, ok := parseDecimal(trim(cell)); ok {
		return v, aNumber
	}
	switch {
	case isMissing(cell):
		return math.NaN(), missing
	case equalFold(cell, "true"):
		return 1, aBool
	case equalFold(cell, "false"):
		return 0, aBool
	}
	cell = trim(cell)
	p, negative := sign(cell, 0)
	word := cell[p:]
	switch {
	case equalFold(word, "inf"), equalFold(word, "infinity"):
		if negative {
			return math.Inf(-1), aNumber
		}
		return math.Inf(1), aNumber
	case equalFold(word, "nan"):
		return math.NaN(), missing
	}
	return 0, notANumber
}

// parseDecimal reads [+-]ddd[.ddd][e[+-]ddd]; a digit must be there.
func parseDecimal(cell []byte) (v float64, ok bool) {
	p, negative := sign(cell, 0)
	var m uint64
	var seen, used, exponent int // digits, significant ones, of ten
	point, cut := false, false
	for ; p < len(cell); p++ {
		c := cell[p]
		if c == '.' && !point {
			point = true
			continue
		}
		if c < '0' || c > '9' {
			break
		}
		seen++
		if point {
			exponent--
		}
		switch {
		case used < decimal.MaxDigits:
			m = m*10 + uint64(c-'0')
			if m > 0 {
				used++
			}
		default:
			exponent++
			cut = cut || c != '0'
		}
	}
	if seen == 0 {
		return 0, false
	}
	if p < len(cell) {
		e, ok := parseExponent(cell[p:])
		if !ok {
			return 0, false
		}
		exponent += e
	}
	v = decimal.Float(m, exponent)
	if cut && v != decimal.Float(m+1, exponent) {
		v, _ = strconv.ParseFloat(string(cell), 64) // so close to a tie that the rest decides
		return v, true
	}
	if negative {
		v = -v
	}
	return v, true
}

// parseExponent reads e[+-]ddd. What is too large for any number is cut.
func parseExponent(b []byte) (e int, ok bool) {
	if b[0] != 'e' && b[0] != 'E' {
		return 0, false
	}
	p, negative := sign(b, 1)
	if p == len(b) {
		return 0, false
	}
	for ; p < len(b); p++ {
		if b[p] < '0' || b[p] > '9' {
			return 0, false
		}
		e = min(e*10+int(b[p]-'0'), 1<<30)
	}
	if negative {
		e = -e
	}
	return e, true
}

func sign(b []byte, p int) (next int, negative bool) {
	if p < len(b) && (b[p] == '-' || b[p] == '+') {
		return p + 1, b[p] == '-'
	}
	return p, false
}

// isMissing tells pandas 2.0.3's default na_values.
// Source: pandas/_libs/parsers.pyx STR_NA_VALUES.
func isMissing(cell []byte) bool {
	switch string(cell) {
	case "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
		"<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null":
		return true
	}
	return false
}

// trim cuts what C's isspace takes off both ends.
func trim(cell []byte) []byte {
	space := func(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }
	for len(cell) > 0 && space(cell[0]) {
		cell = cell[1:]
	}
	for len(cell) > 0 && space(cell[len(cell)-1]) {
		cell = cell[:len(cell)-1]
	}
	return cell
}

// equalFold compares with a text of lower-case letters.
func equalFold(cell []byte, lower string) bool {
	if len(cell) != len(lower) {
		return false
	}
	for i, c := range cell {
		if c|0x20 != lower[i] {
			return false
		}
	}
	return true
}
