package pickle

import (
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"

	"brine/functions/internal/job"
)

// MaxSize is the largest pickle, in bytes, that a compressed model file may
// unfold to. It stops files made to fill the memory: unfolding takes twice as
// much, and a Lambda function has at most 10 GiB.
const MaxSize = 4 << 30

// A compressed file may unfold to what zlib, joblib's default, can make of its
// size at most, and a small one to a little more where others can.
const (
	maxRatio   = 1032
	smallLimit = 64 << 20
)

// unfoldLimit is how many bytes a compressed file of size bytes may unfold to.
func unfoldLimit(size int) int { return min(MaxSize, max(smallLimit, maxRatio*size)) }

// maxWindow is the largest dictionary, in bytes, that lzma and xz may ask for:
// that of `xz -9`, eight times what Python writes.
const maxWindow = 64 << 20

// compressions are joblib's, with the bytes they begin with. No pickle begins
// like any of them.
var compressions = []struct {
	name  string
	magic string
	open  func(data []byte) (io.Reader, error)
}{
	{"gzip", "\x1f\x8b", func(b []byte) (io.Reader, error) { return gzip.NewReader(bytes.NewReader(b)) }},
	{"bz2", "BZh", func(b []byte) (io.Reader, error) { return bzip2.NewReader(bytes.NewReader(b)), nil }},
	{"xz", "\xfd7zXZ\x00", openXZ},
	{"lzma", "\x5d\x00", func(b []byte) (io.Reader, error) {
		return lzma.ReaderConfig{DictCap: maxWindow}.NewReader(bytes.NewReader(b))
	}},
	{"lz4", "\x04\x22\x4d\x18", func(b []byte) (io.Reader, error) { return lz4.NewReader(bytes.NewReader(b)), nil }},
	// The header of zlib is 0x78 and a byte that makes both a multiple of 31.
	{"zlib", "\x78\x01", openZlib}, {"zlib", "\x78\x5e", openZlib}, {"zlib", "\x78\x9c", openZlib}, {"zlib", "\x78\xda", openZlib},
}

func openZlib(data []byte) (io.Reader, error) { return zlib.NewReader(bytes.NewReader(data)) }

// decompress returns the pickle in data and the name of its compression. Bare
// data is returned as it is.
func decompress(data []byte, limit int) ([]byte, string, error) {
	for _, c := range compressions {
		if !bytes.HasPrefix(data, []byte(c.magic)) {
			continue
		}
		raw, err := unfold(c.open, data, limit)
		if err == nil {
			return raw, c.name, nil
		}
		if errors.Is(err, errTooLarge) {
			return nil, c.name, job.Invalid("the %s-compressed model file unfolds to more than %d MiB", c.name, limit>>20).
				WithHint("Store the model uncompressed if it is really that large")
		}
		e := job.Invalid("the %s-compressed model file is truncated or corrupt", c.name).
			WithHint("Upload it again; `joblib.load` would fail on it too")
		e.Err = err
		return nil, c.name, e
	}
	return data, "", nil
}

var errTooLarge = errors.New("too large")

// unfold reads all of a compressed file into one slice.
func unfold(open func([]byte) (io.Reader, error), data []byte, limit int) ([]byte, error) {
	r, err := open(data)
	if err != nil {
		return nil, err
	}
	var chunks [][]byte
	total := 0
	for chunk := make([]byte, 0, 64<<10); ; {
		n, err := r.Read(chunk[len(chunk):cap(chunk)])
		chunk = chunk[:len(chunk)+n]
		if total += n; total > limit {
			return nil, errTooLarge
		}
		if err == io.EOF {
			return slices.Concat(append(chunks, chunk)...), nil
		}
		if err != nil {
			return nil, err
		}
		if len(chunk) == cap(chunk) {
			chunks = append(chunks, chunk)
			chunk = make([]byte, 0, min(2*cap(chunk), 16<<20))
		}
	}
}

// openXZ refuses blocks whose windows would be too large: the library allocates
// what a block's header asks for, anew for each block. Such headers can begin
// only at multiples of four bytes.
func openXZ(data []byte) (io.Reader, error) {
	windows := 0
	for i := 0; i+4 <= len(data); i += 4 {
		window := xzWindow(data[i:])
		if window > maxWindow {
			return nil, errors.New("a block asks for a window of more than 64 MiB")
		}
		if windows += int(window); windows > unfoldLimit(len(data)) {
			return nil, errors.New("its blocks ask for larger windows than it may unfold to")
		}
	}
	return xz.NewReader(bytes.NewReader(data))
}

// xzWindow returns the dictionary size that an xz block header at the start of
// b asks for, 0 if there is no such header.
// Source: the .xz file format 1.1.0, sections 3.1 and 5.3.1.
func xzWindow(b []byte) int64 {
	size := 4 * (int(b[0]) + 1)
	if b[0] == 0 || size > len(b) || b[1]&0x3f != 0 {
		return 0
	}
	filter := 2
	for _, present := range []bool{b[1]&0x40 != 0, b[1]&0x80 != 0} {
		for present && filter < size-4 {
			present = b[filter]&0x80 != 0
			filter++
		}
	}
	if filter+3 > size-4 || b[filter] != 0x21 || b[filter+1] != 1 ||
		crc32.ChecksumIEEE(b[:size-4]) != binary.LittleEndian.Uint32(b[size-4:]) {
		return 0
	}
	window, err := lzma.DecodeDictCap(b[filter+2])
	if err != nil {
		return 0
	}
	return window
}
