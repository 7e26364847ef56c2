package re

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"brine/functions/internal/python/unicodedata"
)

// set is a set of characters as spans, ascending and apart.
type set []span

type span struct{ first, last rune }

func tableSet(t *unicode.RangeTable) set {
	var s set
	for _, r := range t.R16 {
		s = append(s, span{rune(r.Lo), rune(r.Hi)})
	}
	for _, r := range t.R32 {
		s = append(s, span{rune(r.Lo), rune(r.Hi)})
	}
	return union(s)
}

// The sets of \w, \d and \s.
func wordSet() set    { return union(tableSet(unicodedata.Alnum()), set{{'_', '_'}}) }
func decimalSet() set { return tableSet(unicodedata.Decimal()) }
func spaceSet() set   { return tableSet(unicodedata.Space) }

func union(sets ...set) set {
	all := slices.Concat(sets...)
	slices.SortFunc(all, func(a, b span) int { return int(a.first - b.first) })
	out := all[:0]
	for _, s := range all {
		if n := len(out); n > 0 && s.first <= out[n-1].last+1 {
			out[n-1].last = max(out[n-1].last, s.last)
			continue
		}
		out = append(out, s)
	}
	return out
}

func complement(s set) set {
	var out set
	next := rune(0)
	for _, s := range s {
		if next < s.first {
			out = append(out, span{next, s.first - 1})
		}
		next = s.last + 1
	}
	if next <= unicode.MaxRune {
		out = append(out, span{next, unicode.MaxRune})
	}
	return out
}

// alphabet writes each character as a symbol: characters in the same sets have
// the same, and it is one that Go counts to words if Python does the character.
type alphabet struct {
	first  []rune // where each run of characters with one symbol begins
	symbol []byte
	ascii  [128]byte
	class  []string // of the symbols in each set
}

// What Go counts to words, and what it does not.
var wordSymbols, otherSymbols = func() (word, other []byte) {
	for b := range byte(128) {
		if b == '_' || '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' {
			word = append(word, b)
		} else {
			other = append(other, b)
		}
	}
	return word, other
}()

func newAlphabet(sets []set) (*alphabet, error) {
	all := append(slices.Clone(sets), wordSet())
	cuts := []rune{0}
	for _, s := range all {
		for _, s := range s {
			cuts = append(cuts, s.first, s.last+1)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)

	a := &alphabet{first: cuts, symbol: make([]byte, len(cuts)), class: make([]string, len(sets))}
	word, other := wordSymbols, otherSymbols
	known := map[string]byte{}
	signatures := signatures(cuts, all)
	for i, signature := range signatures {
		b, ok := known[signature]
		if !ok {
			from := &other
			if signature[len(sets)] == '1' {
				from = &word
			}
			if len(*from) == 0 {
				return nil, fmt.Errorf("it tells too many characters apart")
			}
			b, *from = (*from)[0], (*from)[1:]
			known[signature] = b
		}
		a.symbol[i] = b
	}
	for k := range sets {
		a.class[k] = class(known, k)
	}
	for c := range a.ascii {
		a.ascii[c] = a.find(rune(c))
	}
	return a, nil
}

// signatures says for each run of characters, a digit a set, whether it is in.
func signatures(cuts []rune, sets []set) []string {
	digits := make([][]byte, len(cuts))
	for i := range digits {
		digits[i] = []byte(strings.Repeat("0", len(sets)))
	}
	for k, s := range sets {
		for _, s := range s {
			i, _ := slices.BinarySearch(cuts, s.first)
			for ; i < len(cuts) && cuts[i] <= s.last; i++ {
				digits[i][k] = '1'
			}
		}
	}
	out := make([]string, len(cuts))
	for i, d := range digits {
		out[i] = string(d)
	}
	return out
}

// class writes the symbols of set k in Go's syntax.
func class(known map[string]byte, k int) string {
	var in []byte
	for signature, b := range known {
		if signature[k] == '1' {
			in = append(in, b)
		}
	}
	if in == nil {
		return `[^\x00-\x{10FFFF}]`
	}
	slices.Sort(in)
	var text strings.Builder
	text.WriteByte('[')
	for _, b := range in {
		fmt.Fprintf(&text, `\x%02x`, b)
	}
	text.WriteByte(']')
	return text.String()
}

// of returns a character's symbol.
func (a *alphabet) of(c rune) byte {
	if c < 128 {
		return a.ascii[c]
	}
	return a.find(c)
}

func (a *alphabet) find(c rune) byte {
	i, found := slices.BinarySearch(a.first, c)
	if !found {
		i--
	}
	return a.symbol[i]
}
