package table

import (
	"bytes"
	"math"
	"slices"
	"unicode/utf8"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
)

// MaxRecord is how many bytes a record may have, its line end included.
const MaxRecord = 16 << 20

// Rows remembers where in a block its records lie. It is kept from block to
// block for its memory and serves one goroutine at a time.
type Rows struct {
	// Count is how many rows the block has.
	Count int
	// Kinds says for each feature what its cells are. The caller joins them
	// over the table's blocks, for CheckKinds.
	Kinds []Kinds

	block []byte
	// cuts are the places of each row's outputs: begin and end of each cell
	// that is replaced, then the record's end if there are outputs behind it.
	cuts []int32
}

// Parse reads a block of whole records, less than 2 GiB, into a frame whose
// columns are the layout's features in their order; their memory comes from
// mem, and rows is filled for AppendRows, which needs the block unchanged.
//
// Errors are ValidationErrors; their Row counts from 1 at the block's first
// row. Lines that are blank are no rows. That a number column has True or False
// beside numbers is for CheckKinds to refuse.
func (l *Layout) Parse(block []byte, mem *frame.Arena, rows *Rows) (*frame.Frame, error) {
	p := parser{Layout: l, block: block, bools: make([]int, len(l.features))}
	p.quotes = bytes.IndexByte(block, '"') >= 0
	most := bytes.Count(block, []byte{'\n'}) + 1
	p.stride = l.cuts()
	p.cuts = slices.Grow(rows.cuts[:0], most*p.stride)[:most*p.stride]
	p.allocate(frame.New(most, mem))
	if err := p.records(); err != nil {
		err.Row = int64(p.row) + 1
		return nil, err
	}
	rows.Count, rows.block, rows.cuts = p.row, block, p.cuts
	f := p.frame()
	rows.Kinds = p.kinds(rows.Kinds)
	return f, nil
}

// Kinds says what the cells of a number column are, beside missing ones.
type Kinds uint8

// What a column may have, joined by |.
const (
	HasNumber Kinds = 1 << iota
	HasBool
)

// parser is the state of one Parse.
type parser struct {
	*Layout
	block   []byte
	quotes  bool   // the block has some
	text    string // the block, if a text column is read
	valid   bool   // which then is UTF-8 without NUL
	out     *frame.Frame
	targets []target // one a table column
	row     int
	cuts    []int32
	stride  int   // cuts of a row
	bools   []int // how many cells of each feature are True or False

	// Of the records that are being read:
	start   int   // where the first begins
	pending []int // the features of their cells that are True or False
}

// target is where a table column's cells go.
type target struct {
	field
	ends  uint64     // eight of the byte behind a cell: a delimiter, or how a line ends
	cells []float64  // of a number column
	forms *[256]form // of a number column: decimals or integers
}

// allocate makes the columns, as long as the most rows that there can be.
func (p *parser) allocate(out *frame.Frame) {
	p.out = out
	out.Cols = make([]frame.Column, len(p.features))
	p.targets = make([]target, len(p.fields))
	for i, f := range p.fields {
		t := &p.targets[i]
		t.field, t.ends = f, p.pattern
		if i == len(p.fields)-1 {
			t.ends = uint64((p.header.Newline + "\n")[0]) * eachByte
		}
		switch f.use {
		case number:
			out.Cols[f.feature] = out.NumberColumn(p.features[f.feature].Name)
			t.cells, t.forms = out.Cols[f.feature].Num, decimals()
		case text:
			out.Cols[f.feature] = out.TextColumn(p.features[f.feature].Name)
			if p.text == "" {
				p.text = string(p.block)
				p.valid = utf8.ValidString(p.text) && bytes.IndexByte(p.block, 0) < 0
			}
		}
	}
}

// frame cuts the columns to the rows that there were.
func (p *parser) frame() *frame.Frame {
	p.out.Rows = p.row
	for i := range p.out.Cols {
		c := &p.out.Cols[i]
		if a := p.alias[i]; a != i {
			*c = p.out.Cols[a]
			continue
		}
		switch p.features[i].Kind {
		case frame.Unused:
			*c = frame.Column{Name: p.features[i].Name, Kind: frame.Unused}
		case frame.Number:
			c.Num = c.Num[:p.row]
			c.Narrow = p.bools[i] > 0
		case frame.Text:
			c.Text = c.Text[:p.row]
			if c.Missing != nil {
				c.Missing = c.Missing[:p.row]
			}
		}
	}
	return p.out
}

// lanes is how many records are read at a time, cell by cell. Where a cell
// begins is known only when the one before it has been read; the processor need
// not wait for that while it has cells of other records to read.
const lanes = 8

// records reads the whole block.
func (p *parser) records() *job.Error {
	for at := 0; at < len(p.block); {
		if next := p.blankLine(at); next >= 0 {
			if next-at > MaxRecord {
				return cutOff()
			}
			at = next
			continue
		}
		starts, n := p.ahead(at)
		next, err := p.read(starts[:n])
		if err != nil && n > 1 { // in which of them?
			n = 1
			next, err = p.read(starts[:1])
		}
		if err != nil && len(p.block)-at > MaxRecord && firstEnd(p.block[at:], false) == 0 {
			return cutOff() // what else is wrong with it comes from that
		}
		if err != nil {
			return err
		}
		p.row += n
		at = next
	}
	return nil
}

// cutOff is the error of a record that was not read to its end: there is none
// that could be left out.
func cutOff() *job.Error {
	err := tooLong()
	err.Broken = true
	return err
}

func tooLong() *job.Error {
	return job.Invalid("the row is longer than %d bytes", MaxRecord).WithHint("Check that its quotes are closed")
}

// blankLine returns where the line behind the blank one at b[at] begins, or -1.
func (p *parser) blankLine(at int) int {
	if p.block[at] > ' ' {
		return -1
	}
	return p.blank(p.block, at)
}

// ahead returns where the record at b[start] and the next ones begin, if their
// quotes are as they should be.
func (p *parser) ahead(start int) (starts [lanes]int, n int) {
	starts[0] = start
	for n = 1; n < lanes; n++ {
		size := bytes.IndexByte(p.block[start:], '\n') + 1
		if p.quotes {
			size = firstEnd(p.block[start:], false)
		}
		start += size
		if size == 0 || start == len(p.block) || p.blankLine(start) >= 0 {
			break
		}
		starts[n] = start
	}
	return starts, n
}

// read reads the records at starts and returns where the next line begins. If
// there is an error, all of them are still to be read; it is that of the first
// record if this is the only one.
func (p *parser) read(starts []int) (next int, err *job.Error) {
	var places [lanes]int
	at := places[:copy(places[:], starts)]
	p.start, p.pending = starts[0], p.pending[:0]
	cut := 0
	for i := range p.targets {
		t := &p.targets[i]
		if t.replaced {
			p.cut(cut, at, 0)
		}
		switch t.use {
		case number:
			err = p.numbers(at, i)
		case text:
			err = p.texts(at, i)
		default:
			err = p.skip(at, i)
		}
		if err != nil {
			return 0, err
		}
		if t.replaced {
			p.cut(cut+1, at, -1)
			cut += 2
		}
	}
	if p.appended > 0 {
		p.cut(cut, at, -1)
	}
	if next, err = p.ends(starts, at); err != nil {
		return 0, err
	}
	for _, feature := range p.pending {
		p.bools[feature]++
	}
	return next, nil
}

// ends checks that each record, whose last cell ends one byte before at, ends
// where the next one begins.
func (p *parser) ends(starts, at []int) (next int, err *job.Error) {
	for k, start := range starts {
		end := at[k] - 1
		switch next = line(p.block, end); {
		case next < 0:
			return 0, loneCR(p.block, end)
		case next-start > MaxRecord:
			return 0, tooLong()
		case k+1 < len(starts) && next != starts[k+1]:
			return 0, p.wrongLength()
		}
	}
	return next, nil
}

// cut notes the records' cut of that number: off bytes from their places at.
func (p *parser) cut(number int, at []int, off int) {
	for k, place := range at {
		p.cuts[(p.row+k)*p.stride+number] = int32(place + off)
	}
}

// behind returns where the cell behind the one of column i that ends at b[end]
// begins; for the last column, end+1.
func (p *parser) behind(end, i int) (next int, err *job.Error) {
	b := p.block
	switch {
	case end < len(b) && b[end] == p.delimiter && i < len(p.targets)-1:
	case i < len(p.targets)-1:
		return 0, p.wrongLength()
	case line(b, end) < 0 && b[end] == '\r':
		return 0, loneCR(b, end)
	case line(b, end) < 0:
		return 0, p.wrongLength()
	}
	return end + 1, nil
}

// wrongLength is the error of the first record that is being read.
func (p *parser) wrongLength() *job.Error {
	found := p.dialect.fields(p.block, p.start)
	err := job.Invalid("expected %d fields, found %d", len(p.fields), found)
	if found < len(p.fields) {
		return err.WithHint("A row has a cell, empty or not, for each column of the header")
	}
	return err.WithHint("Quote cells that hold the delimiter %q", p.delimiter)
}

// kinds tells what the block's cells of each feature are.
func (p *parser) kinds(kinds []Kinds) []Kinds {
	kinds = append(kinds[:0], make([]Kinds, len(p.features))...)
	for i := range kinds {
		bools := p.bools[i]
		if bools > 0 {
			kinds[i] |= HasBool
		}
		for _, v := range p.out.Cols[i].Num[:min(p.row, len(p.out.Cols[i].Num))] {
			if math.IsNaN(v) {
				continue
			}
			if bools--; bools < 0 {
				kinds[i] |= HasNumber
				break
			}
		}
	}
	return kinds
}

// CheckKinds refuses a feature that has both True or False and numbers, given
// what all of the table's blocks have: pandas would read it as text.
func CheckKinds(features []string, kinds []Kinds) error {
	for i, k := range kinds {
		if k == HasBool|HasNumber {
			err := job.Invalid("True or False and numbers in one column").
				WithHint("pandas reads such a column as text. Write it as 0 and 1 throughout")
			err.Column = features[i]
			return err
		}
	}
	return nil
}
