package unicodedata

import (
	"unicode"
	"unicode/utf8"
)

// AppendLower appends s as str.lower writes it: with the final form of a sigma
// at a word's end, and İ as two characters.
// Source: CPython Objects/unicodeobject.c, lower_ucs4.
func AppendLower(dst []byte, s string) []byte {
	for i, c := range s {
		switch {
		case 'A' <= c && c <= 'Z':
			dst = append(dst, byte(c)+'a'-'A')
		case c < 0x80:
			dst = append(dst, byte(c))
		case c == 'Σ' && endsWord(s, i):
			dst = append(dst, "ς"...)
		case c == 'İ':
			dst = append(dst, "i\u0307"...)
		default:
			dst = utf8.AppendRune(dst, lowerOf(c))
		}
	}
	return dst
}

// endsWord reports whether the sigma at place i of s is at the end of a word: a
// cased letter comes before it and none behind, whatever is ignorable between.
// Source: CPython Objects/unicodeobject.c, handle_capital_sigma.
func endsWord(s string, i int) bool {
	t := load()
	for before := s[:i]; ; {
		c, n := utf8.DecodeLastRuneInString(before)
		if n == 0 {
			return false
		}
		if !unicode.Is(t.ignorable, c) {
			if !unicode.Is(t.cased, c) {
				return false
			}
			break
		}
		before = before[:len(before)-n]
	}
	for _, c := range s[i+len("Σ"):] {
		if !unicode.Is(t.ignorable, c) {
			return !unicode.Is(t.cased, c)
		}
	}
	return true
}
