package table

import (
	"bytes"
	"math"
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
// row. Lines that are blank are no rows. A number column that has True or False
// in a block has nothing else there but missing values.
func (l *Layout) Parse(block []byte, mem *frame.Arena, rows *Rows) (*frame.Frame, error) {
	p := parser{Layout: l, block: block, cuts: rows.cuts[:0]}
	p.allocate(frame.New(bytes.Count(block, []byte{'\n'})+1, mem))
	if err := p.records(); err != nil {
		err.Row = int64(p.row) + 1
		return nil, err
	}
	rows.Count, rows.block, rows.cuts = p.row, block, p.cuts
	rows.Kinds = p.kinds(rows.Kinds)
	return p.frame(), nil
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
	text    string // the block, if a text column is read
	valid   bool   // which then is UTF-8 without NUL
	out     *frame.Frame
	targets []target // one a table column
	row     int
	cuts    []int32
	bools   []int // how many cells of each feature are True or False
}

// target is where a table column's cells go.
type target struct {
	field
	cells []float64 // of a number column
}

// allocate makes the columns, as long as the most rows that there can be.
func (p *parser) allocate(out *frame.Frame) {
	p.out = out
	out.Cols = make([]frame.Column, len(p.features))
	p.targets = make([]target, len(p.fields))
	for i, f := range p.fields {
		p.targets[i].field = f
		switch f.use {
		case number:
			out.Cols[f.feature] = out.NumberColumn(p.features[f.feature].Name)
			p.targets[i].cells = out.Cols[f.feature].Num
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
		case frame.Text:
			c.Text = c.Text[:p.row]
			if c.Missing != nil {
				c.Missing = c.Missing[:p.row]
			}
		}
	}
	return p.out
}

// records reads the whole block.
func (p *parser) records() *job.Error {
	for at := 0; at < len(p.block); {
		next := -1
		if p.block[at] <= ' ' {
			next = p.blank(p.block, at)
		}
		row := next < 0
		if row {
			var err *job.Error
			if next, err = p.record(at); err != nil {
				return err
			}
		}
		if next-at > MaxRecord {
			return job.Invalid("the row is longer than %d bytes", MaxRecord).WithHint("Check that its quotes are closed")
		}
		if row {
			p.row++
		}
		at = next
	}
	return nil
}

// record reads the record at start and returns where the next line begins.
func (p *parser) record(start int) (next int, err *job.Error) {
	b, last := p.block, len(p.fields)-1
	at, end := start, start
	for i := 0; ; i++ {
		if p.fields[i].use == number {
			if at, i = p.plain(at, i); i > last {
				end = at
				break
			}
		}
		switch p.fields[i].use {
		case number:
			p.targets[i].cells[p.row], end, err = p.number(at, i)
		case text:
			end, err = p.textCell(at, i)
		default:
			end, err = p.cell(b, at)
		}
		if err != nil {
			return 0, err
		}
		if p.fields[i].replaced {
			p.cuts = append(p.cuts, int32(at), int32(end))
		}
		if i == last {
			break
		}
		if end == len(b) || b[end] != p.delimiter {
			return 0, p.wrongLength(start)
		}
		at = end + 1
	}
	if next = line(b, end); next < 0 {
		if b[end] == '\r' {
			return 0, loneCR(b, end)
		}
		return 0, p.wrongLength(start)
	}
	if p.appended > 0 {
		p.cuts = append(p.cuts, int32(end))
	}
	return next, nil
}

func (p *parser) wrongLength(start int) *job.Error {
	found := p.dialect.fields(p.block, start)
	err := job.Invalid("expected %d fields, found %d", len(p.fields), found)
	if found < len(p.fields) {
		return err.WithHint("A row has a cell, empty or not, for each column of the header")
	}
	return err.WithHint("Quote cells that hold the delimiter %q", p.delimiter)
}

// number reads the cell at b[at] of number column i, however it is written.
func (p *parser) number(at, i int) (v float64, end int, err *job.Error) {
	end, err = p.cell(p.block, at)
	if err != nil {
		return 0, end, err
	}
	cell := content(p.block[at:end])
	v, kind := parseNumber(cell)
	switch kind {
	case notANumber:
		return 0, end, p.notANumber(cell, i)
	case aBool:
		if p.bools == nil {
			p.bools = make([]int, len(p.features))
		}
		p.bools[p.fields[i].feature]++
	}
	return v, end, nil
}

func (p *parser) notANumber(cell []byte, i int) *job.Error {
	err := job.Invalid("not a number")
	err.Column, err.Value = p.header.Names[i], short(cell)
	if v, kind := parseNumber(bytes.Replace(cell, []byte{','}, []byte{'.'}, 1)); kind == aNumber && !math.IsInf(v, 0) {
		err.Hint = "Numbers are written with a point, not a comma"
	}
	return err
}

// kinds tells what the block's cells of each feature are.
func (p *parser) kinds(kinds []Kinds) []Kinds {
	kinds = append(kinds[:0], make([]Kinds, len(p.features))...)
	for i := range kinds {
		bools := 0
		if p.bools != nil {
			bools = p.bools[i]
		}
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

// textCell reads the cell at b[at] of text column i.
func (p *parser) textCell(at, i int) (end int, err *job.Error) {
	end, err = p.cell(p.block, at)
	if err != nil {
		return end, err
	}
	column := &p.out.Cols[p.fields[i].feature]
	cell := p.block[at:end]
	if !p.valid {
		if err := validText(cell); err != nil {
			err.Column, err.Value = column.Name, short(content(cell))
			return end, err
		}
	}
	value := p.text[at:end]
	if len(cell) > 0 && cell[0] == '"' {
		cell = content(cell)
		value = value[1 : len(value)-1]
		if len(cell) != len(value) {
			value = string(cell)
		}
	}
	if isMissing(cell) {
		if column.Missing == nil {
			column.Missing = p.out.Marks(p.out.Rows)
		}
		column.Missing[p.row] = true
		value = ""
	}
	column.Text[p.row] = value
	return end, nil
}

func validText(cell []byte) *job.Error {
	switch {
	case !utf8.Valid(cell):
		return job.Invalid("not UTF-8").WithHint("Save the table as CSV UTF-8")
	case bytes.IndexByte(cell, 0) >= 0:
		return job.Invalid("a NUL byte in a cell").WithHint("Save the table as CSV UTF-8")
	}
	return nil
}
