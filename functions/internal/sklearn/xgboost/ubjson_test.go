package xgboost

import (
	"fmt"
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	for _, test := range []struct{ data, want string }{
		{"{U\x01aZU\x01bT}", "map[a:<nil> b:true]"},
		{"[i\xffU\xffI\xff\xfel\x00\x00\x01\x00L\x00\x00\x00\x00\x00\x00\x00\x07]", "[-1 255 -2 256 7]"},
		{"[$d#U\x02\x3f\x80\x00\x00\xbf\x00\x00\x00", "[1 -0.5]"},
		{"[#i\x02FSU\x02hi", "[false hi]"},
		{"D\x3f\xf8\x00\x00\x00\x00\x00\x00", "1.5"},
		{"[[]{}]", "[[] map[]]"},
	} {
		d, err := decode([]byte(test.data))
		if got := fmt.Sprint(d); err != nil || got != test.want {
			t.Errorf("%q is %s (%v), want %s", test.data, got, err, test.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, test := range []struct{ data, want string }{
		{"", "middle of a value"},
		{"{L", "middle of a value"},
		{"T!", "more behind its end"},
		{"{U\x01aTU\x01aF}", "twice"},
		{"[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff", "length"},
		{"[$d#U\x03\x00\x00", "array of 3 elements"},
		{"[$S#U\x01", "array of 1 elements of type"},
		{"SL\xff\xff\xff\xff\xff\xff\xff\xff", "length of -1"},
		{strings.Repeat("[", 200), "nested"},
		{"[#U\x05T", "middle of a value"},
	} {
		if d, err := decode([]byte(test.data)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q is %v, error %v, want one with %q", test.data, d, err, test.want)
		}
	}
}
