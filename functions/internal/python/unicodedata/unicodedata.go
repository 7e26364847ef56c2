// Package unicodedata has what Python's str and unicodedata know of characters,
// by Unicode 14.0: the version of Python 3.11. Go's own tables are of another,
// and its strings.ToLower does other things.
package unicodedata

import (
	"cmp"
	_ "embed" // the tables
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// characters is made by testdata/oracle/characters.py, which asks Python.
//
//go:embed characters.txt
var characters string

type tables struct {
	alnum, decimal, cased, ignorable, assigned *unicode.RangeTable
	lower                                      []smaller
}

// smaller are every step-th code point from first to last, whose lower case is
// by further on.
type smaller struct{ first, last, step, by rune }

var load = sync.OnceValue(func() *tables {
	t := &tables{}
	of := map[string]**unicode.RangeTable{
		"alnum": &t.alnum, "decimal": &t.decimal, "cased": &t.cased, "ignorable": &t.ignorable, "assigned": &t.assigned,
	}
	for line := range strings.Lines(characters) {
		name, ranges, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case of[name] != nil:
			*of[name] = rangeTable(ranges)
		case name == "lower":
			t.lower = smallers(ranges)
		}
	}
	return t
})

// bounds reads first-last, or first alone, in hexadecimal.
func bounds(field string) (first, last rune) {
	low, high, two := strings.Cut(field, "-")
	if !two {
		high = low
	}
	return codePoint(low), codePoint(high)
}

func codePoint(digits string) rune {
	n, err := strconv.ParseInt(digits, 16, 32)
	if err != nil {
		panic(err)
	}
	return rune(n)
}

func rangeTable(ranges string) *unicode.RangeTable {
	t := &unicode.RangeTable{}
	for field := range strings.FieldsSeq(ranges) {
		lo, hi := bounds(field)
		if lo <= 0xffff {
			t.R16 = append(t.R16, unicode.Range16{Lo: uint16(lo), Hi: uint16(min(hi, 0xffff)), Stride: 1})
			if hi <= unicode.MaxLatin1 {
				t.LatinOffset++
			}
			lo = 0x10000
		}
		if lo <= hi {
			t.R32 = append(t.R32, unicode.Range32{Lo: uint32(lo), Hi: uint32(hi), Stride: 1})
		}
	}
	return t
}

// smallers reads first-last/step/by.
func smallers(ranges string) (all []smaller) {
	for field := range strings.FieldsSeq(ranges) {
		span, rest, _ := strings.Cut(field, "/")
		step, by, _ := strings.Cut(rest, "/")
		first, last := bounds(span)
		all = append(all, smaller{first, last, codePoint(step), codePoint(by)})
	}
	return all
}

// Alnum has the characters of str.isalnum: with the underscore, \w of re.
func Alnum() *unicode.RangeTable { return load().alnum }

// Decimal has the characters of str.isdecimal: \d of re.
func Decimal() *unicode.RangeTable { return load().decimal }

// Space has the characters of str.isspace: \s of re, and where str.split cuts.
var Space = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x9, Hi: 0xd, Stride: 1},
		{Lo: 0x1c, Hi: 0x20, Stride: 1},
		{Lo: 0x85, Hi: 0x85, Stride: 1},
		{Lo: 0xa0, Hi: 0xa0, Stride: 1},
		{Lo: 0x1680, Hi: 0x1680, Stride: 1},
		{Lo: 0x2000, Hi: 0x200a, Stride: 1},
		{Lo: 0x2028, Hi: 0x2029, Stride: 1},
		{Lo: 0x202f, Hi: 0x202f, Stride: 1},
		{Lo: 0x205f, Hi: 0x205f, Stride: 1},
		{Lo: 0x3000, Hi: 0x3000, Stride: 1},
	},
	LatinOffset: 4,
}

// The Hangul syllables, whose parts follow from their number.
// Source: The Unicode Standard, section 3.12.
const (
	hangulFirst, hangulLast = 0xac00, 0xd7a3
	leading, vowel, tail    = 0x1100, 0x1161, 0x11a7
	vowels, tails           = 21, 28
)

// AppendBase appends what is left of a character when it is decomposed (NFKD)
// and what combines with another is dropped: what stays of it where accents
// are stripped.
func AppendBase(dst []byte, c rune) []byte {
	switch {
	case c < 0x80:
		return append(dst, byte(c))
	case hangulFirst <= c && c <= hangulLast:
		n := c - hangulFirst
		dst = utf8.AppendRune(dst, leading+n/(vowels*tails))
		dst = utf8.AppendRune(dst, vowel+n/tails%vowels)
		if n%tails > 0 {
			dst = utf8.AppendRune(dst, tail+n%tails)
		}
		return dst
	case !unicode.Is(load().assigned, c):
		return utf8.AppendRune(dst, c)
	}
	p := properties(c)
	if p.Decomposition() == nil {
		if p.CCC() != 0 {
			return dst
		}
		return utf8.AppendRune(dst, c)
	}
	for _, part := range string(p.Decomposition()) {
		if properties(part).CCC() == 0 {
			dst = utf8.AppendRune(dst, part)
		}
	}
	return dst
}

func properties(c rune) norm.Properties {
	var b [4]byte
	return norm.NFKD.Properties(utf8.AppendRune(b[:0], c))
}

// lowerOf returns the lower case of a character that is one character.
func lowerOf(c rune) rune {
	all := load().lower
	i, found := slices.BinarySearchFunc(all, c, func(s smaller, c rune) int { return cmp.Compare(s.last, c) })
	if !found && (i == len(all) || c < all[i].first) {
		return c
	}
	if s := all[i]; (c-s.first)%s.step == 0 {
		return c + s.by
	}
	return c
}
