package table

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"testing"

	"brine/functions/internal/frame"
)

// benchTable returns a table of some MB: columns c0, c1, …, written by cell.
func benchTable(columns int, cell func(r *rand.Rand, b []byte, column int) []byte) []byte {
	r := rand.New(rand.NewPCG(1, 1))
	var b []byte
	for c := range columns {
		b = fmt.Appendf(b, "c%d,", c)
	}
	b[len(b)-1] = '\n'
	for len(b) < 4<<20 {
		for c := range columns {
			b = append(cell(r, b, c), ',')
		}
		b[len(b)-1] = '\n'
	}
	return b
}

func floats(format byte, digits int) func(*rand.Rand, []byte, int) []byte {
	return func(r *rand.Rand, b []byte, _ int) []byte {
		return strconv.AppendFloat(b, r.NormFloat64(), format, digits, 64)
	}
}

// BenchmarkTable splits, parses and writes a table with one new number column.
func BenchmarkTable(b *testing.B) {
	first := func(n int, kind string) (names []string) {
		for c := range n {
			names = append(names, fmt.Sprintf("c%d%s", c, kind))
		}
		return names
	}
	integers := func(r *rand.Rand, b []byte, _ int) []byte { return strconv.AppendUint(b, r.Uint64N(100_000), 10) }
	mixed := func(r *rand.Rand, b []byte, c int) []byte {
		switch {
		case c < 3:
			return strconv.AppendFloat(b, r.NormFloat64()*50, 'f', 2, 64)
		case r.IntN(20) == 0:
			return b
		}
		return append(b, []string{"red", "green", "dark blue", `"black, matt"`}[r.IntN(4)]...)
	}
	for _, c := range []struct {
		name     string
		data     []byte
		features []string
	}{
		{"4 decimals", benchTable(10, floats('f', 4)), first(10, "")},
		{"17 digits", benchTable(10, floats('g', -1)), first(10, "")},
		{"exponents", benchTable(10, floats('e', 8)), first(10, "")},
		{"integers", benchTable(10, integers), first(10, "")},
		{"3 of 50 columns", benchTable(50, floats('f', 4)), first(3, "")},
		{"numbers and text", benchTable(6, mixed), append(first(3, ""), "c3:text", "c4:text", "c5:text")},
	} {
		l := open(b, c.data, "y", 1, c.features...)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.data)))
			b.ReportAllocs()
			var rows Rows
			var mem frame.Arena
			var block, out []byte
			predictions := []frame.Column{{Kind: frame.Number}}
			for b.Loop() {
				s := NewSplitter(bytes.NewReader(c.data[l.header.Size:]), 256<<10)
				for {
					var err error
					if block, err = s.Next(block); err == io.EOF {
						break
					}
					mem.Reset()
					f, err := l.Parse(block, &mem, &rows)
					if err != nil {
						b.Fatal(err)
					}
					predictions[0].Num = f.Cols[0].Num
					if predictions[0].Num == nil {
						b.Fatal("no numbers")
					}
					out = l.AppendRows(out[:0], &rows, predictions)
				}
			}
		})
	}
}

// BenchmarkEncodingCSV parses the first table of BenchmarkTable with what Go has
// for it, and writes nothing.
func BenchmarkEncodingCSV(b *testing.B) {
	data := benchTable(10, floats('f', 4))
	b.SetBytes(int64(len(data)))
	var x []float64
	for b.Loop() {
		r := csv.NewReader(bytes.NewReader(data))
		r.ReuseRecord = true
		if _, err := r.Read(); err != nil { // the header
			b.Fatal(err)
		}
		x = x[:0]
		for {
			record, err := r.Read()
			if err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			for _, cell := range record {
				v, err := strconv.ParseFloat(cell, 64)
				if err != nil {
					b.Fatal(err)
				}
				x = append(x, v)
			}
		}
	}
}

// BenchmarkSplitter cuts quoted text with line feeds in it.
func BenchmarkSplitter(b *testing.B) {
	data := bytes.Repeat([]byte("1,\"two\nlines\",3\n"), 1<<18)
	b.SetBytes(int64(len(data)))
	var block []byte
	for b.Loop() {
		s := NewSplitter(bytes.NewReader(data), 256<<10)
		for {
			var err error
			if block, err = s.Next(block); err != nil {
				break
			}
		}
	}
}
