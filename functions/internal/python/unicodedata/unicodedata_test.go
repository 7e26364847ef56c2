package unicodedata

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"unicode"
)

const fixtures = "../../../../testdata/text/"

func base(s string) string {
	var dst []byte
	for _, c := range s {
		dst = AppendBase(dst, c)
	}
	return string(dst)
}

func ascii(s string) string {
	var dst []byte
	for _, c := range base(s) {
		if c < 0x80 {
			dst = append(dst, byte(c))
		}
	}
	return string(dst)
}

func lower(s string) string { return string(AppendLower(nil, s)) }

func in(t *unicode.RangeTable, and string) func(string) string {
	return func(s string) string {
		if s == and || unicode.Is(t, []rune(s)[0]) {
			return "1"
		}
		return "0"
	}
}

// TestCharacters asks for every code point what Python answered.
func TestCharacters(t *testing.T) {
	data, err := os.ReadFile(fixtures + "characters.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]string
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	answers := map[string]func(string) string{
		`\w`: in(Alnum(), "_"), `\d`: in(Decimal(), ""), `\s`: in(Space, ""), "split": in(Space, ""),
		"lower":              lower,
		"before sigma":       func(c string) string { return lower("A" + c + "Σ") },
		"first before sigma": func(c string) string { return lower(c + "Σ") },
		"behind sigma":       func(c string) string { return lower("AΣ" + c + "A") },
		"unicode":            base, "ascii": ascii,
	}
	if len(answers) != len(want) {
		t.Errorf("%d answers are expected, %d given", len(want), len(answers))
	}
	for name, answer := range answers {
		h := sha256.New()
		for c := rune(0); c <= unicode.MaxRune; c++ {
			if c < 0xd800 || c > 0xdfff {
				h.Write([]byte(answer(string(c)) + "\n"))
			}
		}
		if got := hex.EncodeToString(h.Sum(nil)); got != want[name] {
			t.Errorf("%s: SHA-256 %s, want %s", name, got, want[name])
		}
	}
}

// TestDocuments compares whole texts.
func TestDocuments(t *testing.T) {
	file, err := os.Open(fixtures + "documents.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	count := 0
	for lines.Scan() {
		var d struct {
			Text                  *string
			Lower, Unicode, ASCII string
		}
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		if d.Text == nil { // the first line
			continue
		}
		count++
		for _, is := range []struct{ what, got, want string }{
			{"lower", lower(*d.Text), d.Lower}, {"base", base(*d.Text), d.Unicode}, {"ASCII", ascii(*d.Text), d.ASCII},
		} {
			if is.got != is.want {
				t.Errorf("%s of %q is %q, want %q", is.what, *d.Text, is.got, is.want)
			}
		}
	}
	if err := lines.Err(); err != nil || count == 0 {
		t.Fatalf("%d documents: %v", count, err)
	}
}
