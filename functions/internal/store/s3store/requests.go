package s3store

import (
	"net/http"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// counted counts the requests of a client in S3's two classes of price. What
// deletes or aborts is free.
type counted struct {
	s3.HTTPClient
	reads, writes *atomic.Int64
}

func (c counted) Do(r *http.Request) (*http.Response, error) {
	switch {
	case r.Method == http.MethodPut, r.Method == http.MethodPost, isList(r):
		c.writes.Add(1)
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		c.reads.Add(1)
	}
	return c.HTTPClient.Do(r)
}

// isList tells a listing, of objects or of an upload's parts, from a GET.
func isList(r *http.Request) bool {
	q := r.URL.Query()
	return r.Method == http.MethodGet && (q.Has("list-type") || q.Has("uploadId"))
}

// Requests returns how many requests were made so far: GET and HEAD; PUT, POST
// and LIST.
func (s *Store) Requests() (reads, writes int64) { return s.reads.Load(), s.writes.Load() }
