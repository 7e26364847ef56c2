package re

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestDocuments compares the matches in whole texts with those of re.findall.
func TestDocuments(t *testing.T) {
	file, err := os.Open("../../../../testdata/text/documents.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	var patterns []string
	var finders []*Finder
	count := 0
	for lines.Scan() {
		var d struct {
			Patterns []string
			Text     string
			Tokens   [][]string
		}
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		for _, p := range d.Patterns { // the first line
			compiled, err := Compile(p)
			if err != nil {
				t.Fatalf("%s: %v", p, err)
			}
			patterns, finders = append(patterns, p), append(finders, compiled.Finder())
		}
		for i, want := range d.Tokens {
			if got := all(finders[i], d.Text); !slices.Equal(got, want) {
				t.Errorf("%s in %q finds %q, want %q", patterns[i], d.Text, got, want)
			}
			count++
		}
	}
	if err := lines.Err(); err != nil || count == 0 {
		t.Fatalf("%d texts: %v", count, err)
	}
}

func all(f *Finder, text string) (found []string) {
	f.All([]byte(text), func(from, to int) { found = append(found, text[from:to]) })
	return found
}

func TestRefused(t *testing.T) {
	for pattern, reason := range map[string]string{
		`\w*`: "empty string", `(?:a?){2}b`: "repeats", `(\w)+`: "capturing group", `(a)(b)`: "more than one",
		`\w+$`: "$", `(?i)a`: "(?i)", `(?=a)b`: "(?=a", `(?P<x>a)`: "(?P<", `(a)\1`: `\1`, `a++`: "a++"[1:], `\p`: `\p`,
		`[a`: "not closed", `[\w-z]`: "bad range", `a{2000}`: "repeat", `\b`: "empty string", `a)`: "unexpected", `\x4`: "cut short",
	} {
		_, err := Compile(pattern)
		if err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v, want %q", pattern, err, reason)
		}
	}
}

func TestBounds(t *testing.T) {
	for pattern, want := range map[string]string{
		`a{2}`: "aa|aa", `a{02}`: "aa|aa", `a{1,3}`: "aaa|aa|a", `ba{,1}`: "ba", `ba{,0}`: "b", `ba{,}`: "baaaaa", `a{2}?`: "aa|aa",
		`a{,1}?b`: "b", `{}|{x}`: "{}|{x}", `a{x`: "a{x", `ba{0}`: "b",
	} {
		p, err := Compile(pattern)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		if got := strings.Join(all(p.Finder(), "baaaaa {} {x} a{x"), "|"); got != want {
			t.Errorf("%s finds %s, want %s", pattern, got, want)
		}
	}
}
