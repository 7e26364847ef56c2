package tree

import (
	"fmt"

	"brine/functions/internal/pickle"
)

// record reads the fields of a structured array. It remembers the first
// failure, and which fields nobody has asked for.
type record struct {
	a       *pickle.Array
	unread  map[string]bool
	failure error
}

// newRecord wraps an array; the optional fields need not be there nor be read.
func newRecord(a *pickle.Array, optional ...string) *record {
	r := &record{a: a, unread: map[string]bool{}}
	for _, f := range a.Dtype.Fields {
		r.unread[f.Name] = true
	}
	for _, name := range optional {
		delete(r.unread, name)
	}
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
	for name := range r.unread {
		r.fail("has nodes with a field %q, which is not known", name)
	}
	return r.failure
}

// read returns what get makes of a field.
func read[T any](r *record, name string, get func(*pickle.Array) ([]T, error)) []T {
	delete(r.unread, name)
	if r.failure != nil {
		return nil
	}
	field, err := r.a.Field(name)
	if err != nil {
		r.fail("has nodes whose array %w", err)
		return nil
	}
	values, err := get(field)
	if err != nil {
		r.fail("field %q of its nodes %w", name, err)
	}
	return values
}

func (r *record) ints(name string) []int32 {
	values := read(r, name, (*pickle.Array).Ints)
	out := make([]int32, len(values))
	for i, v := range values {
		out[i] = int32(v)
		if int64(out[i]) != v {
			r.fail("node %d: %s is %d", i, name, v)
		}
	}
	return out
}

func (r *record) bools(name string) []bool {
	values := read(r, name, (*pickle.Array).Ints)
	out := make([]bool, len(values))
	for i, v := range values {
		out[i] = v != 0
	}
	return out
}

func (r *record) floats(name string) []float64 {
	return read(r, name, (*pickle.Array).Floats)
}
