package table

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"brine/functions/internal/job"
)

// dialect knows where cells and records end. Quoting is RFC 4180's: a quote
// opens a cell only as its first byte, "" inside stands for a quote, and after
// the closing quote the cell is over. Lines end in LF or CRLF.
type dialect struct {
	delimiter byte
	pattern   uint64 // eight delimiters
}

const (
	eachByte   = 0x0101010101010101
	highBits   = 0x80 * eachByte
	eightQuote = '"' * eachByte
	eightLF    = '\n' * eachByte
	eightCR    = '\r' * eachByte
)

func newDialect(delimiter byte) dialect {
	return dialect{delimiter, uint64(delimiter) * eachByte}
}

// equal marks the bytes of w that equal those of pattern in their high bits.
// Marks above the lowest may be false.
func equal(w, pattern uint64) uint64 {
	w ^= pattern
	return (w - eachByte) &^ w & highBits
}

// cell returns where the cell that begins at p ends: the place of the
// delimiter or line end behind it, or len(b).
func (d dialect) cell(b []byte, p int) (end int, err *job.Error) {
	if p < len(b) && b[p] == '"' {
		return d.quoted(b, p)
	}
	for ; p+8 <= len(b); p += 8 {
		w := binary.LittleEndian.Uint64(b[p:])
		if m := equal(w, d.pattern) | equal(w, eightLF) | equal(w, eightCR) | equal(w, eightQuote); m != 0 {
			p += bits.TrailingZeros64(m) >> 3
			break
		}
	}
	for ; p < len(b); p++ {
		switch b[p] {
		case d.delimiter, '\n':
			return p, nil
		case '\r':
			return p, loneCR(b, p)
		case '"':
			return p, brokenQuotes("a quote inside a cell that does not begin with one",
				`Put the whole cell in quotes and double the quotes in it, as in "5"" pipe"`)
		}
	}
	return p, nil
}

func (d dialect) quoted(b []byte, p int) (end int, err *job.Error) {
	for p++; ; p += 2 {
		n := bytes.IndexByte(b[p:], '"')
		if n < 0 {
			return len(b), brokenQuotes("a quoted cell that is never closed",
				"Close its quote, and double the quotes that belong to it")
		}
		p += n
		if p+1 == len(b) || b[p+1] != '"' {
			break
		}
	}
	p++
	if p == len(b) || b[p] == d.delimiter || b[p] == '\n' {
		return p, nil
	}
	if b[p] == '\r' {
		return p, loneCR(b, p)
	}
	return p, brokenQuotes("text after the closing quote of a cell",
		`Double the quotes that belong to the cell, as in "5"" pipe"`)
}

func brokenQuotes(message, hint string) *job.Error {
	return &job.Error{Type: job.ValidationError, Message: message, Hint: hint, Broken: true}
}

// loneCR is the error for the CR at p unless an LF follows.
func loneCR(b []byte, p int) *job.Error {
	if p+1 < len(b) && b[p+1] == '\n' {
		return nil
	}
	return job.Invalid("a carriage return that is not part of a CRLF line end").
		WithHint("Save the table with LF or CRLF line ends")
}

// line returns the start of the next line if p is at a line end or at len(b),
// else -1.
func line(b []byte, p int) int {
	switch {
	case p == len(b):
		return p
	case b[p] == '\n':
		return p + 1
	case b[p] == '\r' && p+1 < len(b) && b[p+1] == '\n':
		return p + 2
	}
	return -1
}

// blank returns the start of the next line if the line at p is empty or all
// spaces and tabs, else -1. Such lines are no rows, as in pandas.
func (d dialect) blank(b []byte, p int) int {
	for p < len(b) && (b[p] == ' ' || b[p] == '\t') && b[p] != d.delimiter {
		p++
	}
	return line(b, p)
}

// content returns the text of a whole cell: without its quotes, "" as one.
// It is a part of cell unless that holds "".
func content(cell []byte) []byte {
	if len(cell) == 0 || cell[0] != '"' {
		return cell
	}
	cell = cell[1 : len(cell)-1]
	if bytes.IndexByte(cell, '"') < 0 {
		return cell
	}
	return bytes.ReplaceAll(cell, []byte(`""`), []byte(`"`))
}

// quote returns text as a cell: quoted where CSV needs it.
func (d dialect) quote(text string) string {
	if !d.special(text) {
		return text
	}
	cell := []byte{'"'}
	for i := range len(text) {
		if text[i] == '"' {
			cell = append(cell, '"')
		}
		cell = append(cell, text[i])
	}
	return string(append(cell, '"'))
}

func (d dialect) special(text string) bool {
	for i := range len(text) {
		switch text[i] {
		case d.delimiter, '"', '\n', '\r':
			return true
		}
	}
	return false
}

// fields counts the cells of the record at p.
func (d dialect) fields(b []byte, p int) int {
	for n := 1; ; n++ {
		end, err := d.cell(b, p)
		if err != nil || end == len(b) || b[end] != d.delimiter {
			return n
		}
		p = end + 1
	}
}
