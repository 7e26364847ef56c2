package table

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/job"
)

func TestReadHeader(t *testing.T) {
	for _, c := range []struct {
		name, data string
		names      []string
		delimiter  byte
		newline    string
		size       int64
	}{
		{"plain", "a,b\n1,2\n", []string{"a", "b"}, ',', "\n", 4},
		{"CRLF", "a,b\r\n1,2\r\n", []string{"a", "b"}, ',', "\r\n", 5},
		{"no newline", "a,b", []string{"a", "b"}, ',', "", 3},
		{"byte order mark", "\xef\xbb\xbfa,b\n", []string{"a", "b"}, ',', "\n", 7},
		{"byte order mark and quotes", "\xef\xbb\xbf\"a\",b\n", []string{"a", "b"}, ',', "\n", 9},
		{"semicolon", "a;b,c;d\n", []string{"a", "b,c", "d"}, ';', "\n", 8},
		{"tab", "a\tb\n", []string{"a", "b"}, '\t', "\n", 4},
		{"bar", "a|b|c\n", []string{"a", "b", "c"}, '|', "\n", 6},
		{"one column", "a\n1\n", []string{"a"}, ',', "\n", 2},
		{"delimiters in quotes", "\"a;b;c\",d\n", []string{"a;b;c", "d"}, ',', "\n", 10},
		{"newline and quotes in quotes", "\"a\n\"\"b\"\"\",c\n", []string{"a\n\"b\"", "c"}, ',', "\n", 12},
		{"blank lines before", "\n \r\na,b\n", []string{"a", "b"}, ',', "\n", 8},
		{"an index without a name", ",a,\n", []string{"Unnamed: 0", "a", "Unnamed: 2"}, ',', "\n", 4},
		{"spaces are part of a name", " a, b\n", []string{" a", " b"}, ',', "\n", 6},
		{"other scripts", "東京,é\n", []string{"東京", "é"}, ',', "\n", 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := ReadHeader([]byte(c.data), true)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(h.Names, c.names) || h.Delimiter != c.delimiter || h.Newline != c.newline || h.Size != c.size {
				t.Errorf("%q %q %q %d", h.Names, h.Delimiter, h.Newline, h.Size)
			}
			l, err := NewLayout(h, nil, "new", 1)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.TrimSuffix(c.data[:c.size], c.newline) + string(c.delimiter) + "new" + c.newline
			if got := string(l.AppendHeader(nil)); got != want {
				t.Errorf("written as %q, want %q", got, want)
			}
		})
	}
}

func TestReadHeaderRefuses(t *testing.T) {
	for _, c := range []struct {
		name, data string
		whole      bool
		want       string
	}{
		{"empty", "", true, "the table is empty"},
		{"only a byte order mark", "\xef\xbb\xbf", true, "the table is empty"},
		{"only blank lines", "\n \r\n\n", true, "the table is empty"},
		{"xlsx", "PK\x03\x04\x14\x00", true, "Excel workbook"},
		{"xls", "\xd0\xcf\x11\xe0\xa1\xb1", true, "old Excel workbook"},
		{"parquet", "PAR1\x15\x00", true, "Parquet"},
		{"UTF-16", "\xff\xfea\x00,\x00b\x00\n\x00", true, "UTF-16"},
		{"UTF-16 big-endian", "\xfe\xff\x00a\x00,\x00b\x00\n", true, "UTF-16"},
		{"UTF-16 without a mark", "a\x00,\x00b\x00\n\x00", true, "NUL"},
		{"UTF-32", "\x00\x00\xfe\xff\x00\x00\x00a", true, "UTF-32"},
		{"Latin-1", "caf\xe9,b\n1,2\n", true, "not UTF-8"},
		{"gzip in gzip", "\x1f\x8b\x08", true, "gzip"},
		{"carriage returns alone", "a,b\r1,2\r", true, "carriage return"},
		{"bare quote", "a\"b,c\n", true, "a quote inside a cell"},
		{"text behind a quote", "\"a\"b,c\n", true, "text after the closing quote"},
		{"quote never closed", "\"a,b\n1,2\n", true, "never closed"},
		{"too long", strings.Repeat("a,", MaxHeader/2), false, "longer than"},
		{"too long in quotes", `"` + strings.Repeat("a\n", MaxHeader/2), false, "longer than"},
		{"too long and blank", strings.Repeat("\n", MaxHeader), false, "longer than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadHeader([]byte(c.data), c.whole)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want %q", err, c.want)
			}
			if job.TypeOf(err) != job.ValidationError {
				t.Errorf("type %s", job.TypeOf(err))
			}
			var e *job.Error
			if errors.As(err, &e) && e.Hint == "" {
				t.Errorf("%v says not what to do", err)
			}
		})
	}
}

func FuzzReadHeader(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"), true)
	f.Add([]byte("\xef\xbb\xbf\"a\"\"\"\r\n"), false)
	f.Fuzz(func(t *testing.T, first []byte, whole bool) {
		h, err := ReadHeader(first, whole)
		if err != nil {
			if job.TypeOf(err) != job.ValidationError {
				t.Fatal(err)
			}
			return
		}
		if got := string(h.raw) + h.Newline; got != string(first[:h.Size]) || len(h.Names) == 0 {
			t.Fatalf("%q: %q, %q", first, got, h.Names)
		}
	})
}
