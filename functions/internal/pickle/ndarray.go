package pickle

import (
	"slices"
	"strings"
)

// maxRank is numpy 2's bound on an array's dimensions; numpy 1 has 32.
const maxRank = 64

// arrayClasses are numpy.ndarray and those subclasses whose elements mean the
// same.
var arrayClasses = []Global{
	{"numpy", "ndarray"}, {"numpy", "memmap"}, {"numpy", "matrix"},
	{"numpy.matrixlib.defmatrix", "matrix"}, {"numpy.core.memmap", "memmap"},
}

// emptyArray is numpy.core.multiarray._reconstruct(class, shape, type code):
// the array before its state.
func (m *machine) emptyArray(args Tuple) any {
	if len(args) == 0 {
		m.fail("an array without a class")
		return nil
	}
	if g, ok := args[0].(Global); !ok || !slices.Contains(arrayClasses, g) {
		return m.subclassed(args)
	}
	return &Array{Dtype: Dtype{Kind: 'i', Size: 1}, Shape: []int{0}}
}

// subclassed describes an instance of an ndarray subclass that means more than
// its elements, such as numpy.ma.MaskedArray. Its state comes by BUILD.
func (m *machine) subclassed(args Tuple) any {
	if len(args) == 0 {
		m.fail("an array without a class")
		return nil
	}
	return m.instance(args[0], args[1:])
}

// setArray is ndarray.__setstate__((version, shape, dtype, is Fortran, data)).
// Source: numpy/core/src/multiarray/methods.c, array_setstate.
func (m *machine) setArray(a *Array, state any) {
	s, ok := state.(Tuple)
	if !ok || len(s) != 5 {
		m.fail("the state of an array is not as numpy writes it")
		return
	}
	dtype, shape, ok := m.layout(s[2], s[1])
	if !ok {
		return
	}
	if !dtype.object {
		m.fill(a, s[4], dtype, shape, s[3] == true)
		return
	}
	list, ok := s[4].(*List)
	made := Array{Dtype: dtype, Shape: shape, Fortran: s[3] == true}
	if !ok || len(list.Items) != made.Len() {
		m.fail("an array of shape %v is not filled with as many objects", shape)
		return
	}
	made.Objects = list.Items
	*a = made
}

// arrayFromBuffer is numpy.core.numeric._frombuffer(bytes, dtype, shape, order)
// of protocol 5. numpy 2.3 may add an order of the axes.
func (m *machine) arrayFromBuffer(args Tuple) any {
	if len(args) < 4 || len(args) > 4 && args[4] != nil || args[3] != "C" && args[3] != "F" {
		m.fail("an array whose axes are in an unknown order")
		return nil
	}
	a := &Array{}
	if dtype, shape, ok := m.layout(args[1], args[2]); ok {
		m.fill(a, args[0], dtype, shape, args[3] == "F")
	}
	return a
}

// fill makes a an array of raw elements.
func (m *machine) fill(a *Array, data any, dtype Dtype, shape []int, fortran bool) {
	b, ok := data.([]byte)
	made := Array{Dtype: dtype, Shape: shape, Fortran: fortran, Data: b}
	if !ok || dtype.object || len(b) != made.Len()*dtype.Size {
		m.fail("an array of shape %v and %d bytes an element is not %d bytes long", shape, dtype.Size, len(b))
		return
	}
	*a = made
}

// layout checks a dtype and a shape: an array of so many elements would fit
// into the file.
func (m *machine) layout(dtype, shape any) (Dtype, []int, bool) {
	d, ok1 := dtype.(*Dtype)
	dims, ok2 := shape.(Tuple)
	if !ok1 || !ok2 || len(dims) > maxRank {
		m.fail("an array of %s and shape %s", Describe(dtype), Describe(shape))
		return Dtype{}, nil, false
	}
	out := make([]int, len(dims))
	empty := false
	for i, v := range dims {
		n, ok := v.(int64)
		if !ok || n < 0 {
			m.fail("an array's dimension is no whole number")
			return Dtype{}, nil, false
		}
		out[i] = int(n)
		empty = empty || n == 0
	}
	size := d.Size
	for _, n := range out {
		if empty {
			break
		}
		if size == 0 || n > len(m.data)/size {
			m.fail("an array of shape %v and %d bytes an element is larger than the file", out, d.Size)
			return Dtype{}, nil, false
		}
		size *= n
	}
	return *d, out, true
}

// isWrapper reports whether a class is what joblib puts in an array's place.
func isWrapper(g Global) bool {
	return g.Name == "NumpyArrayWrapper" &&
		(g.Module == "joblib.numpy_pickle" || strings.HasSuffix(g.Module, ".joblib.numpy_pickle"))
}

// wrapped reads the array whose wrapper has just got its state: its bytes
// follow in the file.
// Source: joblib/numpy_pickle.py, NumpyArrayWrapper.read_array.
func (m *machine) wrapped(w *Object) any {
	if m.pos < m.frameEnd {
		m.fail("an array begins within a frame")
		return nil
	}
	dtypeOf, _ := w.Attr("dtype")
	shapeOf, _ := w.Attr("shape")
	if d, ok := dtypeOf.(*Dtype); ok && d.object {
		a, ok := m.nested().(*Array)
		if !ok {
			m.fail("an array of objects is not followed by one")
		}
		return a
	}
	dtype, shape, ok := m.layout(dtypeOf, shapeOf)
	if !ok {
		return nil
	}
	if align, _ := w.Attr("numpy_array_alignment_bytes"); align != nil {
		m.take(m.uint(1))
	}
	order, _ := w.Attr("order")
	a := &Array{Dtype: dtype, Shape: shape, Fortran: order == "F"}
	a.Data = m.take(uint64(a.Len() * dtype.Size))
	return a
}
