package pipeline

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"

	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn"
	"brine/functions/internal/store"
)

// models keeps the models that were used last, as many as go into half of the
// process's memory: a warm function mostly sees the same few again. Another
// state of an object is another model.
type models struct {
	mu   sync.Mutex
	kept []kept // the one used last is last
}

type kept struct {
	of    job.Object
	model *sklearn.Model
	sum   string // of the file, if it was asked for
}

// pin pins a model. Unless one of that name is kept, which it likely still is,
// its first bytes come with the answer if the store has them at hand.
func (m *models) pin(ctx context.Context, s store.Store, uri job.URI) (obj job.Object, first []byte, err error) {
	if m.keeps(uri) {
		obj, err = s.Stat(ctx, uri)
		return obj, nil, err
	}
	const most = 1 << 20
	return s.Peek(ctx, uri, most)
}

func (m *models) keeps(uri job.URI) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.ContainsFunc(m.kept, func(k kept) bool { return k.of.URI == uri })
}

// open returns the model of a pinned object.
func (m *models) open(ctx context.Context, s store.Store, obj job.Object) (*sklearn.Model, error) {
	k, err := m.get(ctx, s, obj, nil, false)
	return k.model, err
}

// get returns the model of a pinned object of which the first bytes may be
// there, with the SHA-256 of its file in hexadecimal if digest asks for that.
func (m *models) get(ctx context.Context, s store.Store, obj job.Object, first []byte, digest bool) (kept, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k := m.find(obj); k.model != nil && (k.sum != "" || !digest) {
		return k, nil
	}
	if err := fits(obj); err != nil {
		return kept{}, err
	}
	m.makeRoom(obj, liveHeap)
	model, sum, err := load(ctx, s, obj, first, digest)
	if err != nil {
		return kept{}, err
	}
	k := kept{obj, model, sum}
	m.kept = append(m.kept, k)
	return k, nil
}

// find returns what is kept of a model, if anything.
func (m *models) find(obj job.Object) kept {
	i := slices.IndexFunc(m.kept, func(k kept) bool { return k.of == obj })
	if i < 0 {
		return kept{}
	}
	k := m.kept[i]
	m.kept = append(slices.Delete(m.kept, i, i+1), k)
	return k
}

// makeRoom drops an earlier state of a model that is to be opened, and models
// that were not used for long until there is room for it beside the bytes in
// use.
func (m *models) makeRoom(obj job.Object, used func() int64) {
	m.kept = slices.DeleteFunc(m.kept, func(k kept) bool { return k.of.URI == obj.URI })
	most := debug.SetMemoryLimit(-1) / 2
	for len(m.kept) > 0 && used()+need(obj) > most {
		m.kept = slices.Delete(m.kept, 0, 1)
	}
}

// liveHeap returns the bytes of memory that are in use: what models take of it
// their files, often compressed, tell little of. It costs milliseconds, which
// only a process spends that opens a second model.
func liveHeap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// load reads a model, unless its first bytes are all of it, and, on another
// processor, takes its SHA-256 if asked to.
func load(ctx context.Context, s store.Store, obj job.Object, first []byte, digest bool) (model *sklearn.Model, sum string, err error) {
	slog.InfoContext(ctx, "Downloading model from "+obj.URI.String(), "bytes", obj.Size)
	open := func(data []byte) error {
		file, err := pickle.Decode(data)
		if err == nil {
			model, err = sklearn.Open(file)
		}
		return about("Model", obj.URI, err)
	}
	use := open
	if digest {
		use = func(data []byte) error {
			return both(func() error {
				sum = fmt.Sprintf("%x", sha256.Sum256(data))
				return nil
			}, func() error { return open(data) })
		}
	}
	if int64(len(first)) == obj.Size {
		err = use(first)
	} else {
		err = store.Use(ctx, s, obj, obj.Size, use)
	}
	return model, sum, err
}

// need is the memory, in bytes, that opening a model takes at least: beside
// the file's bytes, which its arrays are parts of, it has its compiled form.
func need(obj job.Object) int64 { return obj.Size * 5 / 2 }

// fits refuses a model that this process has no memory for.
func fits(obj job.Object) error {
	limit := debug.SetMemoryLimit(-1)
	if need := need(obj); need > limit {
		return &job.Error{
			Type:    job.MemoryError,
			Message: fmt.Sprintf("the model %s has %d MB, too much for %d MB of memory", obj.URI, obj.Size>>20, limit>>20),
			Hint:    fmt.Sprintf("Raise the function's memory to %d MB or more", need>>20+64),
		}
	}
	return nil
}
