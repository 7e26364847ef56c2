package table

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"brine/functions/internal/job"
)

// twin reads number columns as Parse does, cell by cell and in no hurry.
func twin(l *Layout, block []byte) (columns [][]float64, err *job.Error) {
	columns = make([][]float64, len(l.fields))
	p := parser{Layout: l, block: block, targets: make([]target, len(l.fields))}
	for at := 0; at < len(block); p.row++ {
		if next := l.blank(block, at); next >= 0 {
			at = next
			p.row--
			continue
		}
		p.start = at
		for i := range l.fields {
			v, end, err := p.number(at, i)
			if err == nil {
				at, err = p.behind(end, i)
			}
			if err != nil {
				err.Row = int64(p.row) + 1
				return nil, err
			}
			columns[i] = append(columns[i], v)
		}
		at = line(block, at-1)
	}
	return columns, nil
}

// checkTwin reads a block both ways.
func checkTwin(t *testing.T, block []byte) {
	t.Helper()
	for _, header := range []string{"a,b,c\n", "a,b,c\r\n", "a;b;c\n"} {
		l := open(t, []byte(header), "y", 1, "a", "b", "c")
		want, wantErr := twin(l, block)
		got, err := l.Parse(block, nil, &Rows{})
		if wantErr != nil {
			if err == nil || err.Error() != wantErr.Error() {
				t.Fatalf("%q under %q: %v, want %v", block, header, err, wantErr)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%q under %q: %v", block, header, err)
		}
		for c, column := range want {
			if len(got.Cols[c].Num) != len(column) {
				t.Fatalf("%q under %q: %d rows, want %d", block, header, len(got.Cols[c].Num), len(column))
			}
			for r, v := range column {
				if g := got.Cols[c].Num[r]; math.Float64bits(g) != math.Float64bits(v) {
					t.Fatalf("%q under %q: row %d, column %d: %v, want %v", block, header, r+1, c, g, v)
				}
			}
		}
	}
}

// TestTwin reads tables of any cells, and with mistakes.
func TestTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 1_500 {
		var b []byte
		odd := r.IntN(3) == 0
		for range r.IntN(30) {
			for c := range 3 {
				b = append(b, anyCell(r, odd)...)
				b = append(b, ",,\n"[c])
			}
			if r.IntN(8) == 0 {
				b = append(b[:len(b)-1], "\r\n"...)
			}
			if odd && r.IntN(100) == 0 {
				b = append(b, []string{"\n", " \n", "1,2\n", ",,,\n", "\r", "1\"\n"}[r.IntN(6)]...)
			}
		}
		if r.IntN(2) == 0 {
			b = bytes.TrimRight(b, "\r\n")
		}
		checkTwin(t, b)
		checkTwin(t, bytes.ReplaceAll(b, []byte{','}, []byte{';'}))
	}
}

// anyCell returns a number's cell, an odd one now and then.
func anyCell(r *rand.Rand, odd bool) string {
	if odd && r.IntN(50) == 0 {
		return []string{"\"1\"", "\"2\n\"", "x", "\xff", "\x00", ".", "-", "+1", " 7 ", "1.2.3", "--1", "TRUE", "false", "1e", "12345678x", "\"1,5\"", "é"}[r.IntN(17)]
	}
	switch r.IntN(12) {
	case 0:
		return ""
	case 1:
		return fmt.Sprint((r.Int64() >> r.IntN(64)) * (1 - 2*r.Int64N(2)))
	case 2:
		return fmt.Sprintf("%.*f", r.IntN(22), r.NormFloat64())
	case 3:
		return fmt.Sprintf("%.*e", r.IntN(22), r.NormFloat64()*math.Pow(10, float64(r.IntN(40)-20)))
	case 4:
		return fmt.Sprint(r.NormFloat64() * math.Pow(10, float64(r.IntN(12)-8)))
	case 5:
		return []string{"NA", "-0", "-0.0", "1.", ".5", "-.5", "00", "-inf", "1e400", "0.00000000000000000000001"}[r.IntN(10)]
	}
	return fmt.Sprintf("%.*f", r.IntN(6), r.NormFloat64()*math.Pow(10, float64(r.IntN(5))))
}

func FuzzTwin(f *testing.F) {
	for _, block := range []string{"1,2.5,-3\n", "-0.25,,1e5\r\n\n", "12345678,123456.5,0.1234567890123456789\n", "\xff,x,.\n", "1,\"2\n\",3\n4,5,6\n"} {
		f.Add([]byte(block))
	}
	f.Fuzz(checkTwin)
}
