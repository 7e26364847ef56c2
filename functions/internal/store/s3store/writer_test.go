package s3store

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"brine/functions/internal/job"
)

// uploads is an S3 that takes parts, but for the one that is refused.
type uploads struct {
	*httptest.Server
	refused string // its part number

	mu          sync.Mutex
	parts       map[string][]byte
	atOnce, max int
}

func newUploads(t *testing.T) *uploads {
	u := &uploads{parts: map[string][]byte{}}
	u.Server = httptest.NewServer(u)
	t.Cleanup(u.Close)
	return u
}

func (u *uploads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u.mu.Lock()
	u.atOnce++
	u.max = max(u.max, u.atOnce)
	u.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	u.mu.Lock()
	defer u.mu.Unlock()
	u.atOnce--
	number := r.URL.Query().Get("partNumber")
	if number == u.refused {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	u.parts[number] = body
	w.Header().Set("ETag", `"`+number+`"`)
}

func (u *uploads) writer(t *testing.T, first, count int) *writer {
	s := storeAt(u.URL)
	up := job.Upload{URI: job.URI{Bucket: "b", Key: "k"}, ID: "u"}
	return s.Writer(t.Context(), up, first, count).(*writer)
}

// TestWriter: whatever is written in whatever pieces, the parts joined are it,
// none but the last is too small, and one is on its way at a time.
func TestWriter(t *testing.T) {
	data := make([]byte, 3*partSize+minPart+7)
	for i := range data {
		data[i] = byte(rand.Uint32())
	}
	for _, c := range []struct{ size, block, parts int }{
		{0, 1, 1},
		{100, 7, 1},
		{partSize + minPart - 1, 256 << 10, 1},
		{partSize + minPart, 256 << 10, 2},
		{len(data), 2<<20 + 1, 4},
		{len(data), len(data), 4},
		{len(data), 1 << 20, 2},
	} {
		u := newUploads(t)
		w := u.writer(t, 5, c.parts)
		for rest := data[:c.size]; len(rest) > 0; rest = rest[min(c.block, len(rest)):] {
			if _, err := w.Write(rest[:min(c.block, len(rest))]); err != nil {
				t.Fatal(err)
			}
		}
		parts, err := w.Commit()
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		var got []byte
		for i, p := range parts {
			if number := fmt.Sprint(p.Number); p.Number != 5+i || p.ETag != `"`+number+`"` || p.Size != int64(len(u.parts[number])) {
				t.Errorf("%+v: part %d is %+v", c, i, p)
			}
			if p.Size < minPart && i < len(parts)-1 {
				t.Errorf("%+v: part %d has %d bytes", c, i, p.Size)
			}
			got = append(got, u.parts[fmt.Sprint(p.Number)]...)
		}
		if len(parts) != c.parts || !bytes.Equal(got, data[:c.size]) || u.max != 1 {
			t.Errorf("%+v: %d parts of %d bytes, %d at once", c, len(parts), len(got), u.max)
		}
	}
}

// TestWriterFails: a part that is refused fails what comes behind it.
func TestWriterFails(t *testing.T) {
	for _, c := range []struct {
		refused string
		size    int
	}{{"1", 100}, {"1", partSize + minPart}, {"2", 2*partSize + minPart}, {"3", 2*partSize + minPart}} {
		u := newUploads(t)
		u.refused = c.refused
		w := u.writer(t, 1, 100)
		var err error
		for block := make([]byte, 1<<20); c.size > 0 && err == nil; c.size -= len(block) {
			_, err = w.Write(block[:min(c.size, len(block))])
		}
		if err == nil {
			_, err = w.Commit()
		}
		w.Close()
		if job.TypeOf(err) != job.ValidationError {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
