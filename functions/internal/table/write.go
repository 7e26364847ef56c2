package table

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/python"
)

// AppendRows appends the block that rows was parsed from, byte for byte, with
// the predictions of each of its rows in their places: numbers as Python
// writes them, NaN as an empty cell, labels and texts quoted where CSV needs
// it. There is one Number, Label or Text column for each of the layout's
// outputs, each of rows.Count rows.
func (l *Layout) AppendRows(dst []byte, rows *Rows, predictions []frame.Column) []byte {
	const guess = 24 // bytes of a prediction
	dst = slices.Grow(dst, len(rows.block)+rows.Count*len(l.order)*guess)
	columns := make([]cells, len(l.order))
	for i, output := range l.order {
		columns[i] = l.cells(&predictions[output])
	}
	behind := len(columns) - l.appended
	at, cuts := 0, rows.cuts
	for row := range rows.Count {
		for i := range columns[:behind] {
			dst = append(dst, rows.block[at:cuts[0]]...)
			dst = columns[i].append(dst, row)
			at, cuts = int(cuts[1]), cuts[2:]
		}
		if behind == len(columns) {
			continue
		}
		dst = append(dst, rows.block[at:cuts[0]]...)
		for i := range columns[behind:] {
			dst = append(dst, l.delimiter)
			dst = columns[behind+i].append(dst, row)
		}
		at, cuts = int(cuts[0]), cuts[1:]
	}
	return append(dst, rows.block[at:]...)
}

// cells are a column's predictions; its classes are quoted already.
type cells struct {
	dialect
	*frame.Column
	classes []string
	bits    int // of the type of its numbers
}

func (l *Layout) cells(c *frame.Column) cells {
	out := cells{dialect: l.dialect, Column: c, bits: 64}
	if c.Single {
		out.bits = 32
	}
	if c.Kind == frame.Label {
		out.classes = make([]string, c.Classes.Len())
		for i, class := range c.Classes.Text {
			out.classes[i] = l.quote(class)
		}
	}
	return out
}

func (c *cells) append(dst []byte, row int) []byte {
	switch c.Kind {
	case frame.Label:
		return append(dst, c.classes[c.Code[row]]...)
	case frame.Text:
		return append(dst, c.quote(c.Text[row])...)
	}
	if v := c.Num[row]; !math.IsNaN(v) {
		return python.AppendFloat(dst, v, c.bits)
	}
	return dst
}
