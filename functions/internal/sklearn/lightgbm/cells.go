package lightgbm

import (
	"math"

	"brine/functions/internal/frame"
)

// tiny is the largest number that counts as zero.
// Source: include/LightGBM/meta.h, kZeroThreshold.
const tiny = float64(float32(1e-35))

// see returns the features of the forest: each view of a column.
func (b *booster) see(x *frame.Frame) (*frame.Frame, error) {
	cells := make([][]float64, len(x.Cols))
	for c := range x.Cols {
		cells[c] = x.Cols[c].Num
		if b.categories[c] != nil {
			cells[c] = b.categories[c].codes(x, &x.Cols[c])
		}
	}
	if b.rounding != nil && !x.Single {
		if err := b.rounding.round(x, cells, b.name); err != nil {
			return nil, err
		}
	}
	out := x.With(make([]frame.Column, len(b.views)))
	for i, v := range b.views {
		col := x.NumberColumn("")
		v.missing.see(col.Num, cells[v.feature])
		out.Cols[i] = col
	}
	return out, nil
}

// see writes the cells as splits of one kind take them; NaN is what is missing.
// Source: include/LightGBM/tree.h, NumericalDecision and CategoricalDecision;
// src/c_api.cpp, RowPairFunctionFromDenseMatric, which leaves tiny numbers out.
func (m missing) see(out, cells []float64) {
	for r, v := range cells {
		small := v >= -tiny && v <= tiny
		switch {
		case m == none && (small || v != v):
			v = 0
		case m == zero && small:
			v = math.NaN()
		case m == nan && small:
			v = 0
		case m == categorical:
			v = category(v)
		}
		out[r] = v
	}
}

// category is the whole part, as C casts it: what is above -1 is no less than 0.
func category(v float64) float64 {
	if v > -1 {
		return math.Trunc(math.Abs(v))
	}
	return math.NaN()
}
