package pairwise

import (
	"testing"

	"brine/functions/internal/numpy"
)

// sample is row j of a table that the recorded answers were computed on.
func sample(n, j int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64((i*7919+j*104729)%1000) / 137
	}
	return x
}

// TestNorms compares with scipy.linalg.blas.ddot and with numpy.einsum("ij,ij->i")
// of row-major and column-major tables.
func TestNorms(t *testing.T) {
	for _, c := range []struct {
		n                 int
		blas, row, column float64
	}{
		{3, 0x1.49a6a9442f157p+6, 0x1.49a6a9442f157p+6, 0x1.49a6a9442f157p+6},
		{9, 0x1.75a45ea880a5fp+7, 0x1.75a45ea880a5ep+7, 0x1.75a45ea880a5fp+7},
		{17, 0x1.544f0dfb02084p+8, 0x1.544f0dfb02084p+8, 0x1.544f0dfb02085p+8},
		{37, 0x1.3cae4ca074893p+9, 0x1.3cae4ca074894p+9, 0x1.3cae4ca074892p+9},
	} {
		x := sample(c.n, 0)
		if got := SquaredNorm(x); got != c.blas {
			t.Errorf("SquaredNorm of %d features is %x, want %x", c.n, got, c.blas)
		}
		if got := RowNorm(x); got != c.row {
			t.Errorf("RowNorm of %d features is %x, want %x", c.n, got, c.row)
		}
		if got := ColumnNorm(x); got != c.column {
			t.Errorf("ColumnNorm of %d features is %x, want %x", c.n, got, c.column)
		}
	}
}

// TestAddProducts compares with DGEMM of OpenBLAS 0.3.21 on x86-64 with AVX2.
func TestAddProducts(t *testing.T) {
	for n, want := range map[int][]float64{
		5:   {-0x1.1295683f2d9fdp+8, -0x1.6ceded7a403e0p+7, -0x1.696214ec4a78cp+6, -0x1.2dd9d62e66d09p+7, -0x1.33d28d9afc5bbp+7},
		257: {-0x1.1ca020bc1dbbfp+13, -0x1.8d3ef5c1b8d44p+12, -0x1.610eda7a4ab7cp+12, -0x1.b2ca0748936a9p+12, -0x1.72d26ab031f9ap+12},
		300: {-0x1.4e679644398eep+13, -0x1.d542aefeb4498p+12, -0x1.9d7598b1c007ep+12, -0x1.fac463759613ap+12, -0x1.b513653804795p+12},
		600: {-0x1.4d84d480ebb0ep+14, -0x1.d390c6cf3d1e6p+13, -0x1.9f506c06621f6p+13, -0x1.00c077975b900p+14, -0x1.b36add9667244p+13},
	} {
		rows := numpy.Matrix{Rows: 5, Cols: n}
		for _, j := range []int{0, 1, 2, 3, 5} {
			rows.Data = append(rows.Data, sample(n, j)...)
		}
		got := make([]float64, 5)
		AddProducts(got, -2, sample(n, 0), rows)
		for j := range got {
			if got[j] != want[j] {
				t.Errorf("%d features, row %d: got %x, want %x", n, j, got[j], want[j])
			}
		}
	}
}

func TestSquaredEuclidean(t *testing.T) {
	rows := numpy.Matrix{Rows: 3, Cols: 2, Data: []float64{0.1, 0.2, 3, 4, 0, 0}}
	q := []float64{0.1, 0.2}
	got := make([]float64, 3)
	SquaredEuclidean(got, q, SquaredNorm(q), rows, Norms(rows, SquaredNorm))
	if got[0] != 0 || got[1] < 22.85-1e-12 || got[1] > 22.85+1e-12 || got[2] != SquaredNorm(q) {
		t.Errorf("got %v", got)
	}
	if at := ArgMin([]float64{2, 1, 1}); at != 1 {
		t.Errorf("ArgMin took element %d of two equal ones", at)
	}
}
