// Package numpy has the arithmetic that estimators share, in the order in
// which numpy, scipy and scikit-learn do it wherever the last bit depends on it.
package numpy

// Matrix is a dense matrix of float64, row by row.
type Matrix struct {
	Rows, Cols int
	Data       []float64
}

// Row returns row i; writing to it writes to the matrix.
func (m Matrix) Row(i int) []float64 { return m.Data[i*m.Cols : (i+1)*m.Cols] }

// At returns the element at row i, column j.
func (m Matrix) At(i, j int) float64 { return m.Data[i*m.Cols+j] }

// T returns the transpose, a copy.
func (m Matrix) T() Matrix {
	t := Matrix{Rows: m.Cols, Cols: m.Rows, Data: make([]float64, len(m.Data))}
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			t.Data[j*m.Rows+i] = v
		}
	}
	return t
}
