package pipeline

import (
	"bytes"
	"errors"

	"brine/functions/internal/job"
	"brine/functions/internal/table"
)

// sift predicts the rows of b.raw[from:to]. If one of them is refused and the
// job rejects such rows, it puts that one aside and goes on with what is before
// and behind it, in halves: each good row is predicted a few times at worst,
// however many are bad, and as always without regard to the rows around it.
func (e *engine) sift(b *block, from, to int) error {
	err := e.rows(b, b.raw[from:to])
	if err == nil {
		return nil
	}
	var bad *job.Error
	if !e.reject || !errors.As(err, &bad) || bad.Row == 0 || bad.Broken || job.TypeOf(err) != job.ValidationError {
		return after(b.seen.all(), err)
	}
	start, next := e.layout.Record(b.raw[from:to], int(bad.Row)-1)
	start, next = from+start, from+next
	if err := e.sound(b.raw[start:next], bad); err != nil {
		return after(b.seen.all(), err)
	}
	if err := e.halves(b, from, start); err != nil {
		return err
	}
	if b.seen.rejected.First == nil {
		b.seen.rejected.First = job.NewCellError(bad)
		b.seen.rejected.First.Row = b.seen.all() + 1
	}
	b.rejects = append(b.rejects, e.rejected(b.raw[start:next], start, bad))
	b.seen.rejected.Rows++
	return e.halves(b, next, to)
}

// halves sifts b.raw[from:to] in two parts.
func (e *engine) halves(b *block, from, to int) error {
	if from == to {
		return nil
	}
	middle := from + table.Middle(b.raw[from:to])
	if middle > from {
		if err := e.sift(b, from, middle); err != nil {
			return err
		}
	}
	return e.sift(b, middle, to)
}

// sound refuses a bad record that cannot be left out, for it may not be one.
func (e *engine) sound(record []byte, bad *job.Error) error {
	if len(record) > table.MaxRecord {
		return bad
	}
	if err := e.layout.CheckQuotes(record); err != nil {
		err.Row = bad.Row
		return err
	}
	return nil
}

// rejected describes the record at start.
func (e *engine) rejected(record []byte, start int, bad *job.Error) job.RejectedRow {
	r := job.RejectedRow{
		Offset: int64(start), Column: bad.Column, Value: []byte(bad.Value),
		Reason: job.NewCellError(bad).Message, Record: table.TrimNewline(record),
	}
	if cell := e.layout.Cell(r.Record, bad.Column); cell != nil {
		r.Value = cell
	}
	return r
}

// locate counts the block's lines, up to each of its rejects and in all. The
// first is 0.
func (b *block) locate() {
	lines, at := 0, 0
	for i := range b.rejects {
		offset := int(b.rejects[i].Offset)
		lines += bytes.Count(b.raw[at:offset], []byte{'\n'})
		b.rejects[i].Line, at = int64(lines), offset
	}
	b.seen.rejected.Lines = int64(lines + bytes.Count(b.raw[at:], []byte{'\n'}))
	b.seen.rejected.Bytes = int64(len(b.raw))
}
