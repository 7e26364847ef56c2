package s3store

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"brine/functions/internal/job"
)

// TestPeek: one request tells an object's state and its first bytes, however
// many it has.
func TestPeek(t *testing.T) {
	content := map[string]string{"/b/empty": "", "/b/one": "1", "/b/four": "1234", "/b/more": "12345", "/b/broken": "1234567"}
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		data, there := content[r.URL.Path]
		switch {
		case !there:
			w.WriteHeader(http.StatusNotFound)
			w.Write([]byte("<Error><Code>NoSuchKey</Code></Error>"))
			return
		case data == "" && r.Method == http.MethodGet:
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
			w.Write([]byte("<Error><Code>InvalidRange</Code></Error>"))
			return
		}
		w.Header().Set("ETag", `"e"`)
		if r.URL.Path == "/b/broken" && requests == 1 {
			w.Header().Set("Content-Range", "bytes 0-3/7")
			w.Header().Set("Content-Length", "4")
			w.WriteHeader(http.StatusPartialContent)
			w.Write([]byte("12"))
			return
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader([]byte(data)))
	}))
	defer server.Close()
	s := storeAt(server.URL)
	for _, c := range []struct {
		key, first string
		requests   int
	}{
		{"empty", "", 2}, {"one", "1", 1}, {"four", "1234", 1}, {"more", "1234", 1}, {"broken", "1234", 2},
	} {
		requests = 0
		uri := job.URI{Bucket: "b", Key: c.key}
		obj, first, err := s.Peek(t.Context(), uri, 4)
		want := job.Object{URI: uri, ETag: `"e"`, Size: int64(len(content["/b/"+c.key]))}
		if obj != want || string(first) != c.first || err != nil || requests != c.requests {
			t.Errorf("%s: %+v begins with %q, %v, after %d requests", c.key, obj, first, err, requests)
		}
	}
	if _, _, err := s.Peek(t.Context(), job.URI{Bucket: "b", Key: "none"}, 4); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("none: %v", err)
	}
}

// TestPeekWithoutRange: a server that knows no ranges sends all there is, and one
// that does not say of what the range is does not pass for the whole.
func TestPeekWithoutRange(t *testing.T) {
	for _, sent := range []string{"1234567", "1234"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.Header().Set("Content-Length", "7")
				return
			}
			w.Write([]byte(sent))
		}))
		obj, first, err := storeAt(server.URL).Peek(t.Context(), job.URI{Bucket: "b", Key: "k"}, 4)
		server.Close()
		if obj.Size != 7 || string(first) != "1234" || err != nil {
			t.Errorf("%s: %+v begins with %q, %v", sent, obj, first, err)
		}
	}
}
