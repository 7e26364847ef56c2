package s3store

import (
	"bytes"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
)

// partSize is what a part is cut at while more part numbers are left. What
// stays behind a cut is at least minPart, so that no cut makes a part too small.
const partSize = 16 << 20

// Writer implements store.Store. It holds at most partSize+minPart bytes while it
// has parts left; its last part takes all the rest.
func (s *Store) Writer(ctx context.Context, up job.Upload, first, count int) store.PartWriter {
	return &writer{ctx: ctx, s3: s, up: up, number: first, last: first + count - 1}
}

type writer struct {
	ctx          context.Context
	s3           *Store
	up           job.Upload
	number, last int
	buf          []byte
	parts        []job.Part
}

func (w *writer) Write(p []byte) (int, error) {
	w.buf = append(w.buf, p...)
	for len(w.buf) >= partSize+minPart && w.number < w.last {
		if err := w.upload(w.buf[:partSize]); err != nil {
			return 0, err
		}
		w.buf = append(w.buf[:0], w.buf[partSize:]...)
	}
	return len(p), nil
}

// Close implements store.PartWriter.
func (w *writer) Close() error { return nil }

// Commit implements store.PartWriter.
func (w *writer) Commit() ([]job.Part, error) {
	if err := w.upload(w.buf); err != nil {
		return nil, err
	}
	return w.parts, nil
}

func (w *writer) upload(data []byte) error {
	out, err := w.s3.client.UploadPart(w.ctx, &s3.UploadPartInput{
		Bucket: &w.up.URI.Bucket, Key: &w.up.URI.Key, UploadId: &w.up.ID,
		PartNumber: aws.Int32(int32(w.number)), Body: bytes.NewReader(data),
		ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
	})
	if err != nil {
		return explain("write", w.up.URI, err)
	}
	w.parts = append(w.parts, job.Part{
		Number: w.number, ETag: aws.ToString(out.ETag),
		Size: int64(len(data)), CRC32: aws.ToString(out.ChecksumCRC32),
	})
	w.number++
	return nil
}
