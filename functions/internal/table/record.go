package table

import (
	"bytes"
	"slices"

	"brine/functions/internal/job"
)

// Record returns where the n-th row of a block of whole records, counted from
// 0, begins and where the next line does.
func (l *Layout) Record(block []byte, n int) (start, next int) {
	for at := 0; ; at = next {
		if next = l.blank(block, at); next >= 0 {
			continue
		}
		next = at + firstEnd(block[at:], false)
		if next == at {
			next = len(block)
		}
		if n == 0 {
			return at, next
		}
		n--
	}
}

// Middle returns where a line of a block of whole records begins, that nearest
// behind the block's middle, or before it if there is none: 0 if the block is
// one line.
func Middle(block []byte) int {
	middle := len(block) / 2
	quoted := oddQuotes(block[:middle])
	if n := firstEnd(block[middle:], quoted); n > 0 && middle+n < len(block) {
		return middle + n
	}
	return lastEnd(block[:middle], 0, quoted)
}

// Cell returns the text of a record's cell in the column of that name; nil if
// there is no such cell.
func (l *Layout) Cell(record []byte, name string) []byte {
	column := slices.Index(l.header.Names, name)
	for i, at := 0, 0; column >= 0; i++ {
		end, err := l.cell(record, at)
		switch {
		case err != nil:
			return nil
		case i == column:
			return content(record[at:end])
		case end == len(record) || record[end] != l.delimiter:
			return nil
		}
		at = end + 1
	}
	return nil
}

// CheckQuotes refuses a record whose quotes are broken: it may be several, and
// those behind it may be others.
func (l *Layout) CheckQuotes(record []byte) *job.Error {
	for at := 0; at < len(record); {
		end, err := l.cell(record, at)
		if err != nil && err.Broken {
			return err
		}
		at = end + 1 // behind the delimiter or a byte of the line end
	}
	return nil
}

// TrimNewline returns a record without its line end.
func TrimNewline(record []byte) []byte {
	record, found := bytes.CutSuffix(record, []byte{'\n'})
	if !found {
		return record
	}
	return bytes.TrimSuffix(record, []byte{'\r'})
}
