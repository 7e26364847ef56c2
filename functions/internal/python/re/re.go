// Package re finds the matches of a Python regular expression as re.findall
// does, by Go's engine, which never takes long.
//
// Both engines prefer the same match of what is accepted here: literals,
// classes, groups, alternatives, greedy and lazy repetition, \b, \B, ^, \A and
// \Z. Their characters differ: Go's \w and \b know ASCII only. So a text is
// matched in translation: each character becomes one of at most 128 symbols
// that stands for all characters which the pattern does not tell apart, and
// those that Python counts to words become symbols that Go does.
//
// What has another meaning in Go, or none, is refused: lookaround, back
// references, flags, $, possessive and atomic groups, and patterns that match
// the empty string, or repeat what does.
package re

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"unicode/utf8"
)

// Pattern is a compiled regular expression. It serves many goroutines at once.
type Pattern struct {
	re       *regexp.Regexp
	alphabet *alphabet
	group    int // that findall returns: the one that there is, else 0
}

// Compile translates a pattern; the error says what is not supported.
func Compile(pattern string) (*Pattern, error) {
	p := parser{rest: pattern}
	if err := p.parse(); err != nil {
		return nil, err
	}
	a, err := newAlphabet(p.sets)
	if err != nil {
		return nil, err
	}
	translated := p.translate(a)
	tree, err := syntax.Parse(translated, syntax.Perl)
	if err != nil {
		return nil, err
	}
	if err := check(tree); err != nil {
		return nil, err
	}
	if shortest(tree) == 0 {
		return nil, fmt.Errorf("it matches the empty string")
	}
	compiled, err := regexp.Compile(translated)
	if err != nil {
		return nil, err
	}
	if compiled.NumSubexp() > 1 {
		return nil, fmt.Errorf("it has more than one capturing group")
	}
	return &Pattern{re: compiled, alphabet: a, group: compiled.NumSubexp()}, nil
}

// check refuses to repeat what can be empty or captures: there the engines differ.
func check(tree *syntax.Regexp) error {
	switch tree.Op {
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		if shortest(tree.Sub[0]) == 0 {
			return fmt.Errorf("it repeats what matches the empty string")
		}
		if tree.Op != syntax.OpQuest && tree.MaxCap() > 0 {
			return fmt.Errorf("it repeats a capturing group")
		}
	}
	for _, sub := range tree.Sub {
		if err := check(sub); err != nil {
			return err
		}
	}
	return nil
}

// shortest is the length of the shortest match.
func shortest(tree *syntax.Regexp) int {
	switch tree.Op {
	case syntax.OpLiteral:
		return len(tree.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpNoMatch:
		return 1
	case syntax.OpPlus, syntax.OpCapture:
		return shortest(tree.Sub[0])
	case syntax.OpRepeat:
		return tree.Min * shortest(tree.Sub[0])
	case syntax.OpConcat:
		n := 0
		for _, sub := range tree.Sub {
			n += shortest(sub)
		}
		return n
	case syntax.OpAlternate:
		n := shortest(tree.Sub[0])
		for _, sub := range tree.Sub[1:] {
			n = min(n, shortest(sub))
		}
		return n
	}
	return 0
}

// Finder finds matches. It is kept from text to text for its memory and serves
// one goroutine at a time.
type Finder struct {
	pattern *Pattern
	symbols []byte
	places  []int // where in the text each symbol's character begins
}

// Finder returns a finder of the pattern's matches.
func (p *Pattern) Finder() *Finder { return &Finder{pattern: p} }

// All calls found with the bounds of each match in the text, or of its
// capturing group: both 0 where that took no part.
func (f *Finder) All(text []byte, found func(from, to int)) {
	f.symbols, f.places = f.symbols[:0], f.places[:0]
	for i := 0; i < len(text); {
		c, n := utf8.DecodeRune(text[i:])
		f.symbols = append(f.symbols, f.pattern.alphabet.of(c))
		f.places = append(f.places, i)
		i += n
	}
	f.places = append(f.places, len(text))
	group := 2 * f.pattern.group
	for _, m := range f.pattern.re.FindAllSubmatchIndex(f.symbols, -1) {
		if m[group] < 0 {
			found(0, 0)
			continue
		}
		found(f.places[m[group]], f.places[m[group+1]])
	}
}
