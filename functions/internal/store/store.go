// Package store reads and writes objects by URI: on S3, or as local files.
//
// An object is pinned when it is first looked at: every later read asks for
// that very state of it and fails if it has changed. A result is an upload of
// parts that becomes visible in one step, whole or not at all.
package store

import (
	"context"
	"errors"
	"io"

	"brine/functions/internal/job"
)

// ErrNoUpload says that an upload has been completed or aborted.
var ErrNoUpload = errors.New("the upload is gone")

// Replaced says that a pinned object is another one now.
func Replaced(uri job.URI) error {
	return job.Invalid("%s was replaced while the job ran", uri).WithHint("Run the job again")
}

// Store is where a job's model and table are and where its result goes.
type Store interface {
	// Stat pins an object. One that does not exist, or that may not be read,
	// is a ValidationError.
	Stat(ctx context.Context, uri job.URI) (job.Object, error)
	// Peek is Stat that also returns the object's first bytes, n, or all if it
	// has fewer, where one request brings both; else none.
	Peek(ctx context.Context, uri job.URI, n int64) (job.Object, []byte, error)
	// Read returns the bytes [from, to) of a pinned object. The reader fails
	// rather than end early.
	Read(ctx context.Context, obj job.Object, from, to int64) (io.ReadCloser, error)
	// Begin opens the upload of a result.
	Begin(ctx context.Context, uri job.URI) (job.Upload, error)
	// Writer returns a writer of up to count parts numbered from first on.
	Writer(ctx context.Context, up job.Upload, first, count int) PartWriter
	// Parts lists what has been uploaded so far. An upload that is gone is
	// ErrNoUpload.
	Parts(ctx context.Context, up job.Upload) ([]job.Part, error)
	// Complete makes the result of the parts, in their order. It may be
	// repeated: a result that has been made of them already is returned.
	Complete(ctx context.Context, up job.Upload, parts []job.Part) (job.Object, error)
	// Abort drops an upload and all of its parts. One that is gone is no error.
	Abort(ctx context.Context, up job.Upload) error
	// Delete removes objects of one bucket; what is not there is no error.
	Delete(ctx context.Context, uris ...job.URI) error
	// MinPart is the smallest size of any part but the last.
	MinPart() int64
}

// PartWriter writes one shard's share of a result. It cuts parts as it sees
// fit; the same bytes are always cut alike.
type PartWriter interface {
	io.Writer
	// Commit stores what is left and returns the parts.
	Commit() ([]job.Part, error)
	// Close lets go of what the writer holds. Without a Commit before it, the
	// last part is not stored.
	Close() error
}

// Use hands a pinned object's first bytes, n, or all if it has fewer, to use,
// which must keep no part of them: they may go when it returns. They may be a
// file's that is cut meanwhile: a fault at one is a panic of use's goroutine,
// which Use makes an error. Another one that looks at them must ask for that
// (debug.SetPanicOnFault) and hand it on.
func Use(ctx context.Context, s Store, obj job.Object, n int64, use func(data []byte) error) error {
	if f, ok := s.(Files); ok {
		return f.use(obj, min(n, obj.Size), use)
	}
	data, err := First(ctx, s, obj, n)
	if err != nil {
		return err
	}
	return use(data)
}

// First returns a pinned object's first bytes: n, or all if it has fewer.
func First(ctx context.Context, s Store, obj job.Object, n int64) ([]byte, error) {
	n = min(n, obj.Size)
	r, err := s.Read(ctx, obj, 0, n)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data := make([]byte, n)
	_, err = io.ReadFull(r, data)
	return data, err
}
