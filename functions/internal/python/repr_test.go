package python

import (
	"bufio"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestAppendFloatEqualsRepr(t *testing.T) {
	f, err := os.Open("testdata/repr.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := 0
	for s := bufio.NewScanner(f); s.Scan(); lines++ {
		text, want, _ := strings.Cut(s.Text(), " ")
		bits, err := strconv.ParseUint(text, 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(AppendFloat(nil, math.Float64frombits(bits), 64)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if lines < 2000 {
		t.Errorf("the fixture has %d lines", lines)
	}
}

// appendByStrconv is repr with strconv's digits.
func appendByStrconv(dst []byte, v float64) []byte {
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.AppendFloat(dst, v, 'e', -1, 64)
	}
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return append(dst, text...)
}

func TestAppendFloatEqualsStrconv(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300_000 {
		for _, v := range []float64{math.Float64frombits(r.Uint64()), r.NormFloat64() * math.Pow(10, float64(r.IntN(30)-8))} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				continue
			}
			got, want := string(AppendFloat(nil, v, 64)), string(appendByStrconv(nil, v))
			if got != want {
				t.Fatalf("%x: %s, want %s", math.Float64bits(v), got, want)
			}
		}
	}
}

func TestAppendFloat32(t *testing.T) {
	for _, c := range []struct {
		v    float32
		want string
	}{{0.1, "0.1"}, {-1, "-1.0"}, {1e-5, "1e-05"}, {16777216, "16777216.0"}, {1e20, "1e+20"}, {float32(math.Inf(-1)), "-inf"}} {
		if got := string(AppendFloat(nil, float64(c.v), 32)); got != c.want {
			t.Errorf("%v: %s, want %s", c.v, got, c.want)
		}
	}
	if got := string(AppendFloat(nil, math.NaN(), 64)); got != "nan" {
		t.Errorf("NaN: %s", got)
	}
}

func TestAppendFloatAllocatesNothing(t *testing.T) {
	dst := make([]byte, 0, 64)
	for _, v := range []float64{1.0 / 3, -1e-300, 1e15, 0} {
		if n := testing.AllocsPerRun(10, func() { dst = AppendFloat(dst[:0], v, 64) }); n != 0 {
			t.Errorf("%v: %v allocations", v, n)
		}
	}
}

func BenchmarkAppendFloat(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var values [1024]float64
	for i := range values {
		values[i] = r.NormFloat64() * 100
	}
	dst := make([]byte, 0, 64)
	for i := range b.N {
		dst = AppendFloat(dst[:0], values[i&1023], 64)
	}
}
