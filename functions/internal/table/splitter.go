package table

import (
	"bytes"
	"io"
	"math"
	"slices"
)

// Splitter cuts a table's data into blocks of whole records. It finds the ends
// of records by counting quotes: a line feed ends one if the quotes before it
// are even in number.
//
// It never fails on what the data says: a record that is still open after
// MaxRecord is handed out as far as it was read, for Layout.Parse to refuse.
type Splitter struct {
	r         io.Reader
	blockSize int
	left      int64  // bytes of the range still to be read
	before    bool   // the place of reading is still in a record that began before the range
	quoted    bool   // the place of reading is inside quotes
	odd       bool   // the quotes read in the range are odd in number
	tail      []byte // the begin of the record that the last block did not take
	ended     bool   // nothing more is to be read
}

// slack is how many bytes are read at a time behind a range, for the end of
// its last record.
const slack = 16 << 10

// NewSplitter cuts all of r, which starts at a record, into blocks of about
// blockSize bytes.
func NewSplitter(r io.Reader, blockSize int) *Splitter {
	return &Splitter{r: r, blockSize: blockSize, left: math.MaxInt64}
}

// NewRangeSplitter cuts the records and blank lines that begin in a range of
// size bytes into blocks of about blockSize bytes. quoted says whether the
// range begins inside quotes; if that is wrong, so are the blocks, but Odd is
// right all the same.
//
// r starts one byte before the range, which tells whether a record begins with
// it (for the first range that byte is the end of the header), and goes on
// behind it to the end of the record that the range ends in: no more than
// MaxRecord and a little is read there, and nothing if a record ends with the
// range. The end of r ends the last record, too.
func NewRangeSplitter(r io.Reader, size int64, blockSize int, quoted bool) (*Splitter, error) {
	var last [1]byte
	if _, err := io.ReadFull(r, last[:]); err != nil {
		return nil, err
	}
	before := quoted || last[0] != '\n'
	return &Splitter{r: r, blockSize: blockSize, left: size, before: before, quoted: quoted}, nil
}

// Odd tells, once Next has returned io.EOF, whether the quotes in the range are
// odd in number: if so, just one of the range's begin and end is inside quotes.
func (s *Splitter) Odd() bool { return s.odd }

// Next returns the next block in the memory of dst, which grows if need be, or
// io.EOF after the last. Other errors are the reader's. With an error the block
// is void, its memory still good for the next splitter.
func (s *Splitter) Next(dst []byte) (block []byte, err error) {
	dst = append(dst[:0], s.tail...)
	s.tail = s.tail[:0]
	for s.left > 0 {
		from, quoted := len(dst), s.quoted
		if dst, err = s.readRange(dst); err != nil {
			return dst, err
		}
		if s.before { // and dst was empty
			dst = s.skip(dst, quoted)
			from = 0
		}
		if s.left == 0 {
			break
		}
		if end := lastEnd(dst, from, s.quoted); end > 0 {
			s.tail = append(s.tail, dst[end:]...)
			return dst[:end], nil
		}
		if len(dst) > MaxRecord {
			return dst, nil
		}
	}
	if dst, err = s.finish(dst); err == nil && len(dst) == 0 {
		err = io.EOF
	}
	return dst, err
}

// skip drops the rest of the record that began before the range from data,
// which begins inside quotes or not.
func (s *Splitter) skip(data []byte, quoted bool) []byte {
	end := firstEnd(data, quoted)
	if end == 0 {
		return data[:0]
	}
	s.before = false
	return data[:copy(data, data[end:])]
}

// finish reads the rest of the record that the range ends in.
func (s *Splitter) finish(dst []byte) ([]byte, error) {
	if s.before {
		return dst[:0], nil
	}
	most := len(dst) + MaxRecord
	for open := len(dst) > 0 && (s.quoted || dst[len(dst)-1] != '\n'); open && !s.ended && len(dst) <= most; {
		from, quoted := len(dst), s.quoted
		var err error
		if dst, err = s.read(dst, slack); err != nil {
			return dst, err
		}
		if end := firstEnd(dst[from:], quoted); end > 0 {
			dst, open = dst[:from+end], false
		}
	}
	s.left, s.ended = 0, true
	return dst, nil
}

// readRange appends the range's bytes until dst has a block's size, or once
// more as many if it has already.
func (s *Splitter) readRange(dst []byte) ([]byte, error) {
	n := s.blockSize - len(dst)
	if n <= 0 {
		n = s.blockSize
	}
	from, quoted := len(dst), s.quoted
	dst, err := s.read(dst, int(min(int64(n), s.left)))
	s.left -= int64(len(dst) - from)
	if s.ended {
		s.left = 0
	}
	s.odd = s.odd != (quoted != s.quoted)
	return dst, err
}

// read appends n bytes, fewer only if r ends.
func (s *Splitter) read(dst []byte, n int) ([]byte, error) {
	from := len(dst)
	dst = slices.Grow(dst, n)
	for end := from + n; len(dst) < end && !s.ended; {
		k, err := s.r.Read(dst[len(dst):end])
		dst = dst[:len(dst)+k]
		if err == io.EOF {
			s.ended = true
		} else if err != nil {
			return dst, err
		}
	}
	s.quoted = s.quoted != oddQuotes(dst[from:])
	return dst, nil
}

func oddQuotes(data []byte) bool { return bytes.Count(data, []byte{'"'})&1 == 1 }

// firstEnd returns where the first record end in data is over, or 0; quoted
// says whether data begins inside quotes.
func firstEnd(data []byte, quoted bool) int {
	for at := 0; ; {
		n := bytes.IndexByte(data[at:], '\n')
		if n < 0 {
			return 0
		}
		quoted = quoted != oddQuotes(data[at:at+n])
		at += n + 1
		if !quoted {
			return at
		}
	}
}

// lastEnd returns where the last record end in data[from:] is over, or 0;
// quoted says whether data ends inside quotes.
func lastEnd(data []byte, from int, quoted bool) int {
	for end := len(data); ; {
		n := bytes.LastIndexByte(data[from:end], '\n')
		if n < 0 {
			return 0
		}
		quoted = quoted != oddQuotes(data[from+n:end])
		if end = from + n; !quoted {
			return end + 1
		}
	}
}
