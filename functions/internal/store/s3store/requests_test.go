package s3store

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// TestRequests: each kind of request counts in its class of price.
func TestRequests(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	for _, c := range []struct {
		method, target string
		reads, writes  int64
	}{
		{"GET", "/b/k", 1, 0},
		{"GET", "/b/k?x-id=GetObject", 1, 0},
		{"HEAD", "/b/k", 1, 0},
		{"PUT", "/b/k", 0, 1},
		{"PUT", "/b/k?partNumber=1&uploadId=u", 0, 1},
		{"POST", "/b/k?uploads=", 0, 1},
		{"GET", "/b?list-type=2&prefix=p", 0, 1},
		{"GET", "/b/k?uploadId=u", 0, 1},
		{"DELETE", "/b/k?uploadId=u", 0, 0},
	} {
		var reads, writes atomic.Int64
		r, err := http.NewRequestWithContext(t.Context(), c.method, server.URL+c.target, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := counted{http.DefaultClient, &reads, &writes}.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if reads.Load() != c.reads || writes.Load() != c.writes {
			t.Errorf("%s %s: %d reads, %d writes", c.method, c.target, reads.Load(), writes.Load())
		}
	}
}
