package frame

import (
	"fmt"
	"testing"
)

// text writes the cells of each row in the order in which they are held.
func (m *CSR) text() (s string) {
	for r := range len(m.Start) - 1 {
		index, value := m.Row(r)
		s += fmt.Sprint(index, value, ";")
	}
	return s
}

// example has the cells of a row in descending order.
func example(mem *Arena) *Frame {
	x := New(2, mem)
	m := x.NewCSR(4)
	m.Add(3, 30)
	m.Add(1, 10)
	m.EndRow()
	m.Add(2, 20)
	m.EndRow()
	return x.Sparsely(m)
}

func TestCSR(t *testing.T) {
	mem := new(Arena)
	x := example(mem)
	dense := New(2, mem).With([]Column{{Num: []float64{0, 7}}, {Num: []float64{5, 0}}})
	sparse := New(2, mem).With(dense.Cols)
	sparse.Sparse = true
	tests := []struct {
		what string
		got  *Frame
		want string
	}{
		{"as it is", x, "[3 1] [30 10];[2] [20];"},
		{"selected", x.Select([]int{3, 2}), "[0] [30];[1] [20];"},
		{"beside a sparse frame", x.Beside([]*Frame{sparse, x}), "[1 5 3] [5 30 10];[0 4] [7 20];"},
		{"beside a dense frame", x.Beside([]*Frame{x, dense}), "[1 3 5] [10 30 5];[2 4] [20 7];"},
		{"two of them", x.Beside([]*Frame{x, x}), "[3 1 7 5] [30 10 30 10];[2 6] [20 20];"},
	}
	for _, test := range tests {
		if got := test.got.Wide.text(); got != test.want {
			t.Errorf("%s: %s, want %s", test.what, got, test.want)
		}
	}
	if other := x.Wide.WithValues(); other.text() != "[3 1] [0 0];[2] [0];" {
		t.Errorf("other values are %s", other.text())
	}
}

func TestUnfold(t *testing.T) {
	x := example(nil)
	x.Sparse = false
	for _, test := range []struct {
		from, to int
		want     string
	}{
		{0, 2, "[0 0][10 0][0 20][30 0]"}, {1, 2, "[0][0][20][0]"}, {1, 1, "[][][][]"},
	} {
		y := x.Unfold(test.from, test.to, new(Arena))
		got := ""
		for _, c := range y.Cols {
			got += fmt.Sprint(c.Num)
		}
		if got != test.want || y.Rows != test.to-test.from || y.Sparse {
			t.Errorf("rows %d to %d: %s of %d rows, want %s", test.from, test.to, got, y.Rows, test.want)
		}
	}
}

// TestCSRGrows fills a block over and over in the same memory.
func TestCSRGrows(t *testing.T) {
	mem := new(Arena)
	fill := func() {
		mem.Reset()
		x := New(100, mem)
		m := x.NewCSR(1 << 20)
		for r := range 100 {
			for c := range 50 {
				m.Add(int32(c), float64(r*c))
			}
			m.EndRow()
		}
		for r := range 100 {
			if index, value := m.Row(r); len(index) != 50 || value[49] != float64(r*49) {
				t.Fatalf("row %d is %v %v", r, index, value)
			}
		}
	}
	fill()
	if n := testing.AllocsPerRun(10, fill); n > 2 {
		t.Errorf("a block takes %v allocations, want no more than its frame and its header", n)
	}
}

// TestMapped: other numbers, in the same places of the same kind of frame.
func TestMapped(t *testing.T) {
	double := func(dst, src []float64) {
		for i, v := range src {
			dst[i] = 2 * v
		}
	}
	x := example(nil)
	for _, sparse := range []bool{true, false} { // a dense one may be held so, too
		x.Sparse = sparse
		if y := x.Mapped(double); y.Wide.text() != "[3 1] [60 20];[2] [40];" || y.Sparse != sparse {
			t.Errorf("a CSR becomes %s, sparse %v", y.Wide.text(), y.Sparse)
		}
	}
	dense := New(2, nil).With([]Column{{Name: "a", Num: []float64{0, 7}}})
	dense.Single = true
	if y := dense.Mapped(double); y.Cols[0].Name != "a" || y.Cols[0].Num[1] != 14 || !y.Single || dense.Cols[0].Num[1] != 7 {
		t.Errorf("%+v becomes %+v", dense, y)
	}
}
