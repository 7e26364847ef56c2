package estimator

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
)

// Rows is a frame of Number columns row by row, for what works on whole rows.
type Rows struct {
	data  []float64
	width int
}

// RowsOf copies the cells of x.
func RowsOf(x *frame.Frame) Rows { return Rows{x.RowMajor(), len(x.Cols)} }

// Row returns row r.
func (m Rows) Row(r int) []float64 { return m.data[r*m.width : (r+1)*m.width] }

// Combined is the matrix product of the table with weights, outputs ×
// features: a Number column an output.
func Combined(x *frame.Frame, weights numpy.Matrix) *frame.Frame {
	out := make([]frame.Column, weights.Rows)
	for k := range out {
		out[k] = x.NumberColumn("")
	}
	AddProduct(out, x, weights)
	return x.With(out)
}

// Standardized is (x - mean) / scale column by column; a nil scale divides by
// nothing.
func Standardized(x *frame.Frame, mean, scale []float64) *frame.Frame {
	out := make([]frame.Column, len(x.Cols))
	for c := range out {
		out[c] = x.NumberColumn(x.Cols[c].Name)
		cells := out[c].Num
		for r, v := range x.Cols[c].Num {
			cells[r] = v - mean[c]
		}
		if scale == nil {
			continue
		}
		for r := range cells {
			cells[r] /= scale[c]
		}
	}
	return x.With(out)
}
