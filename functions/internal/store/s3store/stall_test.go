package s3store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"brine/functions/internal/job"
)

// silent answers when nobody waits any more.
func silent(http.ResponseWriter, *http.Request) { time.Sleep(time.Hour) }

// after has an S3 of the object "12345678" that lets some time pass.
func after(pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		time.Sleep(pause)
		w.Header().Set("ETag", `"e"`)
		switch r.Method {
		case http.MethodGet:
			http.ServeContent(w, r, "", time.Time{}, strings.NewReader("12345678"))
		case http.MethodPost:
			io.WriteString(w, `<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>`)
		}
	}
}

// bytewise sends a byte of the object after each pause.
func bytewise(pauses ...time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "8")
		w.Header().Set("Content-Range", "bytes 0-7/8")
		w.WriteHeader(http.StatusPartialContent)
		for i, pause := range pauses {
			time.Sleep(pause)
			w.Write([]byte("12345678")[i : i+1])
			w.(http.Flusher).Flush()
		}
	}
}

// piecewise takes an eighth of a part after each pause.
func piecewise(pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for range 8 {
			time.Sleep(pause)
			io.CopyN(io.Discard, r.Body, minPart/8)
		}
		after(0)(w, r)
	}
}

// TestStall: a request that goes silent, wherever in it, is made anew; one that
// is slow is not.
func TestStall(t *testing.T) {
	uri := job.URI{Bucket: "b", Key: "k"}
	up := job.Upload{URI: uri, ID: "u"}
	read := func(ctx context.Context, s *Store) error {
		_, first, err := s.Peek(ctx, uri, 8)
		if err == nil && string(first) != "12345678" {
			err = errors.New("it read " + string(first))
		}
		return err
	}
	upload := func(ctx context.Context, s *Store) error {
		w := s.Writer(ctx, up, 1, 1)
		defer w.Close()
		if _, err := w.Write(make([]byte, minPart)); err != nil {
			return err
		}
		_, err := w.Commit()
		return err
	}
	complete := func(ctx context.Context, s *Store) error {
		_, err := s.Complete(ctx, up, []job.Part{{Number: 1, ETag: `"e"`, Size: 8}})
		return err
	}
	const almost, long = patience - time.Second, time.Hour
	for name, c := range map[string]struct {
		do       func(context.Context, *Store) error
		first    http.HandlerFunc // what becomes of the first request
		requests int32
		took     time.Duration
	}{
		"no answer":         {read, silent, 2, patience},
		"a late answer":     {read, after(almost), 1, almost},
		"half a body":       {read, bytewise(0, 0, 0, 0, long), 2, patience},
		"a slow body":       {read, bytewise(almost, almost, almost, almost, almost, almost, almost, almost), 1, 8 * almost},
		"a part not taken":  {upload, silent, 2, patience},
		"half of it taken":  {upload, func(w http.ResponseWriter, r *http.Request) { io.CopyN(io.Discard, r.Body, minPart/2); silent(w, r) }, 2, patience},
		"taken slowly":      {upload, piecewise(almost), 1, 8 * almost},
		"taken, no answer":  {upload, after(long), 2, patience},
		"parts join slowly": {complete, after(joinPatience - time.Second), 1, joinPatience - time.Second},
		"parts do not join": {complete, after(long), 2, joinPatience},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var requests atomic.Int32
				s := storeOf(t, func(w http.ResponseWriter, r *http.Request) {
					if requests.Add(1) == 1 {
						c.first(w, r)
					} else {
						after(0)(w, r)
					}
				})
				start := time.Now()
				err := c.do(t.Context(), s)
				if took := time.Since(start); err != nil || requests.Load() != c.requests || took < c.took || took > c.took+time.Second {
					t.Errorf("%v, after %d requests and %v", err, requests.Load(), took)
				}
			})
		})
	}
}

// TestStallLasts: an S3 that stays silent is a failure that passes, and the end
// of the caller's time is one of its own.
func TestStallLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		uri := job.URI{Bucket: "b", Key: "k"}
		s := storeOf(t, bytewise(0, time.Hour))
		_, _, err := s.Peek(t.Context(), uri, 8)
		if job.TypeOf(err) != job.TransientError || !strings.Contains(err.Error(), "reading s3://b/k broke off: no byte came or went for 30s") {
			t.Errorf("half a body: %v", err)
		}
		s = storeOf(t, silent)
		if _, err = s.Stat(t.Context(), uri); job.TypeOf(err) != job.TransientError || !strings.Contains(err.Error(), "no byte came or went for 30s") {
			t.Errorf("no answer: %v", err)
		}
		if reads, _ := s.Requests(); reads != 5 {
			t.Errorf("%d requests", reads)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience/2)
		defer cancel()
		if _, err = s.Stat(ctx, uri); !errors.Is(err, context.DeadlineExceeded) || job.TypeOf(err) == job.TransientError {
			t.Errorf("no time: %v", err)
		}
	})
}

// TestSlowReader: a body that waits for its reader is not given up, and its
// connection serves the next request.
func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		data := bytes.Repeat([]byte("x"), 1<<20)
		client := impatient{clientOf(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(data) })}
		var reused bool
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			GotConn: func(c httptrace.GotConnInfo) { reused = c.Reused },
		})
		for again := range 2 {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://s3/b/k", nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			var got []byte
			for block := make([]byte, len(data)/4); err == nil; {
				time.Sleep(10 * patience)
				var n int
				n, err = io.ReadFull(answer.Body, block)
				got = append(got, block[:n]...)
			}
			answer.Body.Close()
			if err != io.EOF || !bytes.Equal(got, data) || reused != (again == 1) {
				t.Errorf("%d bytes, %v, over a connection used before: %v", len(got), err, reused)
			}
			time.Sleep(2 * patience)
		}
	})
}
