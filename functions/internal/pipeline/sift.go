package pipeline

import (
	"cmp"
	"errors"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/table"
)

// sieve is the memory for sifting a block.
type sieve struct {
	text  []byte         // the block, its rejected records made blank: no rows, all others in their places
	left  []byte         // the block without its rejected records
	cols  []frame.Column // of some of its rows
	trial frame.Arena    // for what is predicted of them
	known int            // rejects of the passes before this one
}

// sift predicts the rows of a block. If some of them are refused and the job
// rejects such rows, it puts them aside, in passes: one over what cannot be
// parsed, mostly one more over what the model refuses. What is left is predicted
// as a whole, as always without regard to the rows that were around it.
func (e *engine) sift(b *block) error {
	err := e.rows(b, b.raw)
	if err == nil || !e.reject {
		return err
	}
	b.text = append(b.text[:0], b.raw...)
	for err != nil {
		if err := e.pass(b, err); err != nil {
			return err
		}
		err = e.rows(b, b.without())
	}
	b.seen.rejected.First = job.NewCellError(b.rejects[0].err)
	b.seen.rejected.Rows = int64(len(b.rejects))
	return nil
}

// place is a place in a block's text.
type place struct {
	at  int // bytes before it
	row int // rows before it
}

// pass rejects the row that err names, then others behind it. Each time it goes
// on from there, at first with no more than twice what it came by: so a row is
// looked at a few times at most, however many are bad. An estimator may refuse a
// row for one thing although it would refuse an earlier one for another: then
// that is left for the next pass.
func (e *engine) pass(b *block, err error) error {
	try := e.predictAhead
	if b.x == nil {
		try = e.parseAhead
	}
	b.known = len(b.rejects)
	var before, from, to place
	for {
		if err != nil {
			if to, err = e.putAside(b, from, err); err != nil {
				return err
			}
		}
		before, from = from, to
		if from.at == len(b.text) {
			break
		}
		to, err = try(b, before, from)
	}
	slices.SortFunc(b.rejects, func(x, y reject) int { return cmp.Compare(x.start, y.start) })
	return nil
}

// parseAhead parses rows of the text up to a place that is about twice as far
// from one place as that is from the one before.
func (e *engine) parseAhead(b *block, before, from place) (to place, err error) {
	to.at = from.at + ahead(b.text[from.at:], 2*(from.at-before.at))
	b.mem.Reset()
	_, err = e.layout.Parse(b.text[from.at:to.at], &b.mem, &b.rows)
	to.row = from.row + b.rows.Count
	return to, err
}

// ahead returns where a line of a block of whole records begins, about size
// bytes from the block's begin, or the block's end.
func ahead(block []byte, size int) int {
	for ; 2*size < len(block); size *= 2 {
		if next := table.Middle(block[:2*size]); next > 0 {
			return next
		}
	}
	return len(block)
}

// predictAhead is parseAhead for predicting rows of the frame that the text was
// parsed into.
func (e *engine) predictAhead(b *block, before, from place) (to place, err error) {
	n := min(2*(from.row-before.row), b.x.Rows-from.row)
	if n == 0 { // blank lines
		return place{len(b.text), from.row}, nil
	}
	if _, err = e.model.Predict(b.some(from.row, from.row+n)); err != nil {
		return place{}, err
	}
	_, next := e.layout.Record(b.text[from.at:], n-1)
	return place{from.at + next, from.row + n}, nil
}

// some returns rows of the block's frame; it is good until the next ones are.
func (b *block) some(from, to int) *frame.Frame {
	b.trial.Reset()
	b.cols = append(b.cols[:0], b.x.Cols...)
	for i := range b.cols {
		c := &b.cols[i]
		if c.Num != nil {
			c.Num = c.Num[from:to:to]
		}
		if c.Text != nil {
			c.Text = c.Text[from:to:to]
		}
		if c.Missing != nil {
			c.Missing = c.Missing[from:to:to]
		}
	}
	x := frame.New(to-from, &b.trial)
	x.Cols = b.cols
	return x
}

// putAside rejects the row that err names, which is counted from a place in the
// text, and returns the place behind it. Another error is returned.
func (e *engine) putAside(b *block, from place, err error) (behind place, _ error) {
	var named *job.Error
	if !errors.As(err, &named) || named.Row == 0 {
		return place{}, err
	}
	bad := *named
	bad.Row += int64(from.row)
	if bad.Broken { // is found by parsing, so in the first pass
		return place{}, &bad
	}
	start, next := e.layout.Record(b.text[from.at:], int(named.Row)-1)
	start, next = from.at+start, from.at+next
	behind = place{next, int(bad.Row)}
	bad.Row += int64(b.knownBefore(start))
	if bad.Type != job.ValidationError {
		return place{}, &bad
	}
	record := b.text[start:next]
	if err := e.sound(record, &bad); err != nil {
		return place{}, err
	}
	b.rejects = append(b.rejects, reject{start: start, next: next, err: &bad})
	for i := range table.TrimNewline(record) {
		record[i] = ' '
	}
	return behind, nil
}

// knownBefore is how many records before a place were rejected in earlier passes.
func (b *block) knownBefore(at int) int {
	n, _ := slices.BinarySearchFunc(b.rejects[:b.known], at, func(r reject, at int) int { return cmp.Compare(r.start, at) })
	return n
}

// without returns the block without its rejected records.
func (b *block) without() []byte {
	b.left = b.left[:0]
	at := 0
	for _, r := range b.rejects {
		b.left = append(b.left, b.raw[at:r.start]...)
		at = r.next
	}
	b.left = append(b.left, b.raw[at:]...)
	return b.left
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
