package table

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/frame"
)

func TestRowsComeBackByteForByte(t *testing.T) {
	for _, c := range []struct {
		name, data, prediction string
		outputs                int
		features               []string
		want                   string
	}{
		{"plain", "a,b\n1,2\n3,4\n", "y", 1, []string{"b", "a"},
			"a,b,y\n1,2,0 [2 1]\n3,4,0 [4 3]\n"},
		{"numbers as they were", "a\n007\n1.10\n\"2\"\n 3 \n", "y", 1, []string{"a"},
			"a,y\n007,0 [7]\n1.10,0 [1.1]\n\"2\",0 [2]\n 3 ,0 [3]\n"},
		{"no newline at the end", "a\n1", "y", 1, []string{"a"}, "a,y\n1,0 [1]"},
		{"header only", "a\n", "y", 1, []string{"a"}, "a,y\n"},
		{"line ends of each row", "\xef\xbb\xbfa\r\n1\n2\r\n3", "y", 1, []string{"a"},
			"\xef\xbb\xbfa,y\r\n1,0 [1]\n2,0 [2]\r\n3,0 [3]"},
		{"blank lines are no rows", "a\n\n1\n  \n\r\n2\n\n", "y", 1, []string{"a"},
			"a,y\n\n1,0 [1]\n  \n\r\n2,0 [2]\n\n"},
		{"an empty cell in quotes is a row", "a\n\"\"\n", "y", 1, []string{"a"}, "a,y\n\"\",0 [NaN]\n"},
		{"empty cells", "a,b\n,\n", "y", 1, []string{"a", "b:text"}, "a,b,y\n,,0 [NaN missing]\n"},
		{"a tab is no blank line", "a\tb\n\t\n", "y", 1, []string{"a"}, "a\tb\ty\n\t\t0 [NaN]\n"},
		{"semicolons", "a;b\n1;x,y\n", "y", 1, []string{"a", "b:text"}, "a;b;y\n1;x,y;\"0 [1 \"\"x,y\"\"]\"\n"},
		{"text", "a,b\n1,\"x, \"\"y\"\"\"\n", "y", 1, []string{"b:text"},
			"a,b,y\n1,\"x, \"\"y\"\"\",\"0 [\"\"x, \\\"\"y\\\"\"\"\"]\"\n"},
		{"bytes that are not UTF-8 in a column nobody reads", "a,b\n1,\xe9\n", "y", 1, []string{"a"}, "a,b,y\n1,\xe9,0 [1]\n"},
		{"an unused feature need not be there", "a\n1\n", "y", 1, []string{"a", "z:unused"}, "a,y\n1,0 [1 unused]\n"},
		{"a feature twice", "a\n1\n", "y", 1, []string{"a", "a"}, "a,y\n1,0 [1 1]\n"},
		{"several outputs", "a\n1\n", "y", 3, []string{"a"}, "a,y_0,y_1,y_2\n1,0 [1],1 [1],2 [1]\n"},
		{"a replaced column", "y,a,b\n\"old\",1,2\n,3,4\r\n", "y", 1, []string{"a"}, "y,a,b\n0 [1],1,2\n0 [3],3,4\r\n"},
		{"the last column replaced", "a,y\n1,old\n3,", "y", 1, []string{"a"}, "a,y\n1,0 [1]\n3,0 [3]"},
		{"some of several replaced", "y_2,a,y_0\n9,1,9\n8,2,8\n", "y", 3, []string{"a"},
			"y_2,a,y_0,y_1\n2 [1],1,0 [1],1 [1]\n2 [2],2,0 [2],1 [2]\n"},
		{"a feature replaced", "a,b\n1,2\n", "a", 1, []string{"a"}, "a,b\n0 [1],2\n"},
		{"a name that needs quotes", "a\n1\n", "y, \"z\"", 1, []string{"a"}, "a,\"y, \"\"z\"\"\"\n1,0 [1]\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := []byte(c.data)
			l := open(t, data, c.prediction, c.outputs, c.features...)
			for _, blockSize := range []int{1, 7, 1 << 20} {
				if got := whole(t, l, data, blockSize); got != c.want {
					t.Errorf("blocks of %d:\n%q, want\n%q", blockSize, got, c.want)
				}
			}
		})
	}
}

func TestBadRows(t *testing.T) {
	for _, c := range []struct {
		name, data string
		features   []string
		row        int64
		column     string
		value      string
		want       string
	}{
		{"too short", "a,b\n1,2\n\n3\n", []string{"a"}, 2, "", "", "row 2: expected 2 fields, found 1"},
		{"too short at the end", "a,b\n1,2\n3", []string{"a"}, 2, "", "", "expected 2 fields, found 1"},
		{"too long", "a,b\n1,2,\n", []string{"a"}, 1, "", "", "expected 2 fields, found 3"},
		{"too long after text", "a,b\n1,\"x\",4,5\n", []string{"b:text"}, 1, "", "", "expected 2 fields, found 4"},
		{"text for a number", "a,age\n1,2\n3,abc\n", []string{"age"}, 2, "age", "abc", `row 2, column "age", value "abc": not a number`},
		{"text in quotes for a number", "age\n\"1 \"\"x\"\"\"\n", []string{"age"}, 1, "age", `1 "x"`, "not a number"},
		{"spaces for a number", "age,b\n  ,1\n", []string{"age"}, 1, "age", "  ", "not a number"},
		{"a number with an end", "a,b\n1.5.2,1\n", []string{"a"}, 1, "a", "1.5.2", "not a number"},
		{"a long value", "age\n" + strings.Repeat("é", 500) + "\n", []string{"age"}, 1, "age", strings.Repeat("é", 30) + "…", "not a number"},
		{"a decimal comma", "a;b\n1,5;2\n", []string{"a"}, 1, "a", "1,5", "with a point, not a comma"},
		{"a quote in a cell", "a,b\n1,5\" pipe\n", []string{"a"}, 1, "", "", "a quote inside a cell"},
		{"a quote in a number", "a,b\n1\",2\n", []string{"a"}, 1, "", "", "a quote inside a cell"},
		{"text behind a quote", "a,b\n1,\"x\"y\n", []string{"a"}, 1, "", "", "text after the closing quote"},
		{"a quote never closed", "a,b\n1,2\n3,\"x\n5,6\n", []string{"a"}, 2, "", "", "never closed"},
		{"carriage returns alone", "a,b\n1,2\r3,4\n", []string{"a"}, 1, "", "", "carriage return"},
		{"carriage return at the end", "a,b\n1,2\r", []string{"a"}, 1, "", "", "carriage return"},
		{"carriage return in a cell", "a,b\nx\ry,2\n", []string{"b"}, 1, "", "", "carriage return"},
		{"not UTF-8", "a,b\n1,ok\n2,caf\xe9\n", []string{"b:text"}, 2, "b", "caf\xe9", "not UTF-8"},
		{"NUL", "a,b\n1,x\x00\n", []string{"b:text"}, 1, "b", "x\x00", "NUL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := []byte(c.data)
			err := mistake(t, open(t, data, "y", 1, c.features...), data)
			if err.Row != c.row || err.Column != c.column || err.Value != c.value || !strings.Contains(err.Error(), c.want) {
				t.Errorf("row %d, column %q, value %q: %v", err.Row, err.Column, err.Value, err)
			}
		})
	}
}

func TestBools(t *testing.T) {
	data := []byte("a\nTrue\nfalse\nNA\nTRUE\n")
	want := "a,y\nTrue,0 [1]\nfalse,0 [0]\nNA,0 [NaN]\nTRUE,0 [1]\n"
	if got := whole(t, open(t, data, "y", 1, "a"), data, 1<<20); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestKinds: True and False among numbers are found wherever the blocks are cut.
func TestKinds(t *testing.T) {
	for _, c := range []struct {
		data  string
		mixed bool
	}{
		{"a\nTrue\nfalse\nNA\n", false},
		{"a\n1\n\"\"\n0\n", false},
		{"a\nNA\nNA\n", false},
		{"a\nTrue\n1\n", true},
		{"a\nNA\n1.5\nNA\nFALSE\n", true},
	} {
		data := []byte(c.data)
		l := open(t, data, "y", 1, "a")
		for _, size := range []int{1, 1 << 20} {
			all := make([]Kinds, 1)
			var rows Rows
			s := NewSplitter(bytes.NewReader(data[l.header.Size:]), size)
			for block, err := s.Next(nil); err != io.EOF; block, err = s.Next(block) {
				if err != nil {
					t.Fatal(err)
				}
				x, err := l.Parse(block, nil, &rows)
				if err != nil {
					t.Fatal(err)
				}
				if bools := rows.Kinds[0]&HasBool != 0; x.Cols[0].Narrow != bools {
					t.Errorf("%q: narrow %v, with bools %v", block, x.Cols[0].Narrow, bools)
				}
				all[0] |= rows.Kinds[0]
			}
			if err := CheckKinds([]string{"a"}, all); (err != nil) != c.mixed {
				t.Errorf("%q in blocks of %d: %v", c.data, size, err)
			}
		}
	}
}

func TestLayoutRefuses(t *testing.T) {
	for _, c := range []struct {
		name, header string
		features     []string
		prediction   string
		want         string
	}{
		{"missing features", "c\n", []string{"a", "c", "b", "a"}, "y", "Missing required feature columns: a, b"},
		{"a feature twice", "a,b,a\n", []string{"a"}, "y", `column "a": the header has this name more than once`},
		{"the prediction column twice", "a,y,y\n", []string{"a"}, "y", `column "y": the header has this name more than once`},
		{"numbers and text", "a\n", []string{"a", "a:text"}, "y", `column "a": the model reads the column both`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := ReadHeader([]byte(c.header), true)
			if err != nil {
				t.Fatal(err)
			}
			_, err = NewLayout(h, columns(c.features...), c.prediction, 1)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	t.Run("other names may be there twice", func(t *testing.T) {
		h, _ := ReadHeader([]byte("a,b,b\n"), true)
		if _, err := NewLayout(h, columns("a", "b:unused"), "y", 1); err != nil {
			t.Error(err)
		}
	})
}

func TestPredictionsAsPandasWritesThem(t *testing.T) {
	data := []byte("a\n1\n2\n3\n")
	l := open(t, data, "y", 4, "a")
	var rows Rows
	if _, err := l.Parse(data[l.header.Size:], nil, &rows); err != nil {
		t.Fatal(err)
	}
	got := l.AppendRows([]byte("head\n"), &rows, []frame.Column{
		{Kind: frame.Number, Num: []float64{0.1, math.NaN(), 1e16}},
		{Kind: frame.Label, Code: []int32{2, 0, 1}, Classes: &frame.Classes{Dtype: frame.Str, Text: []string{"no", "a,b", "say \"x\"\n"}}},
		{Kind: frame.Label, Code: []int32{0, 1, 0}, Classes: &frame.Classes{Dtype: frame.Bool, Text: []string{"False", "True"}}},
		{Kind: frame.Number, Single: true, Num: []float64{float64(float32(0.1)), math.NaN(), float64(float32(1e16))}},
	})
	want := "head\n1,0.1,\"say \"\"x\"\"\n\",False,0.1\n2,,no,True,\n3,1e+16,\"a,b\",False,1e+16\n"
	if string(got) != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// FuzzParse reads any bytes as encoding/csv does, or refuses them.
func FuzzParse(f *testing.F) {
	for _, data := range []string{"1,2\n", "\"a\nb\",\"\"\"\"\r\n", ",\n\n,", "a\"b,c\n", "\"a\"b,c\n", "1,\r2\n", "\"\r\n\",é\n", "caf\xe9,\n"} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l := open(t, []byte("a,b\n"), "y", 1, "a:text", "b:text")
		var rows Rows
		got, err := l.Parse(data, nil, &rows)
		r := csv.NewReader(bytes.NewReader(data))
		r.FieldsPerRecord = -1
		records, csvErr := r.ReadAll()
		records = slices.DeleteFunc(records, func(r []string) bool { // blank to pandas
			return len(r) == 1 && strings.Trim(r[0], " \t") == "" && !bytes.Contains(data, []byte{'"'})
		})
		good := csvErr == nil && !slices.ContainsFunc(records, func(r []string) bool { return len(r) != 2 })
		if err != nil {
			if good && !strings.Contains(err.Error(), "carriage return") && !strings.Contains(err.Error(), "not UTF-8") && !strings.Contains(err.Error(), "NUL") {
				t.Fatalf("%q refused: %v", data, err)
			}
			return
		}
		if !good {
			if bytes.Contains(data, []byte{'"'}) && csvErr == nil {
				return // a blank line that could not be told from one in quotes
			}
			t.Fatalf("%q accepted: %q, %v", data, records, csvErr)
		}
		if got.Rows != len(records) || rows.Count != len(records) {
			t.Fatalf("%q: %d rows, want %q", data, got.Rows, records)
		}
		for i, record := range records {
			for c, want := range record {
				cell := strings.ReplaceAll(got.Cols[c].Text[i], "\r\n", "\n")
				if gone := got.Cols[c].Missing != nil && got.Cols[c].Missing[i]; gone != isMissing([]byte(want)) || !gone && cell != want {
					t.Fatalf("%q: row %d, column %d: %q, want %q", data, i, c, cell, want)
				}
			}
		}
	})
}

// TestRowsAllocateNothing: a block of 4,000 rows takes no more allocations than one of 4.
func TestRowsAllocateNothing(t *testing.T) {
	table := func(rows int) []byte {
		b := []byte("x,note,z\n")
		for i := range rows {
			b = fmt.Appendf(b, "%.17g,\"text %d\",%.4f\n", math.Sqrt(float64(i)), i%7, float64(i)/3)
		}
		return b
	}
	allocations := func(rows int) float64 {
		data := table(rows)
		l := open(t, data, "y", 1, "x", "note:text", "z")
		var r Rows
		var mem frame.Arena
		var out []byte
		predictions := []frame.Column{{Kind: frame.Number, Num: make([]float64, rows)}}
		return testing.AllocsPerRun(10, func() {
			mem.Reset()
			f, err := l.Parse(data[l.header.Size:], &mem, &r)
			if err != nil {
				t.Fatal(err)
			}
			copy(predictions[0].Num, f.Cols[0].Num)
			out = l.AppendRows(out[:0], &r, predictions)
		})
	}
	if few, many := allocations(4), allocations(4000); many > few || many > 10 {
		t.Errorf("%v allocations for 4 rows, %v for 4,000", few, many)
	}
}
