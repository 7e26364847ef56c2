package pickle

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"brine/functions/internal/job"
)

// TestMemory holds Decode to the bound that it documents, on densely packed
// opcodes and on mutated files.
func TestMemory(t *testing.T) {
	repeat := func(s string) []byte { return []byte("\x80\x04" + array[2:] + strings.Repeat(s, 100_000) + "N.") }
	for _, s := range []string{
		"}", "}\x94", "]\x94", "N\x85", "(l0", "}NNs0", "]Na0", "h\x00)R0", "h\x00)\x81\x94", "\x8f\x94", "(0", "(", "2",
		"h\x01h\x02\x85R0", "h\x01h\x02\x85R\x94", "K\xffG12345678\x86", "\x8a\x0912345678\xff", "\x8c\x01x", "C\x00", "I1\n",
	} {
		checkMemory(t, s, repeat(s))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, path := range glob(t, "testdata/*.pkl") {
		data := readFile(t, path)
		file, err := Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if file.Compression != "" {
			continue
		}
		for range 100 {
			mutated := bytes.Clone(data)
			for range 1 + r.IntN(4) {
				mutated[r.IntN(len(mutated))] = byte(r.Uint32())
			}
			checkMemory(t, path, mutated)
		}
	}
}

func checkMemory(t *testing.T, name string, data []byte) {
	t.Helper()
	var err error
	if allocated := measure(func() { _, err = Decode(data) }); allocated > memoryBound(len(data)) {
		t.Errorf("%s: %d bytes allocated for a file of %d", name, allocated, len(data))
	}
	if err != nil && strings.Contains(err.Error(), "runtime error") {
		t.Errorf("%s: %v", name, err)
	}
}

// memoryBound is what Decode documents.
func memoryBound(size int) uint64 { return uint64(256*size + 64<<10) }

// measure returns the bytes that f allocates.
func measure(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// FuzzDecode: no input makes Decode panic past its door or allocate beyond its
// bound, and what decodes can be read.
func FuzzDecode(f *testing.F) {
	for _, path := range glob(f, "testdata/*.pkl") {
		f.Add(readFile(f, path))
	}
	f.Add([]byte(wrapper("\x01\x00\x00\x00") + "12345678."))
	f.Add([]byte("(Vx\nisklearn.svm\nSVC\n."))
	f.Fuzz(func(t *testing.T, data []byte) {
		raw, compression, err := decompress(data, 16<<20)
		if err != nil || compression != "" && len(raw) == 0 {
			return
		}
		var file *File
		if allocated := measure(func() { file, err = Decode(raw) }); allocated > memoryBound(len(raw)) {
			t.Errorf("%d bytes allocated for a file of %d", allocated, len(raw))
		}
		if err != nil {
			if strings.Contains(err.Error(), "runtime error") {
				t.Error(err)
			}
			if job.TypeOf(err) != job.ValidationError || file.Root != nil {
				t.Errorf("error %v with root %v", err, file.Root)
			}
			return
		}
		readArrays(file.Root, map[any]bool{})
	})
}

// FuzzUnfold: no container makes decompress panic or take more than the limit
// and what its format works in.
func FuzzUnfold(f *testing.F) {
	for _, path := range glob(f, "testdata/arrays-joblib-[zgblx]*[a-z24].pkl") {
		f.Add(readFile(f, path))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 1 << 20
		var raw []byte
		var err error
		if allocated := measure(func() { raw, _, err = decompress(data, limit) }); allocated > 2*limit+80<<20 {
			t.Errorf("%d bytes allocated", allocated)
		}
		if err != nil && job.TypeOf(err) != job.ValidationError || len(raw) > max(limit, len(data)) {
			t.Errorf("%d bytes, error %v", len(raw), err)
		}
	})
}

// readArrays reads every array below v in each way.
func readArrays(v any, seen map[any]bool) {
	var below []any
	switch v := v.(type) {
	case Tuple:
		if len(v) == 0 || seen[&v[0]] {
			return
		}
		seen[&v[0]] = true
		below = v
	case *List, *Set, *Dict, *Object, *Array:
		if seen[v] {
			return
		}
		seen[v] = true
	}
	switch v := v.(type) {
	case *List:
		below = v.Items
	case *Set:
		below = v.Items
	case *Dict:
		below = append(append(below, v.Keys...), v.Values...)
	case *Object:
		below = append(append(append(below, v.Args...), v.Items...), v.State)
	case *Array:
		_, _ = v.Floats()
		_, _ = v.Ints()
		_, _ = v.Strings()
		for _, f := range v.Dtype.Fields {
			_, _ = v.Field(f.Name)
		}
		below = v.Objects
	}
	for _, b := range below {
		readArrays(b, seen)
	}
}
