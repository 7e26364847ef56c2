package numpy

// Sum adds x up as numpy does along a contiguous axis: blocks of at most 128
// elements in eight lanes, halves added pairwise.
// Source: numpy/core/src/umath/loops_utils.h.src, pairwise_sum.
func Sum(x []float64) float64 {
	n := len(x)
	if n < 8 {
		var s float64
		for _, v := range x {
			s += v
		}
		return s
	}
	if n > 128 {
		half := n / 2
		half -= half % 8
		return Sum(x[:half]) + Sum(x[half:])
	}
	lane := [8]float64(x)
	i := 8
	for ; i+8 <= n; i += 8 {
		for j, v := range x[i : i+8] {
			lane[j] += v
		}
	}
	s := ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]))
	for _, v := range x[i:] {
		s += v
	}
	return s
}

// Dot is the inner product of two vectors of the same length, added up in four
// lanes: an order that is the same on every machine, unlike a BLAS's.
func Dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		s0 += float64(x[0] * y[0])
		s1 += float64(x[1] * y[1])
		s2 += float64(x[2] * y[2])
		s3 += float64(x[3] * y[3])
	}
	s := (s0 + s1) + (s2 + s3)
	for ; i < len(a); i++ {
		s += float64(a[i] * b[i])
	}
	return s
}

// Combine adds to each dst[r] the sum over c of columns[c][r]·weights[c], in
// the order of the columns: a matrix product that reads its left side by column.
// A row's result does not depend on the rows around it.
func Combine(dst []float64, columns [][]float64, weights []float64) {
	c, n := 0, len(dst)
	for ; c+4 <= len(columns); c += 4 {
		x0, x1, x2, x3 := columns[c][:n], columns[c+1][:n], columns[c+2][:n], columns[c+3][:n]
		w0, w1, w2, w3 := weights[c], weights[c+1], weights[c+2], weights[c+3]
		for r, s := range dst {
			s += float64(x0[r] * w0)
			s += float64(x1[r] * w1)
			s += float64(x2[r] * w2)
			dst[r] = s + float64(x3[r]*w3)
		}
	}
	for ; c < len(columns); c++ {
		x, w := columns[c][:n], weights[c]
		for r := range dst {
			dst[r] += float64(x[r] * w)
		}
	}
}

// ArgMax returns the index of the first largest element; the first NaN, if
// there is one, counts as the largest. x must not be empty.
// Source: numpy.argmax.
func ArgMax(x []float64) int {
	best := 0
	for i, v := range x {
		if x[best] != x[best] {
			return best
		}
		if v > x[best] || v != v {
			best = i
		}
	}
	return best
}
