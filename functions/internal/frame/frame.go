// Package frame holds a block of rows as typed columns: what the table reader
// fills, what estimators transform, and what predictions come back in.
package frame

// Kind says how a column's cells are held.
type Kind uint8

// The kinds of column.
const (
	// Number is a float64 a row; NaN is a missing value.
	Number Kind = iota
	// Text is a string a row, with a mark for missing values.
	Text
	// Label is an index a row into a Classes.
	Label
	// Any is a wish, never a column: an estimator that passes its input
	// through takes a column in whatever kind the next one wants.
	Any
	// Unused is a wish, never read: a feature that was there at fit and that
	// no step looks at. Its column holds no cells and need not be in the table.
	Unused
)

func (k Kind) String() string {
	return [...]string{"number", "text", "label", "any", "unused"}[k]
}

// MarshalText is String, for JSON.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Column is one column of a Frame. Only the fields of its Kind are set, each
// with one element a row. A column is not changed once it is made: estimators
// share columns freely and write into new ones.
type Column struct {
	Name    string
	Kind    Kind
	Num     []float64
	Text    []string
	Missing []bool // Text only; nil means that no cell is missing
	Single  bool   // Number only: the numbers are float32, and written as such
	Narrow  bool   // Number only: scikit-learn holds them as bools, or as whole numbers of 8 or 16 bits
	Code    []int32
	Classes *Classes // Label only; shared by all rows
}

// Frame is a block of rows.
type Frame struct {
	Rows int
	Cols []Column
	// Wide, if it is there, holds the numbers in place of Cols, of which there
	// are none. Only an estimator that says it takes such a frame is given one.
	Wide *CSR
	// Sparse says that scikit-learn holds these numbers as a scipy.sparse
	// matrix, for which some estimators do other arithmetic.
	Sparse bool
	// Single says that scikit-learn holds these numbers as float32.
	Single bool
	// Shaken, if it is there, is the same rows as rounding might have left them
	// just as well, and so on: a prediction must be the same for all.
	Shaken *Frame
	mem    *Arena
}

// New returns an empty frame of some rows whose columns take their memory
// from mem. With a nil mem they come from the heap.
func New(rows int, mem *Arena) *Frame { return &Frame{Rows: rows, mem: mem} }

// With returns a dense float64 frame of the same rows and memory that holds cols.
func (f *Frame) With(cols []Column) *Frame {
	return &Frame{Rows: f.Rows, Cols: cols, mem: f.mem}
}

// Select returns a frame of the columns at the given positions; each only once
// if the frame is held as a CSR.
func (f *Frame) Select(at []int) *Frame {
	if f.Wide != nil {
		out := f.Sparsely(f.Wide.selected(f, at))
		out.Sparse = f.Sparse
		return out
	}
	cols := make([]Column, len(at))
	for i, c := range at {
		cols[i] = f.Cols[c]
	}
	out := f.With(cols)
	out.Sparse, out.Single = f.Sparse, f.Single
	return out
}

// Floats returns n zeros that stay valid until the frame's Arena is reset.
func (f *Frame) Floats(n int) []float64 { return f.mem.floats(n) }

// Codes returns n zeros that stay valid until the frame's Arena is reset.
func (f *Frame) Codes(n int) []int32 { return f.mem.codes(n) }

// Keys returns n zeros that stay valid until the frame's Arena is reset.
func (f *Frame) Keys(n int) []uint32 { return f.mem.keys(n) }

// Marks returns n marks, all false, that stay valid until the frame's Arena is reset.
func (f *Frame) Marks(n int) []bool { return f.mem.marks(n) }

// NumberColumn returns a new Number column of zeros, one a row.
func (f *Frame) NumberColumn(name string) Column {
	return Column{Name: name, Kind: Number, Num: f.Floats(f.Rows)}
}

// TextColumn returns a new Text column of empty strings, one a row, none missing.
func (f *Frame) TextColumn(name string) Column {
	return Column{Name: name, Kind: Text, Text: f.mem.texts(f.Rows)}
}

// Mapped returns a frame like f with the numbers that of makes of f's, some at a
// time, in a memory of zeros. What a CSR does not hold stays 0.
func (f *Frame) Mapped(of func(dst, src []float64)) *Frame {
	var out *Frame
	if f.Wide != nil {
		m := f.Wide.WithValues()
		of(m.Value, f.Wide.Value)
		out = f.Sparsely(m)
	} else {
		out = f.With(make([]Column, len(f.Cols)))
		for c := range out.Cols {
			out.Cols[c] = f.NumberColumn(f.Cols[c].Name)
			of(out.Cols[c].Num, f.Cols[c].Num)
		}
	}
	out.Sparse, out.Single = f.Sparse, f.Single
	return out
}

// LabelColumn returns a new Label column, every row at the first class.
func (f *Frame) LabelColumn(classes *Classes) Column {
	return Column{Kind: Label, Code: f.Codes(f.Rows), Classes: classes}
}

// NumberCells returns the cells of the frame's Number columns, column by column.
func (f *Frame) NumberCells() [][]float64 {
	cells := make([][]float64, len(f.Cols))
	for c := range f.Cols {
		cells[c] = f.Cols[c].Num
	}
	return cells
}

// RowMajor returns the frame's Number columns as one slice, rows × columns,
// row by row: what distances, kernels and matrix products want.
func (f *Frame) RowMajor() []float64 {
	w := len(f.Cols)
	out := f.Floats(f.Rows * w)
	for c := range f.Cols {
		for r, v := range f.Cols[c].Num {
			out[r*w+c] = v
		}
	}
	return out
}

// Numbers wraps a row-major slice of rows × width numbers as a frame of the
// same memory: the reverse of RowMajor.
func (f *Frame) Numbers(rowMajor []float64, width int) *Frame {
	cols := make([]Column, width)
	for c := range cols {
		cols[c] = f.NumberColumn("")
		for r := range cols[c].Num {
			cols[c].Num[r] = rowMajor[r*width+c]
		}
	}
	return f.With(cols)
}
