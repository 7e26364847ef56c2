// Package s3store has the store in Amazon S3. It is a package of its own, so that
// what reads local files alone does not start with the AWS SDK in it.
package s3store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
)

// minPart is S3's rule: only the last part may be smaller.
const minPart = 5 << 20

// Store is a store.Store in Amazon S3, or in what the configuration's endpoint
// serves.
type Store struct {
	client        *s3.Client
	reads, writes atomic.Int64 // requests
}

// New returns the store that a configuration leads to.
func New(cfg aws.Config) *Store {
	s := &Store{}
	s.client = s3.NewFromConfig(cfg, func(o *s3.Options) {
		// An endpoint of one's own is an address, not a domain with buckets below it.
		o.UsePathStyle = o.BaseEndpoint != nil
		o.DisableLogOutputChecksumValidationSkipped = true // ranges have none
		o.RetryMaxAttempts = 5
		o.HTTPClient = counted{impatient{o.HTTPClient}, &s.reads, &s.writes}
	})
	return s
}

// MinPart implements store.Store.
func (*Store) MinPart() int64 { return minPart }

// Stat implements store.Store.
func (s *Store) Stat(ctx context.Context, uri job.URI) (job.Object, error) {
	obj, _, err := s.head(ctx, s3.HeadObjectInput{Bucket: &uri.Bucket, Key: &uri.Key})
	return obj, err
}

// head returns an object and its checksum, if that was asked for and is there.
func (s *Store) head(ctx context.Context, in s3.HeadObjectInput) (obj job.Object, crc32 string, err error) {
	uri := job.URI{Bucket: *in.Bucket, Key: *in.Key}
	out, err := s.client.HeadObject(ctx, &in)
	if err != nil {
		return obj, "", explain(ctx, "read", uri, err)
	}
	return job.Object{URI: uri, ETag: aws.ToString(out.ETag), Size: aws.ToInt64(out.ContentLength)}, aws.ToString(out.ChecksumCRC32), nil
}

// Peek implements store.Store.
func (s *Store) Peek(ctx context.Context, uri job.URI, n int64) (obj job.Object, first []byte, err error) {
	err = s.get(ctx, uri, s3.GetObjectInput{Range: byteRange(0, n)}, func(out *s3.GetObjectOutput) error {
		obj = job.Object{URI: uri, ETag: aws.ToString(out.ETag), Size: sizeOf(out)}
		first = make([]byte, max(0, min(n, obj.Size)))
		_, err := io.ReadFull(out.Body, first)
		return err
	})
	// No range is in an object without bytes, and a server may know of none.
	if isCode(err, "InvalidRange") || err == nil && obj.Size < 0 {
		if obj, err = s.Stat(ctx, uri); err == nil {
			first, err = store.First(ctx, s, obj, n)
		}
	}
	return obj, first, err
}

func byteRange(from, size int64) *string {
	return aws.String(fmt.Sprintf("bytes=%d-%d", from, from+size-1))
}

// sizeOf returns the size of an object of which a range was asked for, or -1 if
// the answer does not tell it.
func sizeOf(out *s3.GetObjectOutput) int64 {
	_, size, _ := strings.Cut(aws.ToString(out.ContentRange), "/")
	if n, err := strconv.ParseInt(size, 10, 64); err == nil {
		return n
	}
	return -1
}

// Read implements store.Store. Large ranges come over several connections.
func (s *Store) Read(ctx context.Context, obj job.Object, from, to int64) (io.ReadCloser, error) {
	if from >= to {
		return io.NopCloser(bytes.NewReader(nil)), nil
	}
	return readAhead(ctx, from, to, func(ctx context.Context, from int64, data []byte) error {
		return s.fetch(ctx, obj, from, data)
	}), nil
}

// fetch fills data with what an object has from a byte on.
func (s *Store) fetch(ctx context.Context, obj job.Object, from int64, data []byte) error {
	return s.get(ctx, obj.URI, s3.GetObjectInput{
		IfMatch: &obj.ETag, Range: byteRange(from, int64(len(data))),
	}, func(out *s3.GetObjectOutput) error {
		_, err := io.ReadFull(out.Body, data)
		return err
	})
}

// get has read read an answer. One that breaks off is asked for again.
func (s *Store) get(ctx context.Context, uri job.URI, in s3.GetObjectInput, read func(*s3.GetObjectOutput) error) error {
	in.Bucket, in.Key = &uri.Bucket, &uri.Key
	var err error
	for attempt := range 5 {
		if attempt > 0 && !pause(ctx, attempt) {
			break
		}
		var out *s3.GetObjectOutput
		if out, err = s.client.GetObject(ctx, &in); err != nil {
			return explain(ctx, "read", uri, err)
		}
		err = read(out)
		out.Body.Close()
		if err == nil {
			return nil
		}
	}
	return &job.Error{Type: job.TransientError, Message: "reading " + uri.String() + " broke off", Err: err}
}

// pause waits before a further attempt and reports whether there is time for it.
func pause(ctx context.Context, attempt int) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(50 * time.Millisecond << attempt):
		return true
	}
}

// Get returns a small object whole, in whatever state it is.
func (s *Store) Get(ctx context.Context, uri job.URI) (data []byte, err error) {
	err = s.get(ctx, uri, s3.GetObjectInput{}, func(out *s3.GetObjectOutput) (err error) {
		data, err = io.ReadAll(out.Body)
		return err
	})
	if err != nil {
		return nil, err
	}
	return data, nil
}

// Put writes a small object.
func (s *Store) Put(ctx context.Context, uri job.URI, contentType string, data []byte) error {
	_, err := s.put(ctx, uri, contentType, data)
	return err
}

func (s *Store) put(ctx context.Context, uri job.URI, contentType string, data []byte) (job.Object, error) {
	out, err := s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &uri.Bucket, Key: &uri.Key, Body: bytes.NewReader(data), ContentType: &contentType,
	})
	if err != nil {
		return job.Object{}, explain(ctx, "write", uri, err)
	}
	return job.Object{URI: uri, ETag: aws.ToString(out.ETag), Size: int64(len(data))}, nil
}

// List returns the objects whose key begins with prefix's.
func (s *Store) List(ctx context.Context, prefix job.URI) ([]job.Object, error) {
	var all []job.Object
	pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: &prefix.Bucket, Prefix: &prefix.Key})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, explain(ctx, "list", prefix, err)
		}
		for _, o := range page.Contents {
			uri := job.URI{Bucket: prefix.Bucket, Key: aws.ToString(o.Key)}
			all = append(all, job.Object{URI: uri, ETag: aws.ToString(o.ETag), Size: aws.ToInt64(o.Size)})
		}
	}
	return all, nil
}

// Delete implements store.Store. Only a call for one object takes any key: XML
// does not.
func (s *Store) Delete(ctx context.Context, uris ...job.URI) error {
	if len(uris) == 1 {
		_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &uris[0].Bucket, Key: &uris[0].Key})
		return explain(ctx, "delete", uris[0], err)
	}
	const atOnce = 1000 // S3 takes no more
	for some := range slices.Chunk(uris, atOnce) {
		if err := s.deleteAll(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) deleteAll(ctx context.Context, uris []job.URI) error {
	objects := make([]types.ObjectIdentifier, len(uris))
	for i := range uris {
		objects[i].Key = &uris[i].Key
	}
	out, err := s.client.DeleteObjects(ctx, &s3.DeleteObjectsInput{
		Bucket: &uris[0].Bucket, Delete: &types.Delete{Objects: objects, Quiet: aws.Bool(true)},
	})
	if err != nil {
		return explain(ctx, "delete", uris[0], err)
	}
	var errs []error
	for _, e := range out.Errors {
		uri := job.URI{Bucket: uris[0].Bucket, Key: aws.ToString(e.Key)}
		errs = append(errs, explain(ctx, "delete", uri, &smithy.GenericAPIError{Code: aws.ToString(e.Code), Message: aws.ToString(e.Message)}))
	}
	return errors.Join(errs...)
}

// Begin implements store.Store.
func (s *Store) Begin(ctx context.Context, uri job.URI) (job.Upload, error) {
	out, err := s.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &uri.Bucket, Key: &uri.Key,
		ChecksumAlgorithm: types.ChecksumAlgorithmCrc32, ContentType: aws.String(contentType(uri)),
	})
	if err != nil {
		return job.Upload{}, explain(ctx, "write", uri, err)
	}
	return job.Upload{URI: uri, ID: aws.ToString(out.UploadId)}, nil
}

func contentType(uri job.URI) string {
	if uri.Gzip() {
		return "application/gzip"
	}
	return "text/csv"
}

// Parts implements store.Store.
func (s *Store) Parts(ctx context.Context, up job.Upload) ([]job.Part, error) {
	var all []job.Part
	pages := s3.NewListPartsPaginator(s.client, &s3.ListPartsInput{
		Bucket: &up.URI.Bucket, Key: &up.URI.Key, UploadId: &up.ID,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, explain(ctx, "write", up.URI, err)
		}
		for _, p := range page.Parts {
			all = append(all, job.Part{
				Number: int(aws.ToInt32(p.PartNumber)), ETag: aws.ToString(p.ETag),
				Size: aws.ToInt64(p.Size), CRC32: aws.ToString(p.ChecksumCRC32),
			})
		}
	}
	slices.SortFunc(all, func(a, b job.Part) int { return cmp.Compare(a.Number, b.Number) })
	return all, nil
}

// Complete implements store.Store. A call that took effect although its answer was
// lost is recognised by what it made.
func (s *Store) Complete(ctx context.Context, up job.Upload, parts []job.Part) (job.Object, error) {
	done := make([]types.CompletedPart, len(parts))
	var size int64
	for i, p := range parts {
		done[i] = types.CompletedPart{PartNumber: aws.Int32(int32(p.Number)), ETag: aws.String(p.ETag)}
		if p.CRC32 != "" {
			done[i].ChecksumCRC32 = aws.String(p.CRC32)
		}
		size += p.Size
	}
	out, err := s.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &up.URI.Bucket, Key: &up.URI.Key, UploadId: &up.ID,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: done},
	})
	if err == nil {
		return job.Object{URI: up.URI, ETag: aws.ToString(out.ETag), Size: size}, nil
	}
	if isCode(err, "NoSuchUpload") {
		obj, crc32, headErr := s.head(ctx, s3.HeadObjectInput{Bucket: &up.URI.Bucket, Key: &up.URI.Key, ChecksumMode: types.ChecksumModeEnabled})
		if headErr == nil && obj.Size == size && isOf(parts, obj.ETag, crc32) {
			return obj, nil
		}
	}
	return job.Object{}, explain(ctx, "write", up.URI, err)
}

// Abort implements store.Store. A part that was under way can outlive one abort, so
// it is repeated until none is left.
func (s *Store) Abort(ctx context.Context, up job.Upload) error {
	for attempt := range 5 {
		if attempt > 0 && !pause(ctx, attempt) {
			break
		}
		_, err := s.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
			Bucket: &up.URI.Bucket, Key: &up.URI.Key, UploadId: &up.ID,
		})
		if err != nil && !isCode(err, "NoSuchUpload") {
			return explain(ctx, "write", up.URI, err)
		}
		parts, err := s.Parts(ctx, up)
		if isCode(err, "NoSuchUpload") || err == nil && len(parts) == 0 {
			return nil
		}
	}
	return &job.Error{Type: job.TransientError, Message: "the upload of " + up.URI.String() + " could not be aborted"}
}
