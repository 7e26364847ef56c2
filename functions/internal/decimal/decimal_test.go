package decimal

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestPowersAreRoundedUp(t *testing.T) {
	ten, one := big.NewInt(10), big.NewInt(1)
	for p := minPower; p <= maxPower; p++ {
		// ⌈10^p / 2^(log2Pow10(p)−127)⌉
		num, den := big.NewInt(1), big.NewInt(1)
		exp := new(big.Int).Exp(ten, big.NewInt(int64(max(p, -p))), nil)
		if p >= 0 {
			num = exp
		} else {
			den = exp
		}
		if s := 127 - log2Pow10(p); s >= 0 {
			num = new(big.Int).Lsh(num, uint(s))
		} else {
			den = new(big.Int).Lsh(den, uint(-s))
		}
		want := new(big.Int).Add(num, new(big.Int).Sub(den, one))
		want.Quo(want, den)
		if want.BitLen() != 128 {
			t.Fatalf("10^%d: %d bits", p, want.BitLen())
		}
		got := new(big.Int).Lsh(new(big.Int).SetUint64(powers[p-minPower].high), 64)
		got.Sub(got, new(big.Int).SetUint64(powers[p-minPower].less))
		if got.Cmp(want) != 0 {
			t.Fatalf("10^%d = %x, want %x", p, got, want)
		}
	}
}

func TestLogarithms(t *testing.T) {
	for p := -400; p <= 400; p++ {
		if got, want := log2Pow10(p), int(math.Floor(float64(p)*math.Log2(10))); got != want {
			t.Errorf("log2Pow10(%d) = %d, want %d", p, got, want)
		}
	}
	for e := -1200; e <= 1200; e++ {
		if got, want := log10Pow2(e), int(math.Floor(float64(e)*math.Log10(2))); got != want {
			t.Errorf("log10Pow2(%d) = %d, want %d", e, got, want)
		}
		if got, want := log10Skewed(e), int(math.Floor(math.Log10(.75)+float64(e)*math.Log10(2))); got != want {
			t.Errorf("log10Skewed(%d) = %d, want %d", e, got, want)
		}
	}
}

func checkFloat(t *testing.T, d uint64, p int) {
	t.Helper()
	text := strconv.FormatUint(d, 10) + "e" + strconv.Itoa(p)
	want, _ := strconv.ParseFloat(text, 64)
	if got := Float(d, p); math.Float64bits(got) != math.Float64bits(want) {
		t.Fatalf("Float(%d, %d) = %v, want %v", d, p, got, want)
	}
}

func checkShort(t *testing.T, v float64) {
	t.Helper()
	if v = math.Abs(v); v == 0 || v > math.MaxFloat64 || v != v {
		return
	}
	want := strconv.FormatFloat(v, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(want, "e")
	digits := strings.Replace(mantissa, ".", "", 1)
	p, _ := strconv.Atoi(exponent)
	p -= len(digits) - 1
	d, q := Short(v)
	if strconv.FormatUint(d, 10) != digits || q != p {
		t.Fatalf("Short(%v) = %d, %d, want %s, %d", v, d, q, digits, p)
	}
	if back := Float(d, q); back != v {
		t.Fatalf("Float(Short(%v)) = %v", v, back)
	}
}

func FuzzFloat(f *testing.F) {
	f.Add(uint64(1), 0)
	f.Add(uint64(9007199254740993), 0)
	f.Add(uint64(1e19), 289)
	f.Fuzz(func(t *testing.T, d uint64, p int) { checkFloat(t, d%(1e19+1), p%400) })
}

func FuzzShort(f *testing.F) {
	f.Add(math.Float64bits(0.1))
	f.Fuzz(func(t *testing.T, b uint64) { checkShort(t, math.Float64frombits(b)) })
}

func TestFloatEqualsStrconv(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for p := minPower - 30; p <= maxPower+30; p++ {
		for digits := uint64(1); digits <= 1e18; digits *= 10 {
			for _, d := range []uint64{digits, digits - 1, digits + 1, digits + r.Uint64N(9*digits), 1e19 - digits} {
				checkFloat(t, d, p)
			}
		}
	}
	for range 200_000 { // as tables have them
		digits := uint64(math.Pow(10, float64(r.IntN(19))))
		checkFloat(t, r.Uint64N(10*digits), -r.IntN(25))
	}
	// Half-way between two neighbours and one off: 2^53 < d < 10^16.
	for range 100_000 {
		d := 1<<53 + r.Uint64N(1<<49)
		checkFloat(t, d, r.IntN(20)-10)
		checkFloat(t, d|1, 0)
	}
	for _, d := range []uint64{2225073858507201, 22250738585072011, 22250738585072014, 4940656458412465, 2470328229206232721, 17976931348623157, 17976931348623158, 1797693134862315808} {
		for p := -345; p < 300; p++ {
			checkFloat(t, d, p)
		}
	}
}

func TestShortEqualsStrconv(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	near := func(b uint64) {
		for _, v := range []uint64{b - 1, b, b + 1} {
			checkShort(t, math.Float64frombits(v))
		}
	}
	for e := uint64(0); e < 0x7ff; e++ {
		near(e << 52)
	}
	for b := range 52 {
		near(1 << b)
	}
	for p := -330; p < 309; p++ {
		v, _ := strconv.ParseFloat("1e"+strconv.Itoa(p), 64)
		near(math.Float64bits(v))
	}
	for range 300_000 {
		checkShort(t, math.Float64frombits(r.Uint64()))
		checkShort(t, r.NormFloat64()*100)
		checkShort(t, float64(r.IntN(1e6))/1e4)
		checkShort(t, float64(r.Uint64()>>r.IntN(64)))
	}
}

func BenchmarkFloat(b *testing.B) {
	for _, c := range []struct {
		name string
		d    uint64
		p    int
	}{{"4 decimals", 123456, -4}, {"17 digits", 49671415301123270, -17}} {
		b.Run(c.name, func(b *testing.B) {
			for i := range b.N {
				sink = Float(c.d+uint64(i&1023), c.p)
			}
		})
	}
}

func BenchmarkShort(b *testing.B) {
	for i := range b.N {
		d, _ := Short(0.49671415301123270 + float64(i&1023)*1e-16)
		digits += d
	}
}

var (
	sink   float64
	digits uint64
)

func TestDigits(t *testing.T) {
	check := func(d uint64) {
		t.Helper()
		digits, n := Split(d)
		want := strconv.FormatUint(d, 10)
		all := want + strings.Repeat("0", ShortDigits-n)
		var b [ShortDigits]byte
		if digits.Put(&b); n != len(want) || string(b[:]) != all {
			t.Fatalf("%d: %q, %d", d, b, n)
		}
		few := 1 + int(d%7)
		var p [ShortDigits + 1]byte
		if digits.PutPoint(&p, few); string(p[:]) != all[:few]+"."+all[few:] {
			t.Fatalf("%d with a point behind %d digits: %q", d, few, p)
		}
	}
	for d := uint64(1); d < 1e17; d *= 10 {
		for _, v := range []uint64{d, d + 1, 2*d - 1, 10*d - 1} {
			check(v)
		}
	}
	r := rand.New(rand.NewPCG(5, 6))
	for range 200_000 {
		check(1 + r.Uint64N(1e17-1)>>r.IntN(57))
	}
	for v := uint64(1); v < 1e8; v += 37 {
		check(v)
	}
}
