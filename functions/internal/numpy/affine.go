package numpy

import "math"

// lanes is how many rows of an Affine are summed up together: their sums and
// products fill the registers of amd64.
const lanes = 6

// Affine maps vectors x to W·x + b. W must be finite, as Terms leaves zeros out.
type Affine struct {
	Rows, Cols int
	// panels are the weights: for each lanes rows, those of each column. What
	// is beyond the last row is 0.
	panels [][][lanes]float64
	bias   [][lanes]float64 // of each panel
}

// NewAffine takes W and a bias a row; nil stands for none.
func NewAffine(w Matrix, bias []float64) Affine {
	a := Affine{Rows: w.Rows, Cols: w.Cols}
	a.panels = make([][][lanes]float64, (w.Rows+lanes-1)/lanes)
	a.bias = make([][lanes]float64, len(a.panels))
	all := make([][lanes]float64, len(a.panels)*w.Cols)
	for p := range a.panels {
		a.panels[p] = all[p*w.Cols : (p+1)*w.Cols]
	}
	for i := range w.Rows {
		for j, v := range w.Row(i) {
			a.panels[i/lanes][j][i%lanes] = v
		}
	}
	for i, v := range bias {
		a.bias[i/lanes][i%lanes] = v
	}
	return a
}

// Stride is from one result of Apply to the next: Rows rounded up to whole lanes.
func (a *Affine) Stride() int { return len(a.panels) * lanes }

// Apply fills dst, Stride numbers a vector, with W·x + b for the first n vectors
// of x. A sum is in the order of the columns, and does not depend on the vectors
// around it.
func (a *Affine) Apply(dst []float64, x *Terms, n int) {
	width := a.Stride()
	for p, panel := range a.panels {
		for i := range n {
			from := i * a.Cols
			to := from + int(x.Len[i])
			sums(panel, x.At[from:to], x.X[from:to], &a.bias[p], (*[lanes]float64)(dst[i*width+p*lanes:]))
		}
	}
}

// sums computes a panel's rows for one vector. They do not wait for each other.
func sums(panel [][lanes]float64, at []int32, x []float64, bias, dst *[lanes]float64) {
	at = at[:len(x)]
	var s0, s1, s2, s3, s4, s5 float64
	for i, v := range x {
		w := &panel[at[i]]
		s0 += float64(v * w[0])
		s1 += float64(v * w[1])
		s2 += float64(v * w[2])
		s3 += float64(v * w[3])
		s4 += float64(v * w[4])
		s5 += float64(v * w[5])
	}
	dst[0], dst[1], dst[2] = s0+bias[0], s1+bias[1], s2+bias[2]
	dst[3], dst[4], dst[5] = s3+bias[3], s4+bias[4], s5+bias[5]
}

// Terms are vectors without their zeros, which add nothing to a sum: half of
// what a layer of rectified units hands on.
type Terms struct {
	Len []int32   // of each vector
	At  []int32   // places of its elements, Affine.Cols a vector
	X   []float64 // those elements
}

// Set makes x vector i; all vectors have its length.
func (t *Terms) Set(i int, x []float64) {
	from := i * len(x)
	at, terms := t.At[from:from+len(x)], t.X[from:from+len(x)]
	n := 0
	for j, v := range x {
		at[n], terms[n] = int32(j), v
		magnitude := math.Float64bits(v) << 1
		n += int((magnitude | -magnitude) >> 63) // 1 unless v is 0: no branch, as signs are hard to foretell
	}
	t.Len[i] = int32(n)
}

// SetRectified is Set of x with its negative elements replaced by 0.
func (t *Terms) SetRectified(i int, x []float64) {
	from := i * len(x)
	at, terms := t.At[from:from+len(x)], t.X[from:from+len(x)]
	n := 0
	for j, v := range x {
		at[n], terms[n] = int32(j), v
		if !(v <= 0) { // no branch either
			n++
		}
	}
	t.Len[i] = int32(n)
}
