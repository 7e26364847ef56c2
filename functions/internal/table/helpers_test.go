package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
)

// open returns a layout of a table for features given as name, or name:text.
func open(t testing.TB, data []byte, prediction string, outputs int, features ...string) *Layout {
	t.Helper()
	h, err := ReadHeader(data, true)
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLayout(h, columns(features...), prediction, outputs)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func columns(features ...string) []Column {
	var out []Column
	for _, f := range features {
		name, kind, _ := strings.Cut(f, ":")
		out = append(out, Column{name, map[string]frame.Kind{"": frame.Number, "text": frame.Text, "unused": frame.Unused}[kind]})
	}
	return out
}

// predict is a model whose answer tells every cell it was given.
func predict(f *frame.Frame, outputs int) []frame.Column {
	out := make([]frame.Column, outputs)
	for i := range out {
		out[i] = frame.Column{Kind: frame.Text, Text: make([]string, f.Rows)}
		for r := range f.Rows {
			var cells []string
			for _, c := range f.Cols {
				switch {
				case c.Kind == frame.Unused:
					cells = append(cells, "unused")
				case c.Kind == frame.Number:
					cells = append(cells, fmt.Sprint(c.Num[r]))
				case c.Missing != nil && c.Missing[r]:
					cells = append(cells, "missing")
				default:
					cells = append(cells, fmt.Sprintf("%q", c.Text[r]))
				}
			}
			out[i].Text[r] = fmt.Sprint(i, cells)
		}
	}
	return out
}

// run writes the records that s hands out, with predictions.
func run(l *Layout, s *Splitter) (out []byte, count int, err error) {
	var rows Rows
	var mem frame.Arena
	var block []byte
	for {
		block, err = s.Next(block)
		if err == io.EOF {
			return out, count, nil
		}
		if err != nil {
			return nil, 0, err
		}
		mem.Reset()
		f, err := l.Parse(block, &mem, &rows)
		if err != nil {
			return nil, 0, err
		}
		count += f.Rows
		out = l.AppendRows(out, &rows, predict(f, len(l.outputs)))
	}
}

// whole writes a whole table.
func whole(t testing.TB, l *Layout, data []byte, blockSize int) string {
	t.Helper()
	out, _, err := run(l, NewSplitter(bytes.NewReader(data[l.header.Size:]), blockSize))
	if err != nil {
		t.Fatalf("%v in %q", err, data)
	}
	return string(l.AppendHeader(nil)) + string(out)
}

// mistake returns the error of data that holds one.
func mistake(t testing.TB, l *Layout, data []byte) *job.Error {
	t.Helper()
	_, _, err := run(l, NewSplitter(bytes.NewReader(data[l.header.Size:]), 1<<20))
	var e *job.Error
	if !errors.As(err, &e) {
		t.Fatalf("%q: error %v", data, err)
	}
	if e.Type != job.ValidationError {
		t.Errorf("%q: type %s", data, e.Type)
	}
	return e
}

// randomTable returns a valid table with columns id, x (numbers) and note
// (texts), and its records.
func randomTable(r *rand.Rand) (data []byte, records [][]string) {
	end := []string{"\n", "\r\n"}
	b := []byte("id,x,note" + end[r.IntN(2)])
	for range r.IntN(12) {
		for r.IntN(6) == 0 {
			b = append(b, []string{"", " ", "\t "}[r.IntN(3)]+end[r.IntN(2)]...)
		}
		record := []string{
			fmt.Sprintf("%03d", r.IntN(1000)),
			[]string{fmt.Sprint(r.NormFloat64()), fmt.Sprint(r.IntN(100)), "", "NA", "1e-7", fmt.Sprintf("%.4f", r.NormFloat64())}[r.IntN(6)],
			[]string{"", "a", "東京", "a,b", "two\nlines", "two\r\nlines", `5" pipe`, `""`, "\n", "é\r", "x,\n\"y\"\n", "None"}[r.IntN(12)],
		}
		records = append(records, record)
		for i, cell := range record {
			if i > 0 {
				b = append(b, ',')
			}
			if r.IntN(4) == 0 || strings.ContainsAny(cell, ",\"\r\n") {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b = append(b, cell...)
		}
		b = append(b, end[r.IntN(2)]...)
	}
	if r.IntN(3) == 0 {
		b = bytes.TrimRight(b, "\r\n")
	}
	return b, records
}

// wish is what predict says of a record of randomTable.
func wish(record []string) string {
	x, kind := parseNumber([]byte(record[1]))
	if kind == missing {
		x = math.NaN()
	}
	note := fmt.Sprintf("%q", record[2])
	if isMissing([]byte(record[2])) {
		note = "missing"
	}
	return fmt.Sprint(0, []string{fmt.Sprint(x), note})
}
