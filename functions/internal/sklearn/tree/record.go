package tree

import (
	"fmt"
	"slices"

	"brine/functions/internal/pickle"
)

// record reads the fields of a structured array. It remembers the first
// failure, and which fields may be there.
type record struct {
	a       *pickle.Array
	known   []string
	failure error
}

// newRecord wraps an array; the optional fields need not be there nor be read.
func newRecord(a *pickle.Array, optional ...string) *record {
	r := &record{a: a, known: optional}
	if len(a.Shape) != 1 {
		r.fail("has nodes of shape %v", a.Shape)
	}
	return r
}

func (r *record) fail(format string, args ...any) {
	if r.failure == nil {
		r.failure = fmt.Errorf(format, args...)
	}
}

// err returns the first failure, or names a field that was not read: it may
// change what the others mean.
func (r *record) err() error {
	for _, f := range r.a.Dtype.Fields {
		if !slices.Contains(r.known, f.Name) {
			r.fail("has nodes with a field %q, which is not known", f.Name)
		}
	}
	return r.failure
}

// begins reports whether the records begin with just these fields, and then
// counts them as read.
func (r *record) begins(fields []pickle.Field) bool {
	all := r.a.Dtype.Fields
	if r.failure != nil || len(all) < len(fields) {
		return false
	}
	for i, f := range fields {
		d := all[i].Dtype
		if all[i].Name != f.Name || all[i].Offset != f.Offset ||
			d.Kind != f.Dtype.Kind || d.Size != f.Dtype.Size || d.Big != f.Dtype.Big {
			return false
		}
		r.known = append(r.known, f.Name)
	}
	return true
}

// field returns what get makes of a field.
func field[T any](r *record, name string, dst []T, get func(*pickle.Array, []T) ([]T, error)) []T {
	r.known = append(r.known, name)
	if r.failure != nil {
		return nil
	}
	column, err := r.a.Field(name)
	if err != nil {
		r.fail("has nodes whose array %w", err)
		return nil
	}
	values, err := get(column, dst[:0])
	if err != nil {
		r.fail("field %q of its nodes %w", name, err)
	}
	return values
}

// ints, floats and bools return a field's values, in the memory of dst where
// it is large enough.
func (r *record) ints(name string, dst []int32) []int32 {
	return field(r, name, dst, (*pickle.Array).AppendInt32s)
}

func (r *record) floats(name string, dst []float64) []float64 {
	return field(r, name, dst, (*pickle.Array).AppendFloats)
}

func (r *record) bools(name string, dst []bool) []bool {
	return field(r, name, dst, (*pickle.Array).AppendBools)
}
