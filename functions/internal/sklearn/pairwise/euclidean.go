// Package pairwise measures distances between rows in the order of arithmetic
// in which scikit-learn does: what neighbours, clusters and kernels share.
//
// Squared Euclidean distances of whole blocks go through BLAS there, whose
// last bit depends on the machine and on the shape of the block. Here a dot
// product is one chain of fused multiply-adds, which is what OpenBLAS computes
// on x86-64 with AVX2 for all but the odd rows and columns at a block's edge.
package pairwise

import (
	"math"

	"brine/functions/internal/numpy"
)

// depth is how many features OpenBLAS adds up before it stores a sum (the
// parameter Q of DGEMM for Haswell).
const depth = 256

// SquaredNorm is x·x as BLAS adds it up: 16 features at a time in fused lanes,
// the rest one by one.
// Source: OpenBLAS kernel/x86_64/ddot.c with ddot_microk_haswell-2.c.
func SquaredNorm(x []float64) float64 {
	var sum float64
	if len(x) >= 16 {
		var lane [16]float64
		for ; len(x) >= 16; x = x[16:] {
			for i, v := range x[:16] {
				lane[i] = math.FMA(v, v, lane[i])
			}
		}
		for i := range 8 {
			lane[i/2*4+i%2] += lane[i/2*4+i%2+2]
		}
		sum = ((lane[0] + lane[4]) + (lane[8] + lane[12])) + ((lane[1] + lane[5]) + (lane[9] + lane[13]))
	}
	for _, v := range x {
		sum += float64(v * v)
	}
	return sum
}

// RowNorm is x·x as sklearn.utils.extmath.row_norms(squared=True) adds it up:
// in two lanes, 8 features at a time from the last pair to the first.
// Source: numpy/core/src/multiarray/einsum_sumprod.c.src,
// sum_of_products_contig_contig_outstride0_two, for SSE.
func RowNorm(x []float64) float64 {
	var even, odd float64
	for ; len(x) >= 8; x = x[8:] {
		for i := 6; i >= 0; i -= 2 {
			even += float64(x[i] * x[i])
			odd += float64(x[i+1] * x[i+1])
		}
	}
	for ; len(x) >= 2; x = x[2:] {
		even += float64(x[0] * x[0])
		odd += float64(x[1] * x[1])
	}
	if len(x) == 1 {
		even += float64(x[0] * x[0])
	}
	return even + odd
}

// ColumnNorm is x·x as row_norms adds it up for rows of a table that is stored
// column by column, as a pandas.DataFrame is: one feature after the other.
func ColumnNorm(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += float64(v * v)
	}
	return sum
}

// AddProducts adds scale·(q·y) to dst for each row y of rows, as DGEMM does
// with beta = 1. q has rows.Cols elements, dst one a row.
func AddProducts(dst []float64, scale float64, q []float64, rows numpy.Matrix) {
	for from := 0; from < len(q); {
		size := blockSize(len(q) - from)
		addBlock(dst, scale, q[from:from+size], rows.Data[from:], rows.Cols)
		from += size
	}
}

// blockSize is how many of the features that are left OpenBLAS takes next.
// Source: OpenBLAS driver/level3/level3.c.
func blockSize(left int) int {
	switch {
	case left >= 2*depth:
		return depth
	case left > depth:
		return (left/2 + 3) / 4 * 4
	}
	return left
}

// addBlock works on four rows at once: their chains do not wait for each other.
func addBlock(dst []float64, scale float64, q, data []float64, stride int) {
	n := len(q)
	j := 0
	for ; j+4 <= len(dst); j += 4 {
		at := j * stride
		a := data[at : at+n]
		b := data[at+stride : at+stride+n]
		c := data[at+2*stride : at+2*stride+n]
		d := data[at+3*stride : at+3*stride+n]
		var sa, sb, sc, sd float64
		for i, v := range q {
			sa = math.FMA(v, a[i], sa)
			sb = math.FMA(v, b[i], sb)
			sc = math.FMA(v, c[i], sc)
			sd = math.FMA(v, d[i], sd)
		}
		dst[j] = math.FMA(scale, sa, dst[j])
		dst[j+1] = math.FMA(scale, sb, dst[j+1])
		dst[j+2] = math.FMA(scale, sc, dst[j+2])
		dst[j+3] = math.FMA(scale, sd, dst[j+3])
	}
	for ; j < len(dst); j++ {
		a := data[j*stride : j*stride+n]
		var s float64
		for i, v := range q {
			s = math.FMA(v, a[i], s)
		}
		dst[j] = math.FMA(scale, s, dst[j])
	}
}

// SquaredEuclidean fills dst with ‖q‖² − 2 q·y + ‖y‖² for each row y of rows,
// never below 0. norm is ‖q‖²; norms has ‖y‖² a row.
// Source: sklearn/metrics/_pairwise_distances_reduction/_argkmin.pyx.tp,
// EuclideanArgKmin; sklearn/metrics/pairwise.py, _euclidean_distances.
func SquaredEuclidean(dst []float64, q []float64, norm float64, rows numpy.Matrix, norms []float64) {
	clear(dst)
	AddProducts(dst, -2, q, rows)
	for j, v := range dst {
		dst[j] = max((norm+v)+norms[j], 0)
	}
}

// Norms applies a norm to each row.
func Norms(rows numpy.Matrix, norm func([]float64) float64) []float64 {
	norms := make([]float64, rows.Rows)
	for i := range norms {
		norms[i] = norm(rows.Row(i))
	}
	return norms
}

// ArgMin returns the index of the first smallest element. x must not be empty.
func ArgMin(x []float64) int {
	best := 0
	for i, v := range x {
		if v < x[best] {
			best = i
		}
	}
	return best
}
