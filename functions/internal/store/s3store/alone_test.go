package s3store

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
)

// oneUpload is an S3 with one upload, which notes what it was asked for.
type oneUpload struct {
	calls []string
	got   []byte // of the object or its parts
	gone  bool
}

func (u *oneUpload) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	q.Del("x-id")
	u.calls = append(u.calls, r.Method+" "+q.Encode())
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("ETag", `"of what was sent"`)
	switch {
	case q.Has("uploads"):
		io.WriteString(w, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
	case r.Method == http.MethodPut:
		u.got = append(u.got, body...)
	case r.Method == http.MethodPost:
		io.WriteString(w, `<CompleteMultipartUploadResult><ETag>"of the parts"</ETag></CompleteMultipartUploadResult>`)
	case r.Method == http.MethodDelete:
		u.gone = true
	case u.gone:
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, "<Error><Code>NoSuchUpload</Code></Error>")
	default:
		io.WriteString(w, `<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>"e"</ETag><Size>7</Size></Part></ListPartsResult>`)
	}
}

func newAlone(t *testing.T) (*Alone, *oneUpload) {
	u := &oneUpload{}
	server := httptest.NewServer(u)
	t.Cleanup(server.Close)
	return NewAlone(storeAt(server.URL)), u
}

// write begins a result of so many bytes and returns its parts.
func write(t *testing.T, a *Alone, data []byte) (job.Upload, []job.Part) {
	t.Helper()
	up, err := a.Begin(t.Context(), job.URI{Bucket: "b", Key: "k"})
	if err != nil {
		t.Fatal(err)
	}
	w := a.Writer(t.Context(), up, 1, 10_000)
	defer w.Close()
	for block := range slices.Chunk(data, 1<<20) {
		if _, err := w.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	parts, err := w.Commit()
	if err != nil {
		t.Fatal(err)
	}
	return up, parts
}

// TestAlone: a small result is put, a large one uploaded, and what was dropped
// leaves nothing open.
func TestAlone(t *testing.T) {
	large := bytes.Repeat([]byte("abcdefg\n"), (partSize+minPart)/8)
	put, upload := []string{"PUT "}, []string{"POST uploads=", "PUT partNumber=1&uploadId=u", "PUT partNumber=2&uploadId=u"}
	for _, c := range []struct {
		data   []byte
		before []string // Complete or Abort
		etag   string
	}{
		{nil, nil, `"of what was sent"`},
		{large[:100], nil, `"of what was sent"`},
		{large[:len(large)-1], nil, `"of what was sent"`},
		{large, upload, `"of the parts"`},
	} {
		a, s3 := newAlone(t)
		up, parts := write(t, a, c.data)
		if !slices.Equal(s3.calls, c.before) {
			t.Errorf("%d bytes were written by %q", len(c.data), s3.calls)
		}
		listed, err := a.Parts(t.Context(), up)
		if c.before == nil && !slices.Equal(listed, parts) || c.before != nil && (len(listed) != 1 || listed[0].Size != 7) || err != nil {
			t.Errorf("%d bytes: their parts are %v, %v", len(c.data), listed, err)
		}
		obj, err := a.Complete(t.Context(), up, parts)
		if obj != (job.Object{URI: up.URI, ETag: c.etag, Size: int64(len(c.data))}) || !bytes.Equal(s3.got, c.data) || err != nil {
			t.Errorf("%d bytes: it has %d, of %v, %v", len(c.data), len(s3.got), obj, err)
		}
		if c.before == nil && !slices.Equal(s3.calls, put) {
			t.Errorf("%d bytes were put by %q", len(c.data), s3.calls)
		}
		if _, err := a.Parts(t.Context(), up); !errors.Is(err, store.ErrNoUpload) {
			t.Errorf("the upload is still known: %v", err)
		}

		a, s3 = newAlone(t)
		up, _ = write(t, a, c.data)
		for range 2 { // the second time it is gone
			if err := a.Abort(t.Context(), up); err != nil {
				t.Error(err)
			}
		}
		if _, err := a.Complete(t.Context(), up, parts); !errors.Is(err, store.ErrNoUpload) {
			t.Errorf("it was completed: %v", err)
		}
		want := c.before
		if c.before != nil {
			want = append(slices.Clone(c.before), "DELETE uploadId=u", "GET uploadId=u")
		}
		if !slices.Equal(s3.calls, want) {
			t.Errorf("%d bytes were dropped by %q", len(c.data), s3.calls)
		}
	}
}

// TestAloneFails: what S3 does not take is not kept for done.
func TestAloneFails(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer server.Close()
	a := NewAlone(storeAt(server.URL))
	up, parts := write(t, a, []byte("a\n1\n"))
	if _, err := a.Complete(t.Context(), up, parts); job.TypeOf(err) != job.ValidationError {
		t.Errorf("completed: %v", err)
	}
	w := a.Writer(t.Context(), up, 1, 10_000)
	defer w.Close()
	if _, err := w.Write(make([]byte, partSize+minPart)); job.TypeOf(err) != job.ValidationError {
		t.Errorf("uploaded: %v", err)
	}
}
