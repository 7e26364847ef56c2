// Package storetest has a store in memory for tests, with S3's rules: a missing
// part is no error, only the last may be small, and an upload that is not
// completed leaves nothing to be seen.
package storetest

import (
	"bytes"
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
)

// Memory is a store.Store, and the objects beside a job.
type Memory struct {
	// Smallest is the smallest size of any part but the last.
	Smallest int64

	mu      sync.Mutex
	objects map[job.URI][]byte
	uploads map[string]map[int][]byte
	done    map[string]job.Object // completed uploads
	next    int
}

// New returns an empty store.
func New(smallest int64) *Memory {
	return &Memory{Smallest: smallest, objects: map[job.URI][]byte{}, uploads: map[string]map[int][]byte{}, done: map[string]job.Object{}}
}

// MinPart implements store.Store.
func (m *Memory) MinPart() int64 { return m.Smallest }

// Open returns the number of uploads that are neither completed nor aborted.
func (m *Memory) Open() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.uploads)
}

// Keys returns the URIs of all objects, in order.
func (m *Memory) Keys() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []string
	for uri := range m.objects {
		keys = append(keys, uri.String())
	}
	slices.Sort(keys)
	return keys
}

// Put writes an object.
func (m *Memory) Put(_ context.Context, uri job.URI, _ string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.objects[uri] = bytes.Clone(data)
	return nil
}

// Get returns an object.
func (m *Memory) Get(_ context.Context, uri job.URI) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.objects[uri]
	if !ok {
		return nil, &job.Error{Type: job.ValidationError, Message: "File not found in S3: " + uri.String(), Err: fs.ErrNotExist}
	}
	return data, nil
}

// List returns the objects whose key begins with prefix's, in order.
func (m *Memory) List(_ context.Context, prefix job.URI) ([]job.Object, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []job.Object
	for uri, data := range m.objects {
		if uri.Bucket == prefix.Bucket && strings.HasPrefix(uri.Key, prefix.Key) {
			found = append(found, object(uri, data))
		}
	}
	slices.SortFunc(found, func(a, b job.Object) int { return strings.Compare(a.URI.Key, b.URI.Key) })
	return found, nil
}

// Delete implements store.Store.
func (m *Memory) Delete(_ context.Context, uris ...job.URI) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, uri := range uris {
		delete(m.objects, uri)
	}
	return nil
}

func object(uri job.URI, data []byte) job.Object {
	return job.Object{URI: uri, ETag: etag(data), Size: int64(len(data))}
}

func etag(data []byte) string { return fmt.Sprintf("%x", md5.Sum(data)) }

// Stat implements store.Store.
func (m *Memory) Stat(ctx context.Context, uri job.URI) (job.Object, error) {
	data, err := m.Get(ctx, uri)
	return object(uri, data), err
}

// Peek implements store.Store.
func (m *Memory) Peek(ctx context.Context, uri job.URI, n int64) (job.Object, []byte, error) {
	data, err := m.Get(ctx, uri)
	return object(uri, data), bytes.Clone(data[:min(n, int64(len(data)))]), err
}

// Read implements store.Store.
func (m *Memory) Read(ctx context.Context, obj job.Object, from, to int64) (io.ReadCloser, error) {
	data, err := m.Get(ctx, obj.URI)
	if err != nil {
		return nil, err
	}
	if etag(data) != obj.ETag {
		return nil, job.Invalid("%s was replaced while the job ran", obj.URI)
	}
	if from >= to {
		return io.NopCloser(bytes.NewReader(nil)), nil
	}
	if to > int64(len(data)) {
		return nil, &job.Error{Type: job.TransientError, Message: "reading " + obj.URI.String() + " broke off"}
	}
	return io.NopCloser(bytes.NewReader(data[from:to])), nil
}

// Begin implements store.Store.
func (m *Memory) Begin(_ context.Context, uri job.URI) (job.Upload, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next++
	up := job.Upload{URI: uri, ID: fmt.Sprint(m.next)}
	m.uploads[up.ID] = map[int][]byte{}
	return up, nil
}

// Writer implements store.Store; all of it is one part.
func (m *Memory) Writer(_ context.Context, up job.Upload, first, _ int) store.PartWriter {
	return &writer{m: m, up: up, number: first}
}

type writer struct {
	bytes.Buffer
	m      *Memory
	up     job.Upload
	number int
}

func (w *writer) Close() error { return nil }

func (w *writer) Commit() ([]job.Part, error) {
	w.m.mu.Lock()
	defer w.m.mu.Unlock()
	parts, ok := w.m.uploads[w.up.ID]
	if !ok {
		return nil, fmt.Errorf("%w: %s", store.ErrNoUpload, w.up.ID)
	}
	parts[w.number] = bytes.Clone(w.Bytes())
	return []job.Part{part(w.number, w.Bytes())}, nil
}

func part(number int, data []byte) job.Part {
	return job.Part{Number: number, ETag: etag(data), Size: int64(len(data))}
}

// Parts implements store.Store.
func (m *Memory) Parts(_ context.Context, up job.Upload) ([]job.Part, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, ok := m.uploads[up.ID]
	if !ok {
		return nil, fmt.Errorf("%w: %s", store.ErrNoUpload, up.ID)
	}
	var parts []job.Part
	for number, data := range stored {
		parts = append(parts, part(number, data))
	}
	return parts, nil
}

// Complete implements store.Store.
func (m *Memory) Complete(_ context.Context, up job.Upload, parts []job.Part) (job.Object, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, ok := m.uploads[up.ID]
	if !ok {
		if now := object(up.URI, m.objects[up.URI]); now == m.done[up.ID] {
			return now, nil
		}
		return job.Object{}, fmt.Errorf("%w: %s", store.ErrNoUpload, up.ID)
	}
	var whole []byte
	for i, p := range parts {
		data := stored[p.Number]
		switch {
		case i > 0 && p.Number <= parts[i-1].Number:
			return job.Object{}, fmt.Errorf("InvalidPartOrder %d", p.Number)
		case etag(data) != p.ETag:
			return job.Object{}, fmt.Errorf("InvalidPart %d", p.Number)
		case i < len(parts)-1 && p.Size < m.Smallest:
			return job.Object{}, fmt.Errorf("EntityTooSmall %d", p.Number)
		}
		whole = append(whole, data...)
	}
	delete(m.uploads, up.ID)
	m.objects[up.URI] = whole
	m.done[up.ID] = object(up.URI, whole)
	return m.done[up.ID], nil
}

// Abort implements store.Store.
func (m *Memory) Abort(_ context.Context, up job.Upload) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.uploads, up.ID)
	return nil
}
