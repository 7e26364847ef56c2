package neighbors

import (
	"math"

	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/pairwise"
)

// sieve tells which training rows may be nearer to a query than a given rank,
// by ‖q − y‖² = ‖q‖² − 2 (q·y − ‖y‖²/2): half the arithmetic of the distance,
// and several rows at a time. It is a little off, and lets through what it is not
// sure of.
type sieve struct {
	// panels are the rows, lanes at a time: first −‖y‖²/2 of each, then each
	// feature. What is beyond the last row is 0.
	panels  [][lanes]float64
	width   int     // of a panel
	longest float64 // the largest ‖y‖²
}

// lanes is how many rows are compared at a time: their sums do not wait for each
// other.
const lanes = 4

func newSieve(rows numpy.Matrix) *sieve {
	s := &sieve{width: 1 + rows.Cols}
	s.panels = make([][lanes]float64, (rows.Rows+lanes-1)/lanes*s.width)
	for i := range rows.Rows {
		panel := s.panels[i/lanes*s.width:][:s.width]
		for j, v := range rows.Row(i) {
			panel[1+j][i%lanes] = v
		}
		norm := pairwise.SquaredNorm(rows.Row(i))
		panel[0][i%lanes] = -norm / 2
		s.longest = max(s.longest, norm)
	}
	return s
}

// probe is a query and the rank below which a row matters to it.
type probe struct {
	*sieve
	q     []float64
	norm  float64 // ‖q‖²
	slack float64 // how far off the comparison with limit may be
	limit float64 // what q·y − ‖y‖²/2 must be above for a row y to matter
}

// probe returns one to which all rows matter.
//
// With N = ‖q‖² + ‖y‖², a sum of n products here is off by less than n+2 roundings
// of N, ‖q‖² by n, and the rank of y by 4(n+8), whether it is a sum of squares or
// brute force's expansion. slack is more than half of all of that, and more than
// what underflow loses.
func (s *sieve) probe(q []float64) probe {
	p := probe{sieve: s, q: q, norm: pairwise.SquaredNorm(q), limit: math.Inf(-1)}
	p.slack = float64(s.width+16)*0x1p-50*(p.norm+s.longest) + 1e-280
	return p
}

// within says that only rows with a rank below the given one matter.
func (p *probe) within(rank float64) {
	if p.norm+p.longest < 1e300 { // no sum overflows
		p.limit = (p.norm-rank)/2 - p.slack
	}
}

// next returns the first panel of from to end with a row that may matter, or end.
func (p *probe) next(from, end int) int {
	if math.IsInf(p.limit, -1) {
		return from
	}
	return from + silent(p.panels[from*p.width:end*p.width], p.q, p.limit)
}

// silent counts the panels before the first with a sum above limit.
func silent(panels [][lanes]float64, q []float64, limit float64) (n int) {
	for ; len(panels) > len(q); n++ {
		s0, s1, s2, s3 := panels[0][0], panels[0][1], panels[0][2], panels[0][3]
		rows := panels[1:][:len(q)]
		for j, v := range q {
			x := &rows[j]
			s0 += float64(v * x[0])
			s1 += float64(v * x[1])
			s2 += float64(v * x[2])
			s3 += float64(v * x[3])
		}
		if s0 > limit || s1 > limit || s2 > limit || s3 > limit {
			break
		}
		panels = panels[1+len(q):]
	}
	return n
}
