// Package table reads the rows of a CSV file as typed columns, block by block,
// and writes them out byte for byte with new columns behind.
//
// The first bytes tell the Header; a Layout is what one job reads and writes of
// it; a Splitter cuts the data into blocks of whole records; Layout.Parse and
// Layout.AppendRows turn a block into a frame and its rows with predictions
// into bytes. Cells are read as pandas.read_csv(float_precision="round_trip")
// reads them, always correctly rounded.
package table

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"brine/functions/internal/job"
)

// MaxHeader is how many bytes a header may have, and so how many of a table's
// first bytes ReadHeader needs.
const MaxHeader = 1 << 20

const bom = "\xef\xbb\xbf"

// delimiters are what is told from the header, the likeliest first.
const delimiters = ",;\t|"

// Header is what a table's first record tells.
type Header struct {
	// Names are the columns' names as pandas gives them: an empty one in
	// column i (from 0) is "Unnamed: i".
	Names []string
	// Delimiter is the one of comma, semicolon, tab and bar that the header
	// has most of.
	Delimiter byte
	// Newline is the header's line end, LF or CRLF; "" if the file ends there.
	Newline string
	// Size is where the data begins: the bytes of the byte order mark, of
	// blank lines and of the header with its line end.
	Size int64

	raw []byte // all of Size without Newline
}

// ReadHeader reads the header from a table's first bytes; whole says that they
// are all of it, else they are MaxHeader or more. What is no CSV in UTF-8 is
// refused with a ValidationError that says what it is and what to do.
func ReadHeader(first []byte, whole bool) (*Header, error) {
	if err := recognize(first); err != nil {
		return nil, err
	}
	b := bytes.TrimPrefix(first, []byte(bom))
	start := len(first) - len(b)
	for start < len(first) {
		next := dialect{}.blank(first, start)
		if next < 0 {
			break
		}
		start = next
	}
	if start == len(first) && whole {
		return nil, job.Invalid("the table is empty").WithHint("Its first line must name the columns")
	}
	d := newDialect(sniff(first[start:]))
	h := &Header{Delimiter: d.delimiter}
	for p := start; ; p++ {
		end, err := d.cell(first, p)
		if end+2 > len(first) && !whole { // a CR alone would not be seen
			return nil, job.Invalid("the header is longer than %d bytes", MaxHeader).
				WithHint("Check that the table's first line names its columns, and that its quotes are closed")
		}
		if err != nil {
			err.Message = "the header holds " + err.Message
			return nil, err
		}
		if err := h.add(content(first[p:end])); err != nil {
			return nil, err
		}
		p = end
		if next := line(first, p); next >= 0 {
			h.raw, h.Newline, h.Size = bytes.Clone(first[:p]), string(first[p:next]), int64(next)
			return h, nil
		}
	}
}

func (h *Header) add(name []byte) error {
	if !utf8.Valid(name) {
		return job.Invalid("the table is not UTF-8: column %d of its header holds %q", len(h.Names)+1, job.Short(name, job.MaxValue)).
			WithHint("Save it as CSV UTF-8")
	}
	if bytes.IndexByte(name, 0) >= 0 {
		return job.Invalid("the table is not text: its header holds a NUL byte").WithHint("Save it as CSV UTF-8")
	}
	if len(name) == 0 {
		name = fmt.Appendf(nil, "Unnamed: %d", len(h.Names))
	}
	h.Names = append(h.Names, string(name))
	return nil
}

// sniff returns the delimiter that the first line has most of outside quotes.
func sniff(b []byte) byte {
	var count [256]int
	quoted := false
	for _, c := range b {
		if c == '"' {
			quoted = !quoted
		}
		if !quoted {
			if c == '\n' {
				break
			}
			count[c]++
		}
	}
	best := delimiters[0]
	for _, c := range []byte(delimiters) {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}

// recognize refuses what begins like something else than CSV in UTF-8.
func recognize(first []byte) error {
	for _, f := range []struct{ magic, what, hint string }{
		{"PK\x03\x04", "an Excel workbook or another zip archive", "Open it in Excel and save it as CSV UTF-8"},
		{"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Open it in Excel and save it as CSV UTF-8"},
		{"PAR1", "a Parquet file", "Write it as CSV, in pandas with to_csv(index=False)"},
		{"\xff\xfe", "text in UTF-16 or UTF-32", "Save it as CSV UTF-8"},
		{"\xfe\xff", "text in UTF-16", "Save it as CSV UTF-8"},
		{"\x00\x00\xfe\xff", "text in UTF-32", "Save it as CSV UTF-8"},
		{"\x1f\x8b", "compressed with gzip twice", "Compress it once, or not at all"},
		{"BZh", "compressed with bzip2", "Upload it as plain CSV or with gzip"},
		{"\xfd7zXZ", "compressed with xz", "Upload it as plain CSV or with gzip"},
		{"\x28\xb5\x2f\xfd", "compressed with zstd", "Upload it as plain CSV or with gzip"},
	} {
		if bytes.HasPrefix(first, []byte(f.magic)) {
			return job.Invalid("the table is not CSV: it is %s", f.what).WithHint("%s", f.hint)
		}
	}
	return nil
}
