// Package pickle reads Python pickles as data: plain dumps of every protocol
// and joblib's dumps with numpy arrays in the stream, bare or compressed.
//
// A pickle is a program that builds an object. This package follows what the
// program builds and carries none of it out: a class or function stays a name,
// a call stays a description of that call, and a file that calls what no model
// needs is refused. It knows numpy's and joblib's ways of storing arrays and
// nothing of any estimator.
package pickle

import (
	"fmt"
	"strings"

	"brine/functions/internal/job"
)

// Decode reads a model file: a pickle of protocol 0 to 5, as pickle.dump or
// joblib.dump write it, bare or compressed (told by its first bytes). What
// follows the pickle is ignored, as Python does.
//
// Every error is a *job.Error of type ValidationError that says what was being
// read and at which byte. The File beside an error still holds the Globals
// that were met up to there.
//
// Lengths are checked against what is left of the data before anything is
// allocated, and arrays and bytes alias data (or its decompressed form), which
// must not be changed afterwards. Decode allocates at most 256 bytes for each
// byte of the uncompressed pickle, and 64 KiB. It takes each opcode once, and
// copies, hashes or looks up again what they share for at most 64 bytes for each
// byte. Decompressing allocates twice
// the uncompressed size, and what the format needs to work in, at most 80 MiB. The
// uncompressed size is at most 1032 times that of data, or 64 MiB where that is
// more, and at most MaxSize.
func Decode(data []byte) (file *File, err error) {
	file = &File{}
	defer func() {
		if r := recover(); r != nil {
			err = job.Invalid("the model file is corrupt: %v", r)
		}
	}()
	raw, compression, err := decompress(data, unfoldLimit(len(data)))
	file.Compression, file.Size = compression, len(raw)
	if err != nil {
		return file, err
	}
	if err := recognise(raw); err != nil {
		return file, err
	}
	d := newDecoder(raw)
	m := &machine{decoder: d, joblib: true}
	root := m.run()
	file.Globals, file.Protocol = d.globals, m.protocol
	if len(d.refused) > 0 {
		return file, refusal(d.refused)
	}
	if d.err != nil && m.protocol == 0 && isTable(raw) {
		return file, notPickle("a table or another text file")
	}
	if d.err != nil {
		return file, d.err
	}
	file.Root = root
	return file, nil
}

// refusal lists the calls that no model makes.
func refusal(calls []Global) error {
	names := make([]string, 0, len(calls))
	for _, g := range calls {
		names = append(names, g.String())
	}
	return job.Invalid("loading this pickle in Python would have called %s; nothing was run", strings.Join(names, ", ")).
		WithHint("No model that this program can predict with needs such calls. Do not load the file in Python unless you trust where it comes from")
}

// decoder is what a pickle and the pickles nested in its object arrays share:
// the bytes, the first error and the names met. After an error every read
// returns a zero value, and the machine stops before its next opcode.
type decoder struct {
	data    []byte
	pos     int
	opStart int // of the current opcode
	err     error
	budget  int // see spend
	globals []Global
	seen    map[Global]bool
	refused []Global // calls that no model makes
}

func newDecoder(data []byte) *decoder {
	return &decoder{data: data, budget: 64 * len(data), seen: map[Global]bool{}}
}

// fail remembers the first error, with its place.
func (d *decoder) fail(format string, args ...any) {
	if d.err != nil {
		return
	}
	where := fmt.Sprintf("byte %d", d.opStart)
	if d.opStart < len(d.data) {
		if name := opcodes[d.data[d.opStart]].name; name != "" {
			where += " (" + name + ")"
		}
	}
	d.err = job.Invalid("the pickle cannot be read at %s: %s", where, fmt.Sprintf(format, args...))
}

// spend accounts for work whose size the opcodes themselves do not bound:
// shared values may be copied or hashed again and again, by two bytes each
// time. A model needs a small part of the budget.
func (d *decoder) spend(n int) bool {
	d.budget -= n
	if d.budget < 0 {
		d.fail("the pickle unfolds to far more than its size")
	}
	return d.err == nil
}

// take returns the next n bytes, aliasing the data.
func (d *decoder) take(n uint64) []byte {
	if d.err != nil {
		return nil
	}
	if left := len(d.data) - d.pos; n > uint64(left) {
		d.fail("%d bytes expected, %d left: the file is truncated or corrupt", n, left)
		return nil
	}
	b := d.data[d.pos : d.pos+int(n) : d.pos+int(n)]
	d.pos += int(n)
	return b
}

// uint reads a little-endian number of size bytes, at most 8.
func (d *decoder) uint(size uint64) (n uint64) {
	for i, b := range d.take(size) {
		n |= uint64(b) << (8 * i)
	}
	return n
}
