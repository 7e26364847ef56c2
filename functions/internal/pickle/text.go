package pickle

import (
	"bytes"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDigits is Python's own bound on numbers in text (sys.int_info).
const maxDigits = 4300

// textInt reads INT: a number in decimal, or 00 and 01 for the bools.
func (m *machine) textInt() {
	switch s := string(m.line()); s {
	case "00":
		m.push(false)
	case "01":
		m.push(true)
	default:
		m.pushInt(s)
	}
}

// textLong reads LONG: a number in decimal with an L behind it.
func (m *machine) textLong() {
	m.pushInt(strings.TrimSuffix(string(m.line()), "L"))
}

func (m *machine) pushInt(s string) {
	if len(s) > maxDigits {
		m.fail("a number of %d digits", len(s))
		return
	}
	v, ok := new(big.Int).SetString(s, 10)
	if !ok {
		m.fail("%.40q is no whole number", s)
		return
	}
	m.push(narrow(v))
}

func (m *machine) textFloat() {
	s := string(m.line())
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		m.fail("%.40q is no number", s)
		return
	}
	m.push(v)
}

// textIndex reads the decimal memo index of GET and PUT.
func (m *machine) textIndex() uint64 {
	s := m.line()
	v, err := strconv.ParseUint(string(s), 10, 63)
	if err != nil {
		m.fail("a memo index that is no number")
	}
	return v
}

// unicode pushes text in UTF-8.
func (m *machine) unicode(b []byte) {
	if m.encodes() && len(b) > 2 { // Python may share a character with another use
		if data, ok := latin1(b); ok {
			m.push(&encodable{data})
			return
		}
	}
	if !utf8.Valid(b) {
		m.fail("text that is not UTF-8")
		return
	}
	m.push(string(b))
}

// ascii pushes a Python 2 string, which Python 3 takes only if it is ASCII.
func (m *machine) ascii(b []byte) {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			m.fail("a Python 2 string that is not ASCII: Python 3 cannot read it either")
			return
		}
	}
	m.push(string(b))
}

// textUnicode reads UNICODE, whose line is in Python's raw-unicode-escape:
// Latin-1 with \uXXXX and \UXXXXXXXX.
func (m *machine) textUnicode() {
	b := m.line()
	text := make([]byte, 0, len(b))
	for len(b) > 0 {
		switch {
		case b[0] != '\\' || len(b) == 1:
			text = utf8.AppendRune(text, rune(b[0]))
			b = b[1:]
		case b[1] == 'u' || b[1] == 'U':
			digits := 4
			if b[1] == 'U' {
				digits = 8
			}
			r, ok := hexRune(b[2:], digits)
			if !ok {
				m.fail("a broken unicode escape")
				return
			}
			text = utf8.AppendRune(text, r)
			b = b[2+digits:]
		default:
			text = append(utf8.AppendRune(text, '\\'), string(rune(b[1]))...)
			b = b[2:]
		}
	}
	m.push(string(text))
}

func hexRune(b []byte, digits int) (rune, bool) {
	if len(b) < digits {
		return 0, false
	}
	v, err := strconv.ParseUint(string(b[:digits]), 16, 32)
	return rune(v), err == nil && v <= utf8.MaxRune && utf8.ValidRune(rune(v))
}

// textString reads STRING: a Python 2 string as its repr.
func (m *machine) textString() {
	b := bytes.TrimRight(m.line(), " \t\r")
	n := len(b)
	if n < 2 || b[0] != b[n-1] || b[0] != '\'' && b[0] != '"' {
		m.fail("a string without quotes")
		return
	}
	text, ok := unescape(b[1 : n-1])
	if !ok {
		m.fail("a broken string escape")
		return
	}
	m.ascii(text)
}

// unescape decodes the escapes that Python 2 writes in the repr of a string.
func unescape(b []byte) ([]byte, bool) {
	const letters, meant = `\'"nrt`, "\\'\"\n\r\t"
	var text []byte
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			text = append(text, b[i])
			continue
		}
		if i++; i == len(b) {
			return nil, false
		}
		if k := strings.IndexByte(letters, b[i]); k >= 0 {
			text = append(text, meant[k])
			continue
		}
		if b[i] != 'x' || i+2 >= len(b) {
			return nil, false
		}
		v, err := strconv.ParseUint(string(b[i+1:i+3]), 16, 8)
		if err != nil {
			return nil, false
		}
		text = append(text, byte(v))
		i += 2
	}
	return text, true
}
