package table

import (
	"strings"
	"testing"
)

// TestRecord finds rows as Parse counts them: blank lines are none, and a
// quoted line end ends none.
func TestRecord(t *testing.T) {
	block := "\n1,2\r\n \t\r\n\"a\nb\",\"c\"\"\"\n\n3,4"
	l := &Layout{dialect: newDialect(','), header: &Header{Names: []string{"x", "y"}}}
	for n, want := range []string{"1,2", "\"a\nb\",\"c\"\"\"", "3,4"} {
		start, next := l.Record([]byte(block), n)
		if got := string(TrimNewline([]byte(block[start:next]))); got != want {
			t.Errorf("row %d is %q, want %q", n, got, want)
		}
	}
}

// TestMiddle: halving goes on until each line is by itself, and loses nothing.
func TestMiddle(t *testing.T) {
	for _, block := range []string{"", "a", "a\n", "a\nb", "a\nb\n", "\n\n\n", "\"a\n\n\n\n\n\"\nb\n", "b\n\"a\n\n\n\n\n\"", "1\n2\n3\n4\n5\n6\n7\n"} {
		var lines []string
		var halve func(string)
		halve = func(b string) {
			if m := Middle([]byte(b)); m > 0 {
				halve(b[:m])
				halve(b[m:])
				return
			}
			lines = append(lines, b)
		}
		halve(block)
		if got := strings.Join(lines, ""); got != block {
			t.Errorf("%q became %q", block, lines)
		}
		for _, line := range lines {
			if n := firstEnd([]byte(line), false); n > 0 && n < len(line) {
				t.Errorf("%q is more than one line of %q", line, block)
			}
		}
	}
}

// TestCheckQuotes: a cell that is no number and a row too short say nothing of
// the quotes behind.
func TestCheckQuotes(t *testing.T) {
	l := &Layout{dialect: newDialect(','), header: &Header{Names: []string{"x", "y", "z"}}}
	for record, broken := range map[string]bool{
		"x": false, "x,\"a\nb\"\r\n": false, "x\ry,1\n": false, "\"\"\"\",,\n": false,
		"x,5\" pipe\ny,6\" pipe\n": true, "x,\"a\" b\n": true, "x,\"open": true,
	} {
		if err := l.CheckQuotes([]byte(record)); (err != nil) != broken {
			t.Errorf("%q: %v", record, err)
		}
	}
}

func TestCell(t *testing.T) {
	l := &Layout{dialect: newDialect(','), header: &Header{Names: []string{"x", "y", "z"}}}
	for record, want := range map[string]string{"1,2,3": "2", `1,"a ""b""",`: `a "b"`, "1": "", "1,,3": "", `1,"open`: ""} {
		if got := l.Cell([]byte(record), "y"); string(got) != want {
			t.Errorf("%s has %q, want %q", record, got, want)
		}
	}
	if got := l.Cell([]byte("1,2,3"), "none"); got != nil {
		t.Errorf("a column that is not there has %q", got)
	}
}
