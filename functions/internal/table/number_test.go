package table

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestNumbersAsPandas reads odd cells as pandas does; testdata/cells.py made
// the answers. What pandas read as text is refused, or is the number that
// Python's float makes of it.
func TestNumbersAsPandas(t *testing.T) {
	data, err := os.ReadFile("testdata/cells.json")
	if err != nil {
		t.Fatal(err)
	}
	var answers [][3]string
	if err := json.Unmarshal(data, &answers); err != nil {
		t.Fatal(err)
	}
	numbers, lenient := 0, 0
	for _, a := range answers {
		cell, bits, dtype := a[0], a[1], a[2]
		v, kind := parseNumber([]byte(cell))
		got := fmt.Sprintf("%016x", math.Float64bits(v))
		if math.IsNaN(v) {
			got = "nan"
		}
		switch {
		case kind == notANumber:
			got = ""
		case kind == aBool != (dtype == "bool"):
			t.Errorf("%q: kind %d, pandas' dtype %s", cell, kind, dtype)
		}
		if got == "" && dtype == "object" {
			continue
		}
		if got != bits {
			t.Errorf("%q (%s): %q, want %q", cell, dtype, got, bits)
		}
		numbers++
		if dtype == "object" {
			lenient++
		}
	}
	if numbers < 400 || lenient > numbers/4 {
		t.Errorf("%d numbers, %d of them text to pandas, of %d cells", numbers, lenient, len(answers))
	}
}

// checkNumber compares all ways in which a cell is read with strconv.
func checkNumber(t *testing.T, cell string) {
	t.Helper()
	want, err := strconv.ParseFloat(cell, 64)
	if err != nil && !math.IsInf(want, 0) {
		t.Fatal(err)
	}
	if got, _ := parseNumber([]byte(cell)); math.Float64bits(got) != math.Float64bits(want) {
		t.Fatalf("parseNumber(%q) = %v, want %v", cell, got, want)
	}
	checkCells(t, cell, want)
}

var numbers = flag.Int("numbers", 40_000, "how many numbers of each kind TestNumbersAsStrconv reads")

func TestNumbersAsStrconv(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	digits := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('0' + r.IntN(10))
		}
		return string(b)
	}
	for range *numbers {
		sign := []string{"", "-"}[r.IntN(2)]
		checkNumber(t, sign+digits(1+r.IntN(20)))
		checkNumber(t, sign+digits(1+r.IntN(10))+"."+digits(r.IntN(25)))
		checkNumber(t, sign+"."+strings.Repeat("0", r.IntN(5))+digits(1+r.IntN(20)))
		checkNumber(t, fmt.Sprintf("%s%s.%se%d", sign, digits(1+r.IntN(3)), digits(r.IntN(20)), r.IntN(700)-350))
		checkNumber(t, strconv.FormatFloat(math.Float64frombits(r.Uint64()&^(1<<62)), 'e', r.IntN(22)-1, 64))
		checkNumber(t, strconv.FormatFloat(r.NormFloat64()*100, 'f', r.IntN(22)-1, 64))
	}
}

// TestHalfWay reads decimals at, just above and just below the middle of two
// neighbouring float64s, in full length.
func TestHalfWay(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 20_000 {
		m, e := 1<<53|r.Uint64N(1<<53)|1, r.IntN(120)-60 // 54 bits: the last is half a unit
		middle := new(big.Float).SetMantExp(new(big.Float).SetUint64(m), e).Text('f', max(0, -e))
		checkNumber(t, middle)
		if !strings.Contains(middle, ".") {
			middle += "."
		}
		checkNumber(t, middle+"00000000000000000000000000000000001")
		checkNumber(t, middle+"0000000000")
	}
}

func TestNumberAllocatesNothing(t *testing.T) {
	for _, cell := range []string{"NA", " 1.5 ", "1e-300", "-Infinity", "TRUE", "0.1234567890123456789012345678901", "abc"} {
		b := []byte(cell)
		if n := testing.AllocsPerRun(10, func() { parseNumber(b) }); n != 0 {
			t.Errorf("%q: %v allocations", cell, n)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, cell := range []string{"1", "-0.1", "1e400", "123456789012345678901234567890", "1_0", "0x1p4", " inf", ".", "1.e", "+.5e+5"} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		got, kind := parseNumber([]byte(cell))
		if kind != aNumber {
			return
		}
		want, err := strconv.ParseFloat(string(trim([]byte(cell))), 64)
		if err != nil && !math.IsInf(want, 0) {
			t.Fatalf("%q is no number: %v", cell, err)
		}
		if math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q = %v, want %v", cell, got, want)
		}
		if !strings.ContainsAny(cell, "\",\r\n") {
			checkCells(t, cell, want)
		}
	})
}

// checkCells reads a cell as the first, as the last and as the very last of a
// table.
func checkCells(t *testing.T, cell string, want float64) {
	t.Helper()
	l := &Layout{
		dialect:  newDialect(','),
		header:   &Header{Names: []string{"a", "b"}},
		features: columns("a", "b"),
		alias:    []int{0, 1},
		fields:   []field{{use: number}, {use: number, feature: 1}},
	}
	f, err := l.Parse([]byte(cell+",1\n12345678.12345678,"+cell+"\r\n0,"+cell), nil, &Rows{})
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []float64{f.Cols[0].Num[0], f.Cols[1].Num[1], f.Cols[1].Num[2]} {
		if math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q = %v, want %v", cell, got, want)
		}
	}
}
