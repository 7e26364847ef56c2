package pickle

import (
	"encoding/binary"
	"math"
)

// opcode is one instruction of the pickle machine. run gets the machine with
// the reader behind the opcode's own byte.
type opcode struct {
	name string
	run  func(m *machine)
}

var opcodes [256]opcode

// A nested pickle runs the table from within, so it cannot be initialised in
// its declaration.
func init() {
	opcodes = [256]opcode{
		// Protocol 0 and 1.
		'(': {"MARK", (*machine).mark},
		'.': {"STOP", func(m *machine) { m.done = true }},
		'0': {"POP", (*machine).discard},
		'1': {"POP_MARK", func(m *machine) { m.popMark() }},
		'2': {"DUP", func(m *machine) { m.push(m.top()) }},
		'F': {"FLOAT", (*machine).textFloat},
		'I': {"INT", (*machine).textInt},
		'J': {"BININT", func(m *machine) { m.push(int64(int32(m.uint(4)))) }},
		'K': {"BININT1", func(m *machine) { m.push(int64(m.uint(1))) }},
		'L': {"LONG", (*machine).textLong},
		'M': {"BININT2", func(m *machine) { m.push(int64(m.uint(2))) }},
		'N': {"NONE", func(m *machine) { m.push(nil) }},
		'P': {"PERSID", (*machine).persistent},
		'Q': {"BINPERSID", (*machine).persistent},
		'R': {"REDUCE", (*machine).reduce},
		'S': {"STRING", (*machine).textString},
		'T': {"BINSTRING", func(m *machine) { m.ascii(m.take(m.uint(4))) }},
		'U': {"SHORT_BINSTRING", func(m *machine) { m.ascii(m.take(m.uint(1))) }},
		'V': {"UNICODE", (*machine).textUnicode},
		'X': {"BINUNICODE", func(m *machine) { m.unicode(m.take(m.uint(4))) }},
		'a': {"APPEND", func(m *machine) { m.extend(m.popN(1)) }},
		'b': {"BUILD", (*machine).build},
		'c': {"GLOBAL", func(m *machine) { m.push(m.textGlobal()) }},
		'd': {"DICT", func(m *machine) { m.dict(m.popMark()) }},
		'}': {"EMPTY_DICT", func(m *machine) { m.push(&Dict{}) }},
		'e': {"APPENDS", func(m *machine) { m.extend(m.popMark()) }},
		'g': {"GET", func(m *machine) { m.get(m.textIndex()) }},
		'h': {"BINGET", func(m *machine) { m.get(m.uint(1)) }},
		'i': {"INST", (*machine).inst},
		'j': {"LONG_BINGET", func(m *machine) { m.get(m.uint(4)) }},
		'l': {"LIST", func(m *machine) { m.push(&List{Items: append([]any(nil), m.popMark()...)}) }},
		']': {"EMPTY_LIST", func(m *machine) { m.push(&List{}) }},
		'o': {"OBJ", (*machine).obj},
		'p': {"PUT", func(m *machine) { m.put(m.textIndex()) }},
		'q': {"BINPUT", func(m *machine) { m.put(m.uint(1)) }},
		'r': {"LONG_BINPUT", func(m *machine) { m.put(m.uint(4)) }},
		's': {"SETITEM", func(m *machine) { m.setItems(m.popN(2)) }},
		't': {"TUPLE", func(m *machine) { m.push(append(Tuple(nil), m.popMark()...)) }},
		')': {"EMPTY_TUPLE", func(m *machine) { m.push(Tuple(nil)) }},
		'u': {"SETITEMS", func(m *machine) { m.setItems(m.popMark()) }},
		'G': {"BINFLOAT", (*machine).binFloat},

		// Protocol 2.
		0x80: {"PROTO", (*machine).proto},
		0x81: {"NEWOBJ", (*machine).newObject},
		0x82: {"EXT1", (*machine).extension},
		0x83: {"EXT2", (*machine).extension},
		0x84: {"EXT4", (*machine).extension},
		0x85: {"TUPLE1", func(m *machine) { m.push(m.popN(1)) }},
		0x86: {"TUPLE2", func(m *machine) { m.push(m.popN(2)) }},
		0x87: {"TUPLE3", func(m *machine) { m.push(m.popN(3)) }},
		0x88: {"NEWTRUE", func(m *machine) { m.push(true) }},
		0x89: {"NEWFALSE", func(m *machine) { m.push(false) }},
		0x8a: {"LONG1", func(m *machine) { m.long(m.uint(1)) }},
		0x8b: {"LONG4", func(m *machine) { m.long(m.uint(4)) }},

		// Protocol 3.
		'B': {"BINBYTES", func(m *machine) { m.push(m.take(m.uint(4))) }},
		'C': {"SHORT_BINBYTES", func(m *machine) { m.push(m.take(m.uint(1))) }},

		// Protocol 4.
		0x8c: {"SHORT_BINUNICODE", func(m *machine) { m.unicode(m.take(m.uint(1))) }},
		0x8d: {"BINUNICODE8", func(m *machine) { m.unicode(m.take(m.uint(8))) }},
		0x8e: {"BINBYTES8", func(m *machine) { m.push(m.take(m.uint(8))) }},
		0x8f: {"EMPTY_SET", func(m *machine) { m.push(&Set{}) }},
		0x90: {"ADDITEMS", func(m *machine) { m.extend(m.popMark()) }},
		0x91: {"FROZENSET", func(m *machine) { m.push(&Set{Items: append([]any(nil), m.popMark()...)}) }},
		0x92: {"NEWOBJ_EX", (*machine).newObjectEx},
		0x93: {"STACK_GLOBAL", (*machine).stackGlobal},
		0x94: {"MEMOIZE", func(m *machine) { m.put(uint64(m.memoized)) }},
		0x95: {"FRAME", (*machine).frame},

		// Protocol 5.
		0x96: {"BYTEARRAY8", func(m *machine) { m.push(m.take(m.uint(8))) }},
		0x97: {"NEXT_BUFFER", func(m *machine) { m.fail("its arrays lie outside the file (out-of-band buffers)") }},
		0x98: {"READONLY_BUFFER", func(m *machine) { m.top() }},
	}
}

func (m *machine) binFloat() {
	if b := m.take(8); b != nil {
		m.push(math.Float64frombits(binary.BigEndian.Uint64(b)))
	}
}

func (m *machine) persistent() {
	m.fail("it refers to an object outside the file (a persistent id)")
}

func (m *machine) extension() {
	m.fail("it uses copyreg's extension registry, which only the program that wrote it knows")
}
