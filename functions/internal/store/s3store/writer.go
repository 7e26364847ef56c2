package s3store

import (
	"bytes"
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
)

const (
	// partSize is what a part is cut at while more part numbers are left. What
	// stays behind a cut is at least minPart, so that no cut makes a part too small.
	partSize = 8 << 20
	// bufferSize has room for one more block behind the part that it is cut by.
	bufferSize = partSize + minPart + 3<<20
)

// buffers keep their memory from one shard to the next.
var buffers = sync.Pool{New: func() any { return new(make([]byte, 0, bufferSize)) }}

// Writer implements store.Store. A part is sent while the next one is filled,
// so it holds two buffers while it has parts left; its last part takes all the
// rest.
func (s *Store) Writer(ctx context.Context, up job.Upload, first, count int) store.PartWriter {
	return newWriter(ctx, s, up, first, count)
}

func newWriter(ctx context.Context, s *Store, up job.Upload, first, count int) *writer {
	return &writer{ctx: ctx, s3: s, up: up, number: first, last: first + count - 1}
}

type writer struct {
	ctx context.Context
	s3  *Store
	up  job.Upload
	// While up has no ID, begin is called before the first cut, or, if there is
	// none, keep has all of it.
	begin        func() (job.Upload, error)
	keep         func(data []byte) ([]job.Part, error)
	number, last int
	buf          []byte
	held         []*[]byte  // of buffers
	spare        []byte     // whose part is sent, or was
	sent         chan error // nil if no part is on its way
	parts        []job.Part
}

func (w *writer) Write(p []byte) (int, error) {
	w.reserve(len(p))
	w.buf = append(w.buf, p...)
	for len(w.buf) >= partSize+minPart && w.number < w.last {
		if err := w.cut(); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// reserve takes a buffer once there is more to hold than a small result has.
func (w *writer) reserve(more int) {
	const small = 1 << 20
	if size := len(w.buf) + more; size <= max(small, cap(w.buf)) || size > bufferSize {
		return
	}
	w.buf = append(w.hold(), w.buf...)
}

func (w *writer) hold() []byte {
	b := buffers.Get().(*[]byte)
	w.held = append(w.held, b)
	return *b
}

// cut sends a part and goes on with the rest, once the part before is there.
func (w *writer) cut() error {
	if w.up.ID == "" {
		up, err := w.begin()
		if err != nil {
			return err
		}
		w.up = up
	}
	if err := w.wait(); err != nil {
		return err
	}
	if w.spare == nil {
		w.spare = w.hold()
	}
	full := w.buf
	w.buf, w.spare = append(w.spare[:0], full[partSize:]...), full
	sent, number := make(chan error, 1), w.number
	go func() { sent <- w.upload(number, full[:partSize]) }()
	w.sent = sent
	w.number++
	return nil
}

// wait returns when no part is on its way any more.
func (w *writer) wait() error {
	if w.sent == nil {
		return nil
	}
	err := <-w.sent
	w.sent = nil
	return err
}

// Commit implements store.PartWriter.
func (w *writer) Commit() ([]job.Part, error) {
	if w.up.ID == "" {
		return w.keep(w.buf)
	}
	if err := w.wait(); err != nil {
		return nil, err
	}
	if err := w.upload(w.number, w.buf); err != nil {
		return nil, err
	}
	for _, b := range w.held {
		buffers.Put(b)
	}
	return w.parts, nil
}

// Close implements store.PartWriter.
func (w *writer) Close() error {
	w.wait() // for a part whose error is no news: the shard has failed already
	return nil
}

// upload sends a part; only one does at a time.
func (w *writer) upload(number int, data []byte) error {
	out, err := w.s3.client.UploadPart(w.ctx, &s3.UploadPartInput{
		Bucket: &w.up.URI.Bucket, Key: &w.up.URI.Key, UploadId: &w.up.ID,
		PartNumber: aws.Int32(int32(number)), Body: bytes.NewReader(data),
		ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
	})
	if err != nil {
		return explain(w.ctx, "write", w.up.URI, err)
	}
	w.parts = append(w.parts, job.Part{
		Number: number, ETag: aws.ToString(out.ETag),
		Size: int64(len(data)), CRC32: aws.ToString(out.ChecksumCRC32),
	})
	return nil
}
