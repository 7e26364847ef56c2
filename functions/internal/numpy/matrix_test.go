package numpy

import "testing"

func TestTranspose(t *testing.T) {
	m := Matrix{Rows: 2, Cols: 3, Data: []float64{1, 2, 3, 4, 5, 6}}.T()
	if m.Rows != 3 || m.Cols != 2 || m.At(2, 0) != 3 || m.At(0, 1) != 4 {
		t.Errorf("transpose = %+v", m)
	}
}
