package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
	"brine/functions/internal/store/storetest"
)

// reads counts what is read of a store.
type reads struct {
	*storetest.Memory
	of map[string]int
}

func (r *reads) Read(ctx context.Context, obj job.Object, from, to int64) (io.ReadCloser, error) {
	r.of[obj.URI.Key]++
	return r.Memory.Read(ctx, obj, from, to)
}

// limitMemory does so as a function does, until the test ends.
func limitMemory(t *testing.T, bytes int64) {
	old := debug.SetMemoryLimit(bytes)
	t.Cleanup(func() { debug.SetMemoryLimit(old) })
}

// TestWarmModels: models in turns are read once each, and one that was
// replaced once more.
func TestWarmModels(t *testing.T) {
	limitMemory(t, 1<<30)
	s := &reads{storetest.New(0), map[string]int{}}
	var m models
	open := func(key, class string) {
		t.Helper()
		obj, err := s.Stat(t.Context(), job.URI{Bucket: "models", Key: key})
		if err != nil {
			t.Fatal(err)
		}
		model, err := m.open(t.Context(), s, obj)
		if err != nil || model.Class != class {
			t.Fatalf("%s: got %v, %v", key, model, err)
		}
	}
	put := func(key, name string) {
		if err := s.Put(t.Context(), job.URI{Bucket: "models", Key: key}, "", file(t, name, "model.pkl")); err != nil {
			t.Fatal(err)
		}
	}
	const linear, ridge = "sklearn.linear_model.LinearRegression", "sklearn.linear_model.Ridge"
	put("a", "linear-regression")
	put("b", "ridge")
	for range 3 {
		open("a", linear)
		open("b", ridge)
	}
	if s.of["a"] != 1 || s.of["b"] != 1 {
		t.Errorf("read %v", s.of)
	}
	put("a", "ridge")
	open("a", ridge)
	open("b", ridge)
	if s.of["a"] != 2 || s.of["b"] != 1 || len(m.kept) != 2 {
		t.Errorf("after a was replaced: read %v, %d kept", s.of, len(m.kept))
	}
}

// TestModelsMemory: the models that were not used for longest make room for
// another.
func TestModelsMemory(t *testing.T) {
	limitMemory(t, 1<<30)
	const mb = 1 << 20 // there are 512 of them to share
	object := func(i int, size int64) job.Object {
		return job.Object{URI: job.URI{Bucket: "models", Key: fmt.Sprint(i)}, Size: size}
	}
	taken := map[string]int64{"1": 112 * mb, "2": 100 * mb, "3": 200 * mb}
	for _, test := range []struct {
		coming job.Object
		want   []string
	}{
		{object(9, 40*mb), []string{"2", "3", "1"}},
		{object(9, 41*mb), []string{"3", "1"}},
		{object(9, 80*mb), []string{"3", "1"}},
		{object(9, 300*mb), nil},
		{object(3, mb), []string{"2", "1"}},
	} {
		m := models{kept: []kept{{of: object(1, 0)}, {of: object(2, 0)}, {of: object(3, 0)}}}
		m.find(object(1, 0))
		m.makeRoom(test.coming, func() (used int64) {
			for _, k := range m.kept {
				used += taken[k.of.URI.Key]
			}
			return used
		})
		var left []string
		for _, k := range m.kept {
			left = append(left, k.of.URI.Key)
		}
		if !slices.Equal(left, test.want) {
			t.Errorf("%d MB more: %v are left, want %v", test.coming.Size/mb, left, test.want)
		}
	}
}

func TestLiveHeap(t *testing.T) {
	before := liveHeap()
	data := make([]byte, 64<<20)
	if grown := liveHeap() - before; grown < 60<<20 || grown > 70<<20 {
		t.Errorf("by %d bytes it has grown by %d", len(data), grown)
	}
	runtime.KeepAlive(data)
}

// asked notes what a store is asked for.
type asked struct {
	*storetest.Memory
	calls []string
}

func (a *asked) Stat(ctx context.Context, uri job.URI) (job.Object, error) {
	a.calls = append(a.calls, "stat")
	return a.Memory.Stat(ctx, uri)
}

func (a *asked) Peek(ctx context.Context, uri job.URI, n int64) (job.Object, []byte, error) {
	a.calls = append(a.calls, "peek")
	return a.Memory.Peek(ctx, uri, n)
}

func (a *asked) Read(ctx context.Context, obj job.Object, from, to int64) (io.ReadCloser, error) {
	a.calls = append(a.calls, "read")
	return a.Memory.Read(ctx, obj, from, to)
}

// TestPin: a model comes with the answer that pins it, a large one is read, and
// of one that is kept only the state is asked for.
func TestPin(t *testing.T) {
	s := &asked{Memory: storetest.New(0)}
	var m models
	small := file(t, "linear-regression", "model.pkl")
	large := append(bytes.Clone(small), make([]byte, 1<<20)...) // a pickle ends at its STOP
	for _, c := range []struct {
		key  string
		data []byte
		want string
	}{
		{"small", small, "peek"},
		{"small", small, "stat"},
		{"large", large, "peek read"},
		{"large", large, "stat"},
		{"large", small, "stat read"}, // which was replaced
	} {
		uri := job.URI{Bucket: "models", Key: c.key}
		if err := s.Put(t.Context(), uri, "", c.data); err != nil {
			t.Fatal(err)
		}
		s.calls = nil
		obj, first, err := m.pin(t.Context(), s, uri)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := m.get(t.Context(), s, obj, first, true)
		if err != nil || kept.sum != fmt.Sprintf("%x", sha256.Sum256(c.data)) {
			t.Errorf("%s: its sum is %s, %v", c.key, kept.sum, err)
		}
		if got := strings.Join(s.calls, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.key, got, c.want)
		}
	}
}

// TestDigestFault: bytes that have gone are an error of whoever looks at them.
func TestDigestFault(t *testing.T) {
	model := file(t, "linear-regression", "model.pkl")
	uri := job.URI{Key: filepath.Join(t.TempDir(), "model.pkl")}
	if err := os.WriteFile(uri.Key, model, 0o600); err != nil {
		t.Fatal(err)
	}
	obj, err := store.Files{}.Stat(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	obj.Size += 1 << 20 // behind the pickle's STOP, so that only the digest reads there
	var m models
	if kept, err := m.get(t.Context(), store.Files{}, obj, nil, true); err == nil {
		t.Errorf("its sum is %s", kept.sum)
	}
}

// TestBothEnd: both waits for one function if the other panics.
func TestBothEnd(t *testing.T) {
	ended := false
	defer func() {
		if r := recover(); r != "its own" || !ended {
			t.Errorf("got %v, ended: %t", r, ended)
		}
	}()
	_ = both(func() error {
		time.Sleep(10 * time.Millisecond)
		ended = true
		return nil
	}, func() error { panic("its own") })
}
