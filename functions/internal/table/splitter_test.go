package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// insideQuotes tells for each byte of data whether it begins inside quotes.
func insideQuotes(data []byte) []bool {
	inside := make([]bool, len(data)+1)
	for i, c := range data {
		inside[i+1] = inside[i] != (c == '"')
	}
	return inside
}

// TestShardsMakeTheWhole cuts random tables anywhere, down to single bytes.
func TestShardsMakeTheWhole(t *testing.T) {
	for seed := range uint64(1500) {
		checkShards(t, seed)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add(uint64(0))
	f.Fuzz(func(t *testing.T, seed uint64) { checkShards(t, seed) })
}

func checkShards(t *testing.T, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	data, records := randomTable(r)
	l := open(t, data, "y", 1, "x", "note:text")
	all := whole(t, l, data, 1<<20)
	checkRecords(t, all, records)

	start, end := int(l.header.Size), len(data)
	cuts := []int{start, end}
	if r.IntN(2) == 0 {
		for at := start + 1; at < end; at++ {
			cuts = append(cuts, at)
		}
	} else if start < end {
		for range r.IntN(8) {
			cuts = append(cuts, start+r.IntN(end-start))
		}
	}
	slices.Sort(cuts)
	inside := insideQuotes(data)
	got, quoted, rows := string(l.AppendHeader(nil)), false, 0
	for i, from := range cuts[:len(cuts)-1] {
		to := cuts[i+1]
		if quoted != inside[from] {
			t.Fatalf("seed %d: the parities before byte %d are wrong", seed, from)
		}
		s := shard(t, data, from, to, 1+r.IntN(40), quoted)
		out, count, err := run(l, s)
		if err != nil {
			t.Fatalf("seed %d: bytes %d–%d of %q: %v", seed, from, to, data, err)
		}
		got += string(out)
		rows += count
		quoted = quoted != s.Odd()
	}
	if got != all || rows != len(records) {
		t.Fatalf("seed %d: shards %v of %q make %d rows\n%q, want %d\n%q", seed, cuts, data, rows, got, len(records), all)
	}
}

func shard(t *testing.T, data []byte, from, to, blockSize int, quoted bool) *Splitter {
	t.Helper()
	s, err := NewRangeSplitter(iotest.OneByteReader(bytes.NewReader(data[from-1:])), int64(to-from), blockSize, quoted)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checkRecords reads an output with encoding/csv.
func checkRecords(t *testing.T, out string, records [][]string) {
	t.Helper()
	var lines []string // without blank lines, which encoding/csv takes for rows if they hold spaces
	for _, line := range strings.SplitAfter(out, "\n") {
		if strings.Trim(line, " \t\r\n") != "" || strings.Count(strings.Join(lines, ""), `"`)%2 == 1 {
			lines = append(lines, line)
		}
	}
	got, err := csv.NewReader(strings.NewReader(strings.Join(lines, ""))).ReadAll()
	if err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	want := [][]string{{"id", "x", "note", "y"}}
	for _, r := range records {
		row := append(slices.Clone(r), wish(r))
		row[2] = strings.ReplaceAll(row[2], "\r\n", "\n") // as encoding/csv does
		want = append(want, row)
	}
	if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Fatalf("%q reads\n%q, want\n%q", out, got, want)
	}
}

// FuzzWrongQuoting assumes anything of any bytes: nothing may hang or panic,
// and the parity is right even so.
func FuzzWrongQuoting(f *testing.F) {
	f.Add([]byte("1,\"two\nlines\"\n3,4\n"), 3, 9, 4, true)
	f.Add([]byte("\"\"\"\n\r\n,,\n"), 1, 5, 1, false)
	f.Fuzz(func(t *testing.T, data []byte, from, size, blockSize int, quoted bool) {
		data = append([]byte("a,b\n"), data...)
		h, err := ReadHeader(data, true)
		if err != nil {
			t.Fatal(err)
		}
		l, err := NewLayout(h, columns("a", "b:text"), "y", 1)
		if err != nil {
			t.Fatal(err)
		}
		from = 1 + int(uint(from)%uint(len(data)))
		to := from + max(0, min(size, len(data)-from))
		s := shard(t, data, from, to, 1+int(uint(blockSize)%64), quoted)
		var rows Rows
		for {
			block, err := s.Next(nil)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			l.Parse(block, nil, &rows) // may fail
		}
		if want := bytes.Count(data[from:to], []byte{'"'})%2 == 1; s.Odd() != want {
			t.Fatalf("%q, bytes %d–%d: Odd is %v", data, from, to, s.Odd())
		}
	})
}

func TestRecordsHaveALimit(t *testing.T) {
	long := strings.Repeat("x", MaxRecord+1<<20)
	for _, c := range []struct{ name, data string }{
		{"one cell", "a,b\n1," + long},
		{"a cell before others", "a,b\n" + long + ",2\n"},
		{"a quoted cell", "a,b\n1,\"" + long + "\"\n"},
		{"a quote that is never closed", "a,b\n1,\"" + long},
		{"lines in quotes", "a,b\n1,\"" + strings.Repeat("x\n", MaxRecord)},
		{"spaces", "a,b\n" + strings.Repeat(" ", MaxRecord+2<<20) + "1,2\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := []byte(c.data)
			l := open(t, data, "y", 1, "a", "b:text")
			counted := &counter{r: bytes.NewReader(data[l.header.Size:])}
			s := NewSplitter(counted, 1<<20)
			block, err := s.Next(nil)
			if err != nil {
				t.Fatal(err)
			}
			if counted.n > MaxRecord+2<<20 {
				t.Errorf("read %d bytes", counted.n)
			}
			var rows Rows
			if _, err = l.Parse(block, nil, &rows); err == nil || !strings.Contains(err.Error(), "the row is longer than") {
				t.Errorf("error %v", err)
			}
		})
	}
	t.Run("behind a range", func(t *testing.T) {
		data := []byte("a,b\n1," + long + long)
		l := open(t, data, "y", 1, "a", "b:text")
		counted := &counter{r: bytes.NewReader(data[l.header.Size-1:])}
		s, err := NewRangeSplitter(counted, 5, 1<<20, false)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err = run(l, s); err == nil || !strings.Contains(err.Error(), "row 1: the row is longer than") {
			t.Errorf("error %v", err)
		}
		if counted.n > MaxRecord+2*slack {
			t.Errorf("read %d bytes", counted.n)
		}
	})
}

type counter struct {
	r io.Reader
	n int
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += n
	return n, err
}

// TestReadsNoFurther: a range whose last record ends with it needs no byte more.
func TestReadsNoFurther(t *testing.T) {
	data := []byte("a\n1\n2\n3\n")
	l := open(t, data, "y", 1, "a")
	s, err := NewRangeSplitter(io.MultiReader(bytes.NewReader(data[1:6]), iotest.ErrReader(errors.New("read too far"))), 4, 100, false)
	if err != nil {
		t.Fatal(err)
	}
	out, n, err := run(l, s)
	if want := "1,0 [1]\n2,0 [2]\n"; string(out) != want || n != 2 || err != nil {
		t.Errorf("%q, %d, %v", out, n, err)
	}
}

func TestReaderErrors(t *testing.T) {
	broken := errors.New("connection reset")
	for _, err := range []error{broken, io.ErrUnexpectedEOF} {
		r := io.MultiReader(strings.NewReader("1,2\n3,4"), iotest.ErrReader(err))
		if _, got := NewSplitter(r, 100).Next(nil); !errors.Is(got, err) {
			t.Errorf("error %v, want %v", got, err)
		}
	}
}
