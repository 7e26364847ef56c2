package table

import (
	"bytes"
	"math"
	"unicode/utf8"

	"brine/functions/internal/job"
)

// skip goes behind cells of column i, which nobody reads.
func (p *parser) skip(at []int, i int) *job.Error {
	for k, start := range at {
		end, err := p.cell(p.block, start)
		if err != nil {
			return err
		}
		if at[k], err = p.behind(end, i); err != nil {
			return err
		}
	}
	return nil
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
	case aNumber: // the next ones will look like it
		if bytes.IndexByte(cell, '.') >= 0 {
			p.targets[i].forms = decimals()
		} else {
			p.targets[i].forms = integers()
		}
	case aBool:
		p.pending = append(p.pending, p.fields[i].feature)
	}
	return v, end, nil
}

func (p *parser) notANumber(cell []byte, i int) *job.Error {
	err := job.Invalid("not a number")
	err.Column, err.Value = p.header.Names[i], job.Short(cell, job.MaxValue)
	if v, kind := parseNumber(bytes.Replace(cell, []byte{','}, []byte{'.'}, 1)); kind == aNumber && !math.IsInf(v, 0) {
		err.Hint = "Numbers are written with a point, not a comma"
	}
	return err
}

// texts reads cells of text column i and goes behind them.
func (p *parser) texts(at []int, i int) *job.Error {
	column := &p.out.Cols[p.fields[i].feature]
	for k, start := range at {
		end, err := p.cell(p.block, start)
		if err != nil {
			return err
		}
		if at[k], err = p.behind(end, i); err != nil {
			return err
		}
		cell := p.block[start:end]
		if !p.valid {
			if err := validText(cell); err != nil {
				err.Column, err.Value = column.Name, job.Short(content(cell), job.MaxValue)
				return err
			}
		}
		value := p.text[start:end]
		if len(cell) > 0 && cell[0] == '"' {
			cell = content(cell)
			value = value[1 : len(value)-1]
			if len(cell) != len(value) {
				value = string(cell)
			}
		}
		gone := isMissing(cell)
		if gone {
			value = ""
			if column.Missing == nil {
				column.Missing = p.out.Marks(p.out.Rows)
			}
		}
		if column.Missing != nil {
			column.Missing[p.row+k] = gone
		}
		column.Text[p.row+k] = value
	}
	return nil
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
