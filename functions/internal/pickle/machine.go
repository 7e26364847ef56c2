package pickle

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
)

// maxStack bounds the values that wait on the stack at once. Python writes
// lists and dicts in batches of 1000.
const maxStack = 1 << 20

// machine runs one pickle: Python's stack machine over bytes in memory.
// Source: CPython, Lib/pickle.py and Modules/_pickle.c.
type machine struct {
	*decoder
	stack    []any
	marks    []int // heights of the stack
	memo     []any
	memoized int // entries that are set
	begin    int // where in the data this pickle begins
	frameEnd int
	protocol int
	joblib   bool // the bytes of an array follow its wrapper, as joblib.load expects
	done     bool
}

// unset fills the holes of a memo: nil is Python's None.
type unset struct{}

// run follows the opcodes to STOP and returns what they built.
func (m *machine) run() any {
	for m.err == nil && !m.done {
		m.opStart = m.pos
		if m.pos == len(m.data) {
			m.fail("the file ends before the pickle does: it is truncated")
			break
		}
		op := opcodes[m.data[m.pos]].run
		if op == nil {
			m.fail("%#02x is no pickle opcode: the file is corrupt", m.data[m.pos])
			break
		}
		m.pos++
		op(m)
	}
	return m.pop()
}

// nested runs a pickle that begins here and returns what it built. As Python
// does, it reads it as a plain pickle, whose arrays cannot hold another.
func (m *machine) nested() any {
	inner := &machine{decoder: m.decoder, begin: m.pos}
	return inner.run()
}

func (m *machine) push(v any) {
	if len(m.stack) == maxStack {
		m.fail("more than %d values wait to be used", maxStack)
		return
	}
	m.stack = append(m.stack, v)
}

// floor is the height of the stack above which values may be taken.
func (m *machine) floor() int {
	if len(m.marks) == 0 {
		return 0
	}
	return m.marks[len(m.marks)-1]
}

func (m *machine) top() any {
	if len(m.stack) == m.floor() {
		m.fail("a value is missing on the stack")
		return nil
	}
	return m.stack[len(m.stack)-1]
}

func (m *machine) pop() any {
	v := m.top()
	if m.err == nil {
		m.stack = m.stack[:len(m.stack)-1]
	}
	return v
}

// replace puts v where the topmost value is.
func (m *machine) replace(v any) {
	if m.err == nil {
		m.stack[len(m.stack)-1] = v
	}
}

func (m *machine) mark() {
	if len(m.marks) == maxStack {
		m.fail("more than %d marks are open", maxStack)
		return
	}
	m.marks = append(m.marks, len(m.stack))
}

// popMark takes the values above the last mark. They are overwritten by the
// next push.
func (m *machine) popMark() []any {
	if len(m.marks) == 0 {
		m.fail("there is no mark on the stack")
		return nil
	}
	at := m.floor()
	items := m.stack[at:]
	m.stack = m.stack[:at]
	m.marks = m.marks[:len(m.marks)-1]
	return items
}

// popN takes n values, for a tuple of its own.
func (m *machine) popN(n int) Tuple {
	if len(m.stack)-n < m.floor() {
		m.fail("a value is missing on the stack")
		return nil
	}
	at := len(m.stack) - n
	items := append(Tuple(nil), m.stack[at:]...)
	m.stack = m.stack[:at]
	return items
}

// discard is POP, which may take a mark as well.
func (m *machine) discard() {
	if n := len(m.marks); n > 0 && m.marks[n-1] == len(m.stack) {
		m.marks = m.marks[:n-1]
		return
	}
	m.pop()
}

// put memoizes the topmost value. Each value stored took at least two bytes of
// the pickle, so no pickler's index is beyond the bytes read.
func (m *machine) put(index uint64) {
	v := m.top()
	if index > uint64(m.pos-m.begin) {
		m.fail("memo index %d is out of bounds", index)
	}
	if m.err != nil {
		return
	}
	if index >= uint64(cap(m.memo)) { // some thousands are usual
		m.memo = slices.Grow(m.memo, max(64, min(3*len(m.memo), 1<<12), len(m.memo), int(index)+1-len(m.memo)))
	}
	for uint64(len(m.memo)) <= index {
		m.memo = append(m.memo, unset{})
	}
	if m.memo[index] == (any)(unset{}) {
		m.memoized++
	}
	m.memo[index] = v
}

func (m *machine) get(index uint64) {
	if m.err != nil {
		return
	}
	if index >= uint64(len(m.memo)) || m.memo[index] == (any)(unset{}) {
		m.fail("memo index %d was never set", index)
		return
	}
	m.push(m.memo[index])
}

// line reads to the next newline, which is left out.
func (m *machine) line() []byte {
	if m.err != nil {
		return nil
	}
	n := bytes.IndexByte(m.data[m.pos:], '\n')
	if n < 0 {
		m.fail("a newline is missing: the file is truncated or corrupt")
		return nil
	}
	return m.take(uint64(n) + 1)[:n]
}

func (m *machine) proto() {
	m.protocol = int(m.uint(1))
	if m.protocol > 5 {
		m.fail("protocol %d is unknown", m.protocol)
	}
}

func (m *machine) frame() {
	n := m.uint(8)
	if left := len(m.data) - m.pos; n > uint64(left) {
		m.fail("a frame of %d bytes, %d left: the file is truncated or corrupt", n, left)
		return
	}
	m.frameEnd = m.pos + int(n)
}

// extend is APPENDS and ADDITEMS: items into the collection on top.
func (m *machine) extend(items []any) {
	switch v := m.top().(type) {
	case *List:
		v.Items = append(v.Items, items...)
	case *Set:
		v.Items = append(v.Items, items...)
	case *Object:
		v.Items = append(v.Items, items...)
	default:
		m.fail("items for %s", Describe(v))
	}
}

// setItems is SETITEMS: keys and values in turn into the dict on top.
func (m *machine) setItems(items []any) {
	if len(items)%2 != 0 {
		m.fail("a dict's value is missing")
		return
	}
	switch v := m.top().(type) {
	case *Dict:
		v.Keys, v.Values = slices.Grow(v.Keys, len(items)/2), slices.Grow(v.Values, len(items)/2)
		for i := 0; i < len(items) && m.hashable(items[i]); i += 2 {
			v.set(items[i], items[i+1])
		}
	case *Object:
		v.Items = append(v.Items, items...)
	default:
		m.fail("items for %s", Describe(v))
	}
}

// hashable reports whether Python takes the value as a dict's key, and
// accounts for its hashing.
func (m *machine) hashable(key any) bool {
	switch k := key.(type) {
	case string:
		return m.spend(len(k))
	case []byte:
		return m.spend(len(k))
	case *List, *Dict, *Array, *encodable:
		m.fail("%s as a dict's key", Describe(key))
	}
	return m.err == nil
}

func (m *machine) dict(items []any) {
	items = append([]any(nil), items...)
	m.push(&Dict{})
	m.setItems(items)
}

// long reads a little-endian number in two's complement.
func (m *machine) long(n uint64) {
	b := m.take(n)
	if len(b) <= 8 {
		var v uint64
		for i, c := range b {
			v |= uint64(c) << (8 * i)
		}
		shift := 64 - 8*len(b)
		m.push(int64(v<<shift) >> shift)
		return
	}
	be := make([]byte, len(b))
	for i, c := range b {
		be[len(b)-1-i] = c
	}
	v := new(big.Int).SetBytes(be)
	if be[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	m.push(narrow(v))
}

// narrow returns an int64 where the number fits.
func narrow(v *big.Int) any {
	if v.IsInt64() {
		return v.Int64()
	}
	return v
}

// Describe names a decoded value for an error message by its kind: in a few words,
// however large it is.
func Describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case Global:
		return "the name " + v.String()
	case *Object:
		return "an instance of " + v.Class.String()
	case *List:
		return "a list"
	case Tuple:
		return "a tuple"
	case *Dict:
		return "a dict"
	case *Set:
		return "a set"
	case *Array:
		return "an array"
	case *Dtype:
		return "a dtype"
	case string, []byte, *encodable:
		return "text or bytes"
	case *big.Int:
		return "a large whole number"
	}
	return fmt.Sprintf("%T", v)
}
