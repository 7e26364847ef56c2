package pickle

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// fixtureArray returns one of the arrays of testdata/make.py.
func fixtureArray(t *testing.T, name string) *Array {
	t.Helper()
	v, ok := decode(t, "testdata/arrays-joblib-p4.pkl").Root.(*Dict).Get(name)
	if !ok {
		t.Fatalf("no array %q", name)
	}
	return v.(*Array)
}

// TestInts covers what float64 cannot hold: whole numbers to the last bit.
func TestInts(t *testing.T) {
	tests := []struct {
		name string
		want []int64
	}{
		{"bool", []int64{1, 0, 1}},
		{"i1", []int64{math.MinInt8, -1, 0, math.MaxInt8}},
		{"i2", []int64{math.MinInt16, -1, 0, math.MaxInt16}},
		{"i4", []int64{math.MinInt32, -1, 0, math.MaxInt32}},
		{"i8", []int64{math.MinInt64, -1, 0, math.MaxInt64}},
		{"u1", []int64{0, 1, math.MaxUint8}},
		{"u2", []int64{0, 1, math.MaxUint16}},
		{"u4", []int64{0, 1, math.MaxUint32}},
		{"big i2", []int64{1, -2, 300}},
		{"big i8", []int64{1, -2, 300}},
		{"big f4", []int64{1, -2, 300}},
		{"transposed", []int64{0, 3, 1, 4, 2, 5}},
		{"matrix", []int64{1, 2, 3, 4}},
		{"empty", []int64{}},
	}
	for _, tt := range tests {
		got, err := fixtureArray(t, tt.name).Ints()
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}

// TestArrayRefuses: no element is read as something else than it is.
func TestArrayRefuses(t *testing.T) {
	floats := func(a *Array) error { _, err := a.Floats(); return err }
	ints := func(a *Array) error { _, err := a.Ints(); return err }
	text := func(a *Array) error { _, err := a.Strings(); return err }
	field := func(a *Array) error { _, err := a.Field("absent"); return err }
	tests := []struct {
		array *Array
		read  func(*Array) error
		want  string
	}{
		{fixtureArray(t, "u8"), ints, "holds 18446744073709551615, which is beyond int64"},
		{fixtureArray(t, "f8"), ints, "holds 1.5, which is no whole number"},
		{fixtureArray(t, "U"), floats, "is an array of numpy kind 'U' and 12 bytes an element, which is not read as numbers"},
		{fixtureArray(t, "U"), ints, "not read as whole numbers"},
		{fixtureArray(t, "i4"), text, "not read as text"},
		{fixtureArray(t, "O mixed"), text, "holds int64 among its objects"},
		{fixtureArray(t, "O mixed"), floats, "holds None among its objects"},
		{fixtureArray(t, "fields"), floats, "not read as numbers"},
		{fixtureArray(t, "fields"), field, `has no field "absent"`},
		{fixtureArray(t, "fields with objects"), func(a *Array) error { _, err := a.Field("a"); return err }, "it holds objects"},
		{fixtureArray(t, "i4"), field, `has no field "absent"`},
		{&Array{Dtype: Dtype{Kind: 'f', Size: 16}, Shape: []int{1}, Data: make([]byte, 16)}, floats, "not read as numbers"},
		{&Array{Dtype: Dtype{Kind: 'S', Size: 1}, Shape: []int{1}, Data: []byte{0xe9}}, text, "not ASCII"},
		{&Array{Dtype: Dtype{Kind: 'U', Size: 4}, Shape: []int{1}, Data: []byte{0, 0xd8, 0, 0}}, text, "holds the character 0xd800"},
	}
	for _, tt := range tests {
		if err := tt.read(tt.array); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

// TestObjectNumbers reads numbers that are Python objects.
func TestObjectNumbers(t *testing.T) {
	a := &Array{Dtype: Dtype{Kind: 'O', Size: 8}, Shape: []int{3}, Objects: []any{int64(-3), true, 0.5}}
	floats, err := a.Floats()
	if got := fmt.Sprint(floats, err); got != "[-3 1 0.5] <nil>" {
		t.Errorf("floats %s", got)
	}
	if _, err := a.Ints(); err == nil {
		t.Error("0.5 was read as a whole number")
	}
	a.Objects, a.Shape = a.Objects[:2], []int{2}
	ints, err := a.Ints()
	if got := fmt.Sprint(ints, err); got != "[-3 1] <nil>" {
		t.Errorf("ints %s", got)
	}
}

// latin1Plainly is latin1 by Go's own decoding.
func latin1Plainly(text []byte) ([]byte, bool) {
	out := []byte{}
	for _, r := range string(text) {
		if r > 0xff {
			return nil, false
		}
		out = append(out, byte(r))
	}
	return out, utf8.Valid(text)
}

func checkLatin1(t *testing.T, text []byte) {
	t.Helper()
	want, valid := latin1Plainly(text)
	got, ok := latin1(text)
	if ok != valid || ok && !bytes.Equal(got, want) {
		t.Fatalf("latin1(%x) = %x, %v, want %x, %v", text, got, ok, want, valid)
	}
}

func TestLatin1(t *testing.T) {
	var all string
	for c := range 256 {
		all += string(rune(c))
	}
	for from := range len(all) {
		for to := from; to <= min(from+30, len(all)); to++ {
			checkLatin1(t, []byte(all[from:to])) // some begin or end within a character
		}
	}
	checkLatin1(t, []byte(all))
	pairs := make([]byte, 40)
	for c := range 1 << 16 {
		for _, at := range []int{0, 3, 7, 38} {
			clear(pairs)
			pairs[at], pairs[at+1] = byte(c>>8), byte(c)
			checkLatin1(t, pairs)
		}
	}
	for _, text := range []string{"\u0100", "a\u20ac", "\u00ff\u07ff", "\U0001f600"} {
		if got, ok := latin1([]byte(text)); ok {
			t.Errorf("latin1(%q) = %x", text, got)
		}
	}
}

func FuzzLatin(f *testing.F) {
	f.Add([]byte("\x00\x01\u0080\u00ff plain text\u00e9\u0100"))
	f.Fuzz(func(t *testing.T, text []byte) { checkLatin1(t, text) })
}
