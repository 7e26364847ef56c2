package pickle

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// evaluated are the calls whose results this package knows.
var evaluated = []struct {
	Global
	result func(m *machine, args Tuple) any
}{
	{Global{"numpy", "dtype"}, (*machine).dtype},
	{Global{"numpy.core.multiarray", "_reconstruct"}, (*machine).emptyArray},
	{Global{"numpy.core.multiarray", "scalar"}, (*machine).scalar},
	{Global{"numpy.core.numeric", "_frombuffer"}, (*machine).arrayFromBuffer},
	{Global{"numpy.core", "_ufunc_reconstruct"}, (*machine).ufunc},
	{Global{"numpy.ma.core", "_mareconstruct"}, (*machine).subclassed},
	{Global{"copyreg", "_reconstructor"}, (*machine).reconstructor},
	{Global{"copyreg", "__newobj__"}, (*machine).newobj},
	{Global{"copyreg", "__newobj_ex__"}, (*machine).newobjEx},
	{Global{"_codecs", "encode"}, (*machine).encode},
	{Global{"builtins", "getattr"}, (*machine).boundMethod},
	{Global{"builtins", "bytes"}, (*machine).bytes},
	{Global{"builtins", "bytearray"}, (*machine).bytes},
	{Global{"builtins", "set"}, (*machine).set},
	{Global{"builtins", "frozenset"}, (*machine).set},
}

// reconstructor is copyreg._reconstructor(cls, base, state): how protocols 0
// and 1 make instances. Python calls base.__init__ with the state, so only
// Python's own types are taken for base.
func (m *machine) reconstructor(args Tuple) any {
	if len(args) != 3 {
		m.fail("copyreg._reconstructor with %d arguments", len(args))
		return nil
	}
	base, ok := args[1].(Global)
	if !ok {
		m.fail("copyreg._reconstructor with %s for a base", Describe(args[1]))
		return nil
	}
	switch base {
	case Global{"builtins", "object"}:
		return m.instance(args[0], nil)
	case Global{"builtins", "list"}, Global{"builtins", "dict"}, Global{"builtins", "tuple"}, Global{"builtins", "set"},
		Global{"builtins", "int"}, Global{"builtins", "float"}, Global{"builtins", "str"}, Global{"builtins", "bytes"}:
	default:
		m.refuse(base)
	}
	o, ok := m.instance(args[0], nil).(*Object)
	if !ok {
		return nil
	}
	if d, ok := args[2].(*Dict); ok && m.spend(32*len(d.Keys)) {
		for i, k := range d.Keys {
			o.Items = append(o.Items, k, d.Values[i])
		}
		return o
	}
	if items, ok := m.copyItems(args[2]); ok {
		o.Items = items
		return o
	}
	o.Args = args[2:]
	return o
}

// copyItems returns the elements of a list or set.
func (m *machine) copyItems(v any) ([]any, bool) {
	var items []any
	switch v := v.(type) {
	case *List:
		items = v.Items
	case *Set:
		items = v.Items
	default:
		return nil, false
	}
	if !m.spend(16 * len(items)) {
		return nil, true
	}
	return slices.Clone(items), true
}

func (m *machine) newobj(args Tuple) any {
	if len(args) == 0 {
		m.fail("copyreg.__newobj__ without a class")
		return nil
	}
	return m.instance(args[0], args[1:])
}

func (m *machine) newobjEx(args Tuple) any {
	if len(args) == 3 {
		positional, ok1 := args[1].(Tuple)
		keywords, ok2 := args[2].(*Dict)
		if ok1 && ok2 {
			return m.instance(args[0], m.withKeywords(positional, keywords))
		}
	}
	m.fail("copyreg.__newobj_ex__ with unknown arguments")
	return nil
}

// boundMethod is getattr(instance, name), which is how pickles store a bound
// method (scipy.stats.randint has some). It stays a description that nothing
// may call. An attribute of a module or class, or one of Python's own, is no
// bound method.
func (m *machine) boundMethod(args Tuple) any {
	method := &Object{Class: Global{"builtins", "getattr"}, Args: args}
	if len(args) == 2 {
		_, made := args[0].(*Object)
		name, ok := args[1].(string)
		if made && ok && !strings.HasPrefix(name, "__") {
			return method
		}
	}
	m.refuse(method.Class)
	return method
}

// encodable is text that is about to be encoded, which an array's long one is
// at once. Nothing else takes it.
type encodable struct{ data []byte }

// encodes reports whether what is pushed next is the text of an encode.
func (m *machine) encodes() bool {
	if len(m.stack) == 0 {
		return false
	}
	g, ok := m.stack[len(m.stack)-1].(Global)
	return ok && g == (Global{"_codecs", "encode"})
}

// encode is _codecs.encode(text, "latin1"): how protocols 0 to 2 store bytes.
func (m *machine) encode(args Tuple) any {
	if len(args) != 2 || args[1] != "latin1" && args[1] != "latin-1" {
		m.fail("_codecs.encode with unknown arguments")
		return nil
	}
	switch text := args[0].(type) {
	case *encodable:
		if m.spend(len(text.data)) {
			return text.data
		}
		return nil
	case string:
		if !m.spend(len(text)) {
			return nil
		}
		if b, ok := latin1([]byte(text)); ok {
			return b
		}
		m.fail("_codecs.encode of text that is not Latin-1")
		return nil
	}
	m.fail("_codecs.encode of %s", Describe(args[0]))
	return nil
}

// latin1 returns the characters of UTF-8 as bytes, false if it is not valid or
// if one is beyond Latin-1: those from 80 on are two bytes, c2 or c3 first. Of an
// array's bytes about as many are ASCII as not, so no branch depends on them:
// eight bytes are copied, and what is not ASCII among them is written over.
func latin1(text []byte) ([]byte, bool) {
	const high = 0x8080808080808080
	firsts := bytes.Count(text, []byte{0xc2}) + bytes.Count(text, []byte{0xc3})
	out := make([]byte, len(text)-firsts, len(text)-firsts+8)
	room := out[:cap(out)]
	n := 0
	for len(text) > 9 {
		eight := binary.LittleEndian.Uint64(text)
		binary.LittleEndian.PutUint64(room[n:], eight)
		ascii := bits.TrailingZeros64(eight&high) / 8
		first, second := text[ascii], text[ascii+1]
		pair := 1 - ascii/8 // 0 if all eight are ASCII
		if wrong := (first&^1 ^ 0xc2) | (second&0xc0 ^ 0x80); int(wrong)*pair != 0 {
			return nil, false
		}
		room[n+ascii] = second | first<<6
		n += ascii + pair
		text = text[ascii+2*pair:]
	}
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r > 0xff { // as utf8.RuneError is
			return nil, false
		}
		room[n] = byte(r)
		n++
		text = text[size:]
	}
	return out, true
}

// bytes is bytes() and bytearray(), of nothing, of bytes, or of text and
// "latin-1".
func (m *machine) bytes(args Tuple) any {
	switch len(args) {
	case 0:
		return []byte{}
	case 1:
		if b, ok := args[0].([]byte); ok {
			return b
		}
	case 2:
		return m.encode(args)
	}
	m.fail("bytes or bytearray with unknown arguments")
	return nil
}

// set is set() and frozenset(), of nothing or of a list.
func (m *machine) set(args Tuple) any {
	if len(args) == 0 {
		return &Set{}
	}
	items, ok := m.copyItems(args[0])
	if !ok {
		m.fail("a set of %s", Describe(args[0]))
	}
	return &Set{Items: items}
}

// ufunc is numpy.core._ufunc_reconstruct(module, name), which is but another
// way to name something.
func (m *machine) ufunc(args Tuple) any {
	if len(args) == 2 {
		module, ok1 := args[0].(string)
		name, ok2 := args[1].(string)
		if ok1 && ok2 {
			return m.global(module, name)
		}
	}
	m.fail("numpy.core._ufunc_reconstruct with unknown arguments")
	return nil
}
