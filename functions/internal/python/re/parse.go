package re

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parser reads a pattern into parts.
// Source: CPython Lib/re/_parser.py.
type parser struct {
	rest  string
	parts []piece
	sets  []set
}

// piece is syntax that both engines share, or a set of characters.
type piece struct {
	syntax string
	set    int
}

func (p *parser) parse() error {
	p.rest = strings.TrimPrefix(p.rest, "(?u)")
	for p.rest != "" {
		if err := p.next(); err != nil {
			return err
		}
	}
	return nil
}

// translate writes the pattern for Go, in the symbols of an alphabet.
func (p *parser) translate(a *alphabet) string {
	var out strings.Builder
	for _, part := range p.parts {
		if part.syntax != "" {
			out.WriteString(part.syntax)
		} else {
			out.WriteString(a.class[part.set])
		}
	}
	return out.String()
}

func (p *parser) add(s set) {
	p.parts = append(p.parts, piece{set: len(p.sets)})
	p.sets = append(p.sets, s)
}

func (p *parser) addSyntax(s string) { p.parts = append(p.parts, piece{syntax: s}) }

// take removes and returns the next character, 0 at the end.
func (p *parser) take() rune {
	if p.rest == "" {
		return 0
	}
	c, n := utf8.DecodeRuneInString(p.rest)
	p.rest = p.rest[n:]
	return c
}

func (p *parser) has(prefix string) bool {
	rest, ok := strings.CutPrefix(p.rest, prefix)
	p.rest = rest
	return ok
}

func (p *parser) next() error {
	switch c := p.take(); c {
	case '\\':
		return p.escape()
	case '[':
		return p.class()
	case '(':
		return p.open()
	case ')', '|':
		p.addSyntax(string(c))
	case '*', '+', '?', '{':
		return p.repeat(c)
	case '.':
		p.add(complement(set{{'\n', '\n'}}))
	case '^':
		p.addSyntax(`\A`)
	case '$':
		return fmt.Errorf("$ is not supported")
	default:
		p.add(set{{c, c}})
	}
	return nil
}

func (p *parser) open() error {
	switch {
	case p.has("?:"):
		p.addSyntax("(?:")
	case strings.HasPrefix(p.rest, "?"):
		return fmt.Errorf("(%.3s is not supported", p.rest)
	default:
		p.addSyntax("(")
	}
	return nil
}

// repeat reads a quantifier whose first character is taken.
func (p *parser) repeat(c rune) error {
	text := string(c)
	if c == '{' {
		bounds, ok := p.bounds()
		if !ok {
			p.add(set{{'{', '{'}})
			return nil
		}
		text = bounds
	}
	if p.has("?") {
		text += "?"
	}
	if p.rest != "" && strings.ContainsRune("*+?", rune(p.rest[0])) {
		return fmt.Errorf("%s%c is not supported", text, p.rest[0])
	}
	p.addSyntax(text)
	return nil
}

// bounds reads m}, m,}, ,n} or m,n}; any other { stands for itself.
func (p *parser) bounds() (text string, ok bool) {
	inside, rest, ok := strings.Cut(p.rest, "}")
	if !ok || inside == "" {
		return "", false
	}
	low, high, two := strings.Cut(inside, ",")
	for _, bound := range []string{low, high} {
		if strings.Trim(bound, "0123456789") != "" {
			return "", false
		}
	}
	p.rest = rest
	if low == "" {
		low = "0"
	}
	if !two {
		return "{" + plain(low) + "}", true
	}
	return "{" + plain(low) + "," + plain(high) + "}", true
}

// plain leaves the zeros in front of a number out, which Go does not take.
func plain(number string) string {
	if trimmed := strings.TrimLeft(number, "0"); trimmed != "" || number == "" {
		return trimmed
	}
	return "0"
}

// escape reads what follows a backslash outside of a class.
func (p *parser) escape() error {
	switch {
	case p.has("b"):
		p.addSyntax(`\b`)
	case p.has("B"):
		p.addSyntax(`\B`)
	case p.has("A"):
		p.addSyntax(`\A`)
	case p.has("Z"):
		p.addSyntax(`\z`)
	default:
		s, err := p.escaped()
		if err != nil {
			return err
		}
		p.add(s)
	}
	return nil
}

// escaped reads what follows a backslash and means the same inside of a class.
func (p *parser) escaped() (set, error) {
	c := p.take()
	switch c {
	case 'w':
		return wordSet(), nil
	case 'W':
		return complement(wordSet()), nil
	case 'd':
		return decimalSet(), nil
	case 'D':
		return complement(decimalSet()), nil
	case 's':
		return spaceSet(), nil
	case 'S':
		return complement(spaceSet()), nil
	case 'x':
		return p.hex(2)
	case 'u':
		return p.hex(4)
	case 'U':
		return p.hex(8)
	}
	if i := strings.IndexRune("abfnrtv", c); i >= 0 {
		c = rune("\a\b\f\n\r\t\v"[i])
	} else if c == 0 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
		return nil, fmt.Errorf(`\%c is not supported`, c)
	}
	return set{{c, c}}, nil
}

func (p *parser) hex(digits int) (set, error) {
	if len(p.rest) < digits {
		return nil, fmt.Errorf("an escape is cut short")
	}
	c, err := strconv.ParseUint(p.rest[:digits], 16, 31)
	if err != nil || c > utf8.MaxRune {
		return nil, fmt.Errorf("%q is no code point", p.rest[:digits])
	}
	p.rest = p.rest[digits:]
	return set{{rune(c), rune(c)}}, nil
}

// class reads a class whose bracket is taken.
func (p *parser) class() error {
	negated := p.has("^")
	var all set
	for first := true; ; first = false {
		if p.rest == "" {
			return fmt.Errorf("a class is not closed")
		}
		if !first && p.has("]") {
			break
		}
		s, err := p.member()
		if err != nil {
			return err
		}
		all = union(all, s)
	}
	if negated {
		all = complement(all)
	}
	p.add(all)
	return nil
}

// member reads one character, range or set of a class.
func (p *parser) member() (set, error) {
	low, err := p.one()
	if err != nil || !strings.HasPrefix(p.rest, "-") || strings.HasPrefix(p.rest, "-]") {
		return low, err
	}
	p.take()
	if p.rest == "" {
		return nil, fmt.Errorf("a class is not closed")
	}
	high, err := p.one()
	if err != nil {
		return nil, err
	}
	single := func(s set) bool { return len(s) == 1 && s[0].first == s[0].last }
	if !single(low) || !single(high) || low[0].first > high[0].first {
		return nil, fmt.Errorf("a class has a bad range")
	}
	return set{{low[0].first, high[0].first}}, nil
}

func (p *parser) one() (set, error) {
	if p.has(`\`) {
		return p.escaped()
	}
	c := p.take()
	return set{{c, c}}, nil
}
