package frame

import "sort"

// CSR is a block of numbers of which most are zero and are not held: the
// cells of a scipy.sparse.csr_matrix, in the order in which scipy holds them,
// for its sums follow that order. Within a row no column comes twice.
type CSR struct {
	// Width is the number of columns.
	Width int
	// Start has for each row the place of its first cell, and behind the last
	// row the number of cells.
	Start []int32
	// Index and Value are each cell's column and number.
	Index []int32
	Value []float64

	mem *Arena
}

// NewCSR returns a block of no rows, to be filled by Add and EndRow. Its memory
// comes from where the frame's does.
func (f *Frame) NewCSR(width int) *CSR {
	return &CSR{Width: width, Start: f.mem.codes(f.Rows + 1)[:1], mem: f.mem}
}

// Add puts a cell into the row that is being filled.
func (m *CSR) Add(column int32, v float64) {
	if len(m.Index) == cap(m.Index) {
		m.grow()
	}
	m.Index, m.Value = append(m.Index, column), append(m.Value, v)
}

// grow takes room for twice the cells.
func (m *CSR) grow() {
	n := len(m.Index)
	index, value := m.mem.codes(max(2*n, 1024))[:n], m.mem.floats(max(2*n, 1024))[:n]
	copy(index, m.Index)
	copy(value, m.Value)
	m.Index, m.Value = index, value
}

// EndRow completes the row that is being filled.
func (m *CSR) EndRow() { m.Start = append(m.Start, int32(len(m.Index))) }

// Row returns the columns and numbers of row r.
func (m *CSR) Row(r int) ([]int32, []float64) {
	from, to := m.Start[r], m.Start[r+1]
	return m.Index[from:to], m.Value[from:to]
}

// WithValues returns a block of the same cells with other numbers, which the
// caller fills in.
func (m *CSR) WithValues() *CSR {
	out := *m
	out.Value = m.mem.floats(len(m.Value))
	return &out
}

// Sparsely returns a frame of the same rows and memory that holds m.
func (f *Frame) Sparsely(m *CSR) *Frame {
	return &Frame{Rows: f.Rows, Wide: m, Sparse: true, mem: f.mem}
}

// Width is the number of the frame's columns.
func (f *Frame) Width() int {
	if f.Wide != nil {
		return f.Wide.Width
	}
	return len(f.Cols)
}

// Unfold returns the rows from one to before another of a frame that is held
// as a CSR, as Number columns with memory from mem.
func (f *Frame) Unfold(from, to int, mem *Arena) *Frame {
	rows, m := to-from, f.Wide
	cells := mem.floats(rows * m.Width)
	for r := range rows {
		index, value := m.Row(from + r)
		for i, c := range index {
			cells[int(c)*rows+r] = value[i]
		}
	}
	out := &Frame{Rows: rows, Sparse: f.Sparse, Single: f.Single, mem: mem}
	out.Cols = make([]Column, m.Width)
	for c := range out.Cols {
		out.Cols[c] = Column{Kind: Number, Num: cells[c*rows : (c+1)*rows : (c+1)*rows]}
	}
	return out
}

// selected keeps the columns at the given positions, each of which is there
// once; the cells of a row stay in their order.
func (m *CSR) selected(f *Frame, at []int) *CSR {
	place := m.mem.codes(m.Width)
	for i := range place {
		place[i] = -1
	}
	for to, from := range at {
		place[from] = int32(to)
	}
	out := f.NewCSR(len(at))
	for r := range f.Rows {
		index, value := m.Row(r)
		for i, c := range index {
			if place[c] >= 0 {
				out.Add(place[c], value[i])
			}
		}
		out.EndRow()
	}
	return out
}

// Beside returns a frame with the columns of all parts next to each other, held
// as a CSR. The zeros of parts that are not are left out. Where one of them is no
// sparse matrix, the cells of each row come in the order of their columns.
// Source: scipy/sparse/_construct.py, bmat.
func (f *Frame) Beside(parts []*Frame) *Frame {
	width, sorted := 0, false
	for _, p := range parts {
		width += p.Width()
		sorted = sorted || !p.Sparse
	}
	out := f.NewCSR(width)
	for r := range f.Rows {
		first := 0
		for _, p := range parts {
			out.AddRow(p, r, first)
			first += p.Width()
		}
		if sorted {
			sort.Sort((*lastRow)(out))
		}
		out.EndRow()
	}
	return f.Sparsely(out)
}

// AddRow adds the cells of a frame's row, whose first column becomes first.
func (m *CSR) AddRow(p *Frame, r, first int) {
	if p.Wide == nil {
		for c := range p.Cols {
			if v := p.Cols[c].Num[r]; v != 0 {
				m.Add(int32(first+c), v)
			}
		}
		return
	}
	index, value := p.Wide.Row(r)
	for i, c := range index {
		m.Add(int32(first)+c, value[i])
	}
}

// lastRow is a CSR as sort.Sort sees it: the row that is being filled.
type lastRow CSR

func (m *lastRow) from() int          { return int(m.Start[len(m.Start)-1]) }
func (m *lastRow) Len() int           { return len(m.Index) - m.from() }
func (m *lastRow) Less(i, j int) bool { return m.Index[m.from()+i] < m.Index[m.from()+j] }
func (m *lastRow) Swap(i, j int) {
	i, j = m.from()+i, m.from()+j
	m.Index[i], m.Index[j] = m.Index[j], m.Index[i]
	m.Value[i], m.Value[j] = m.Value[j], m.Value[i]
}
