package xgboost

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// document is a value of UBJSON:
//
//	nil, bool, string, int64, float64
//	map[string]any, []any
//	[]float64   an array of numbers of one type
type document = any

// decode reads the Universal Binary JSON that XGBoost writes: big-endian, with
// arrays of one type marked by $ and #.
// Source: src/common/json.cc, UBJReader.
func decode(data []byte) (document, error) {
	r := reader{data: data}
	v := r.value(r.byte(), 0)
	if r.err == nil && r.at != len(data) {
		r.fail("has more behind its end")
	}
	if r.err != nil {
		return nil, fmt.Errorf("at byte %d %w", r.at, r.err)
	}
	return v, nil
}

// deepest bounds how far objects and arrays are nested.
const deepest = 100

// reader reads on until the first failure, and zeros after it.
type reader struct {
	data []byte
	at   int
	err  error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func (r *reader) take(n int) []byte {
	if r.err != nil || n < 0 || n > len(r.data)-r.at {
		r.fail("ends in the middle of a value")
		return nil
	}
	r.at += n
	return r.data[r.at-n : r.at]
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) value(marker byte, depth int) document {
	if depth == deepest {
		r.fail("is nested more than %d deep", deepest)
	}
	if r.err != nil {
		return nil
	}
	switch marker {
	case '{':
		return r.object(depth)
	case '[':
		return r.array(depth)
	case 'S':
		return r.text()
	case 'T', 'F':
		return marker == 'T'
	case 'Z', 'N':
		return nil
	case 'd', 'D':
		return r.number(marker)
	}
	return r.integer(marker)
}

func (r *reader) object(depth int) map[string]any {
	o := map[string]any{}
	for r.err == nil {
		marker := r.byte()
		if marker == '}' {
			break
		}
		key := string(r.take(r.length(marker)))
		if _, twice := o[key]; twice {
			r.fail("has the key %.40q twice", key)
		}
		o[key] = r.value(r.byte(), depth+1)
	}
	return o
}

func (r *reader) array(depth int) document {
	marker := r.byte()
	if marker == '$' {
		kind := r.byte()
		if r.byte() != '#' {
			r.fail("has an array without its length")
		}
		return r.numbers(kind, r.length(r.byte()))
	}
	list := []any{}
	if marker == '#' {
		for range r.length(r.byte()) {
			if r.err != nil {
				break
			}
			list = append(list, r.value(r.byte(), depth+1))
		}
		return list
	}
	for r.err == nil && marker != ']' {
		list = append(list, r.value(marker, depth+1))
		marker = r.byte()
	}
	return list
}

// sizes are the bytes of each type of number.
var sizes = map[byte]int{'i': 1, 'U': 1, 'I': 2, 'l': 4, 'L': 8, 'd': 4, 'D': 8}

func (r *reader) numbers(kind byte, n int) []float64 {
	size, ok := sizes[kind]
	if !ok || n > (len(r.data)-r.at)/max(size, 1) {
		r.fail("has an array of %d elements of type %q", n, kind)
	}
	if r.err != nil {
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = r.number(kind)
	}
	return out
}

func (r *reader) text() string { return string(r.take(r.length(r.byte()))) }

// length reads a number that counts what is to come, no more than there is.
func (r *reader) length(marker byte) int {
	n := r.integer(marker)
	if n < 0 || n > int64(len(r.data)) {
		r.fail("has a length of %d", n)
		return 0
	}
	return int(n)
}

func (r *reader) number(kind byte) float64 {
	switch b := r.take(sizes[kind]); {
	case b == nil:
		return 0
	case kind == 'd':
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b)))
	case kind == 'D':
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	default:
		return float64(whole(kind, b))
	}
}

func (r *reader) integer(kind byte) int64 {
	size, ok := sizes[kind]
	if !ok || kind == 'd' || kind == 'D' {
		r.fail("has a value of type %q", kind)
		return 0
	}
	if b := r.take(size); b != nil {
		return whole(kind, b)
	}
	return 0
}

func whole(kind byte, b []byte) int64 {
	switch kind {
	case 'i':
		return int64(int8(b[0]))
	case 'U':
		return int64(b[0])
	case 'I':
		return int64(int16(binary.BigEndian.Uint16(b)))
	case 'l':
		return int64(int32(binary.BigEndian.Uint32(b)))
	}
	return int64(binary.BigEndian.Uint64(b))
}

// The errors of a document that is not what it should be.
var errShape = errors.New("is of an unknown form")

// at returns what a path of keys leads to, nil if there is nothing.
func at(d document, path ...string) document {
	for _, key := range path {
		o, ok := d.(map[string]any)
		if !ok {
			return nil
		}
		d = o[key]
	}
	return d
}

// floats returns an array of numbers.
func floats(d document) ([]float64, error) {
	switch d := d.(type) {
	case []float64:
		return d, nil
	case []any:
		out := make([]float64, len(d))
		for i, v := range d {
			switch v := v.(type) {
			case int64:
				out[i] = float64(v)
			case float64:
				out[i] = v
			default:
				return nil, errShape
			}
		}
		return out, nil
	}
	return nil, errShape
}

// texts returns an array of strings; nothing is none.
func texts(d document) ([]string, error) {
	if d == nil {
		return nil, nil
	}
	list, ok := d.([]any)
	if !ok {
		return nil, errShape
	}
	out := make([]string, len(list))
	for i, v := range list {
		if out[i], ok = v.(string); !ok {
			return nil, errShape
		}
	}
	return out, nil
}
