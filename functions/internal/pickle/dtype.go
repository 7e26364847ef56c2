package pickle

import (
	"encoding/binary"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// dtype is numpy.dtype("f8", align, copy); byte order and fields come as state.
func (m *machine) dtype(args Tuple) any {
	if len(args) > 0 {
		if code, ok := args[0].(string); ok {
			if d, ok := parseDtype(code); ok {
				return d
			}
		}
	}
	return &Object{Class: Global{"numpy", "dtype"}, Args: args}
}

// parseDtype reads a type code without byte order, such as f8 or U10.
func parseDtype(code string) (*Dtype, bool) {
	if code == "" || !strings.Contains("biufcSUOVMm", code[:1]) {
		return nil, false
	}
	size, err := strconv.ParseUint(code[1:], 10, 31)
	if err != nil && code != "O" {
		return nil, false
	}
	d := &Dtype{Kind: code[0], Size: int(size)}
	switch d.Kind {
	case 'U':
		d.Size *= 4
	case 'O':
		d.Size, d.object = 8, true
	}
	return d, true
}

// setDtype is dtype.__setstate__((version, byte order, subarray, names, fields,
// size, alignment, flags)).
// Source: numpy/core/src/multiarray/descriptor.c, arraydescr_setstate.
func (m *machine) setDtype(d *Dtype, state any) {
	s, ok := state.(Tuple)
	if !ok || len(s) < 8 {
		m.fail("the state of a dtype is not as numpy writes it")
		return
	}
	d.Big = s[1] == ">"
	if size, ok := s[5].(int64); ok && size >= 0 && size <= math.MaxInt32 {
		d.Size = int(size)
	}
	if d.Kind == 'U' && d.Size%4 != 0 {
		m.fail("a str dtype of %d bytes", d.Size)
		return
	}
	const holdsObjects = 1 // NPY_ITEM_REFCOUNT
	if flags, ok := s[7].(int64); ok && flags&holdsObjects != 0 {
		d.object = true
	}
	if s[3] == nil {
		return
	}
	names, ok1 := s[3].(Tuple)
	fields, ok2 := s[4].(*Dict)
	if !ok1 || !ok2 || d.Kind != 'V' || !m.spend(96*len(names)) {
		m.fail("the fields of a dtype are not as numpy writes them")
		return
	}
	d.Fields = make([]Field, 0, len(names))
	for _, name := range names {
		f, ok := fieldOf(name, fields)
		if !m.spend(len(f.Name)) { // which was looked up
			return
		}
		if !ok || f.Offset < 0 || f.Offset > d.Size-f.Dtype.Size {
			m.fail("the fields of a dtype are not as numpy writes them")
			return
		}
		d.object = d.object || f.Dtype.object
		d.Fields = append(d.Fields, f)
	}
}

// fieldOf reads one entry of a dtype's fields: name → (dtype, offset[, title]).
func fieldOf(name any, fields *Dict) (Field, bool) {
	key, ok := name.(string)
	if !ok {
		return Field{}, false
	}
	entry, _ := fields.Get(key)
	pair, ok := entry.(Tuple)
	if !ok || len(pair) < 2 {
		return Field{}, false
	}
	dtype, ok1 := pair[0].(*Dtype)
	offset, ok2 := pair[1].(int64)
	if !ok1 || !ok2 {
		return Field{}, false
	}
	return Field{Name: key, Offset: int(offset), Dtype: *dtype}, true
}

// scalar is numpy.core.multiarray.scalar(dtype, bytes). What Go has no plain
// type for stays a description.
func (m *machine) scalar(args Tuple) any {
	described := &Object{Class: Global{"numpy.core.multiarray", "scalar"}, Args: args}
	if len(args) != 2 {
		return described
	}
	d, ok := args[0].(*Dtype)
	if !ok {
		return described
	}
	if d.Kind == 'O' {
		return args[1]
	}
	b, ok := args[1].([]byte)
	if !ok || len(b) != d.Size {
		m.fail("a numpy scalar of %d bytes is not %d bytes long", d.Size, len(b))
		return nil
	}
	if !m.spend(2 * len(b)) {
		return nil
	}
	if v := plainScalar(&Array{Dtype: *d, Data: b}); v != nil {
		return v
	}
	return described
}

// plainScalar converts an array of one element, nil if Go has no type for it.
func plainScalar(a *Array) any {
	switch a.Dtype.Kind {
	case 'b':
		if v, err := a.Ints(); err == nil {
			return v[0] != 0
		}
	case 'i':
		if v, err := a.Ints(); err == nil {
			return v[0]
		}
	case 'u':
		if a.Dtype.Size == 8 {
			return narrow(new(big.Int).SetUint64(binary.LittleEndian.Uint64(a.littleEndian())))
		}
		if v, err := a.Ints(); err == nil {
			return v[0]
		}
	case 'f':
		v, err := a.Floats()
		if err != nil {
			return nil
		}
		if a.Dtype.Size == 4 {
			return float32(v[0])
		}
		return v[0]
	case 'U':
		if v, err := a.Strings(); err == nil {
			return v[0]
		}
	case 'S':
		return a.Data
	}
	return nil
}
