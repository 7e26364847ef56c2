package s3store

import (
	"context"
	"fmt"
	"sync"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
)

// Alone is the Store of a process that does whole jobs, each result of which
// one writer writes. It puts a result of which no part has been cut by a single
// request: only a larger one has an upload on S3, from its first part on. So it
// needs fewer requests, and a process that dies mostly leaves nothing behind.
type Alone struct {
	*Store

	mu      sync.Mutex
	begun   int
	results map[string]*result // by the ID of their uploads
}

// NewAlone returns the store for a process of its own.
func NewAlone(s *Store) *Alone { return &Alone{Store: s, results: map[string]*result{}} }

// result is what has become of an upload so far.
type result struct {
	upload job.Upload // on S3; without an ID there is none yet
	small  []byte     // all of it, if it is written without one
}

// Begin implements store.Store.
func (a *Alone) Begin(_ context.Context, uri job.URI) (job.Upload, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.begun++
	up := job.Upload{URI: uri, ID: fmt.Sprintf("alone-%d", a.begun)}
	a.results[up.ID] = &result{upload: job.Upload{URI: uri}}
	return up, nil
}

// find returns an upload's result.
func (a *Alone) find(up job.Upload) (*result, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if r := a.results[up.ID]; r != nil {
		return r, nil
	}
	return nil, fmt.Errorf("%w: %s", store.ErrNoUpload, up.URI)
}

func (a *Alone) forget(up job.Upload) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.results, up.ID)
}

// Writer implements store.Store.
func (a *Alone) Writer(ctx context.Context, up job.Upload, first, count int) store.PartWriter {
	w := newWriter(ctx, a.Store, job.Upload{URI: up.URI}, first, count)
	w.begin = func() (job.Upload, error) {
		r, err := a.find(up)
		if err == nil && r.upload.ID == "" {
			r.upload, err = a.Store.Begin(ctx, up.URI)
		}
		if err != nil {
			return job.Upload{}, err
		}
		return r.upload, nil
	}
	w.keep = func(data []byte) ([]job.Part, error) {
		r, err := a.find(up)
		if err != nil {
			return nil, err
		}
		r.small = data
		return r.parts(), nil
	}
	return w
}

// parts is a small result as the only part of its upload.
func (r *result) parts() []job.Part { return []job.Part{{Number: 1, Size: int64(len(r.small))}} }

// Parts implements store.Store.
func (a *Alone) Parts(ctx context.Context, up job.Upload) ([]job.Part, error) {
	r, err := a.find(up)
	if err != nil {
		return nil, err
	}
	if r.upload.ID == "" {
		return r.parts(), nil
	}
	return a.Store.Parts(ctx, r.upload)
}

// Complete implements store.Store.
func (a *Alone) Complete(ctx context.Context, up job.Upload, parts []job.Part) (obj job.Object, err error) {
	r, err := a.find(up)
	if err != nil {
		return obj, err
	}
	if r.upload.ID != "" {
		obj, err = a.Store.Complete(ctx, r.upload, parts)
	} else {
		obj, err = a.put(ctx, up.URI, contentType(up.URI), r.small)
	}
	if err == nil {
		a.forget(up)
	}
	return obj, err
}

// Abort implements store.Store.
func (a *Alone) Abort(ctx context.Context, up job.Upload) error {
	r, err := a.find(up)
	if err != nil {
		return nil
	}
	if r.upload.ID != "" {
		err = a.Store.Abort(ctx, r.upload)
	}
	if err == nil {
		a.forget(up)
	}
	return err
}
