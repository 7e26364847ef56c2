package decomposition

import (
	"math"
	"slices"

	"brine/functions/internal/numpy"
)

// pursuit is an orthogonal matching pursuit: it takes the atom that the rest
// of a row has the largest product with, fits the row to all taken, and so on.
// Source: sklearn/linear_model/_omp.py, _gram_omp.
type pursuit struct {
	gram     numpy.Matrix
	cholesky numpy.Matrix // of the gram of the atoms taken
	taken    []int
	products []float64 // of the row with every atom
	rest     []float64 // of what is not fitted yet with every atom
	weights  []float64 // of the atoms taken
}

func newPursuit(gram numpy.Matrix, most int) *pursuit {
	return &pursuit{
		gram: gram, cholesky: numpy.Matrix{Rows: most, Cols: most, Data: make([]float64, most*most)},
		products: make([]float64, gram.Rows), rest: make([]float64, gram.Rows), weights: make([]float64, most),
	}
}

const (
	epsilon = 0x1p-52
	// alike is the share of a row's largest product, or of an atom's square,
	// that may be rounding.
	alike = 1e-13
)

// code turns the products of a row with every atom into the weights of the
// atoms. ok is false where rounding decides which atom is taken.
func (p *pursuit) code(row []float64) (ok bool) {
	copy(p.products, row)
	copy(p.rest, row)
	p.taken = p.taken[:0]
	scale := largest(row)
	for len(p.taken) < p.cholesky.Rows {
		next := 0
		for k, v := range p.rest {
			if math.Abs(v) > math.Abs(p.rest[next]) {
				next = k
			}
		}
		best := math.Abs(p.rest[next])
		if math.Abs(best-math.Sqrt(epsilon)) <= alike*scale {
			return false
		}
		if best*best < epsilon {
			break
		}
		for k, v := range p.rest {
			if k != next && best-math.Abs(v) <= alike*scale {
				return false
			}
		}
		if slices.Contains(p.taken, next) {
			break
		}
		if !p.extend(next) {
			return false
		}
		p.fit()
	}
	clear(row)
	for i, k := range p.taken {
		row[k] = p.weights[i]
	}
	return true
}

func largest(row []float64) float64 {
	var most float64
	for _, v := range row {
		most = max(most, math.Abs(v))
	}
	return most
}

// extend takes another atom. It fails for one that those taken make up but for
// rounding.
func (p *pursuit) extend(next int) bool {
	n := len(p.taken)
	row := p.cholesky.Row(n)
	left := p.gram.At(next, next)
	for i, k := range p.taken {
		v := p.gram.At(next, k) - numpy.Dot(row[:i], p.cholesky.Row(i)[:i])
		row[i] = v / p.cholesky.At(i, i)
		left -= float64(row[i] * row[i])
	}
	if n > 0 && left <= max(epsilon, alike*p.gram.At(next, next)) {
		return false
	}
	row[n] = math.Sqrt(left)
	p.taken = append(p.taken, next)
	return true
}

// fit solves for the weights of the atoms taken, and finds what is left.
func (p *pursuit) fit() {
	n := len(p.taken)
	for i, k := range p.taken {
		p.weights[i] = (p.products[k] - numpy.Dot(p.cholesky.Row(i)[:i], p.weights[:i])) / p.cholesky.At(i, i)
	}
	for i := n - 1; i >= 0; i-- {
		v := p.weights[i]
		for j := i + 1; j < n; j++ {
			v -= float64(p.cholesky.At(j, i) * p.weights[j])
		}
		p.weights[i] = v / p.cholesky.At(i, i)
	}
	for k := range p.rest {
		fitted := 0.0
		for i, atom := range p.taken {
			fitted += float64(p.gram.At(k, atom) * p.weights[i])
		}
		p.rest[k] = p.products[k] - fitted
	}
}
