package s3store

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"brine/functions/internal/job"
)

// TestDelete: a thousand objects go at once, one alone by itself, and the answer
// names each that does not go.
func TestDelete(t *testing.T) {
	var calls []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			calls = append(calls, r.URL.Path)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var wanted struct {
			Object []struct{ Key string }
			Quiet  bool
		}
		if err := xml.Unmarshal(body, &wanted); err != nil || !wanted.Quiet || r.Header.Get("x-amz-checksum-crc32") == "" {
			t.Errorf("%.200s: %v, %v", body, err, r.Header)
		}
		calls = append(calls, fmt.Sprintf("%s %s: %d", r.Method, r.URL, len(wanted.Object)))
		answer := "<DeleteResult>"
		for _, o := range wanted.Object {
			if strings.HasPrefix(o.Key, "denied") {
				answer += "<Error><Key>" + o.Key + "</Key><Code>AccessDenied</Code><Message>no</Message></Error>"
			}
		}
		io.WriteString(w, answer+"</DeleteResult>")
	}))
	defer server.Close()
	s := storeAt(server.URL)
	uris := func(n int, more ...string) (all []job.URI) {
		for i := range n {
			all = append(all, job.URI{Bucket: "b", Key: fmt.Sprint(i)})
		}
		for _, key := range more {
			all = append(all, job.URI{Bucket: "b", Key: key})
		}
		return all
	}
	for _, c := range []struct {
		uris        []job.URI
		calls, want string
	}{
		{nil, "", ""},
		{uris(1), "/b/0", ""},
		{uris(1001), "POST /b?delete=: 1000, POST /b?delete=: 1", ""},
		{uris(2, "denied-1", "denied-2"), "POST /b?delete=: 4", "Not allowed to delete s3://b/denied-1"},
		{uris(2, "denied-1", "denied-2"), "POST /b?delete=: 4", "Not allowed to delete s3://b/denied-2"},
	} {
		calls = nil
		err := s.Delete(t.Context(), c.uris...)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d objects: %v, want %q", len(c.uris), err, c.want)
		}
		if got := strings.Join(calls, ", "); got != c.calls {
			t.Errorf("%d objects: %s, want %s", len(c.uris), got, c.calls)
		}
	}
}
