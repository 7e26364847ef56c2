package s3store

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"brine/functions/internal/job"
)

// TestLostComplete: what a call made whose answer was lost is told from any other
// object, by its ETag or, with KMS, by its checksum. The sums are moto's of 5 MiB
// of "a" and of "tail".
func TestLostComplete(t *testing.T) {
	parts := []job.Part{
		{Number: 1, ETag: `"79b281060d337b9b2b84ccf390adcf74"`, CRC32: "r/zBbw==", Size: 5 << 20},
		{Number: 2, ETag: `"7aea2552dfe7eb84b9443b6fc9ba6e01"`, CRC32: "fDe0XQ==", Size: 4},
	}
	kms := []job.Part{{Number: 1, ETag: `"k1"`, CRC32: "r/zBbw==", Size: 5 << 20}, {Number: 2, ETag: `"k2"`, CRC32: "fDe0XQ==", Size: 4}}
	unsummed := []job.Part{{Number: 1, ETag: `"k1"`, Size: 5 << 20}, {Number: 2, ETag: `"k2"`, Size: 4}}
	for name, c := range map[string]struct {
		parts       []job.Part
		etag, crc32 string
		size        string
		ours        bool
	}{
		"its ETag":               {parts, `"30dcfd3901d1c613b7fb532281748544-2"`, "", "5242884", true},
		"its checksum":           {kms, `"k"`, "4fn9rQ==-2", "5242884", true},
		"without the number":     {kms, `"k"`, "4fn9rQ==", "5242884", true},
		"another size":           {parts, `"30dcfd3901d1c613b7fb532281748544-2"`, "4fn9rQ==-2", "5242885", false},
		"another ETag":           {parts, `"30dcfd3901d1c613b7fb532281748545-2"`, "", "5242884", false},
		"another checksum":       {kms, `"k"`, "4fn9rA==-2", "5242884", false},
		"no checksum of it":      {kms, `"k"`, "", "5242884", false},
		"no checksum of a part":  {unsummed, `"k"`, "4fn9rQ==-2", "5242884", false},
		"no checksum of neither": {unsummed, `"k"`, "", "5242884", false},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.WriteHeader(http.StatusNotFound)
				io.WriteString(w, "<Error><Code>NoSuchUpload</Code></Error>")
				return
			}
			w.Header().Set("ETag", c.etag)
			w.Header().Set("Content-Length", c.size)
			if c.crc32 != "" && r.Header.Get("x-amz-checksum-mode") == "ENABLED" {
				w.Header().Set("x-amz-checksum-crc32", c.crc32)
			}
		}))
		up := job.Upload{URI: job.URI{Bucket: "b", Key: "k"}, ID: "u"}
		obj, err := storeAt(server.URL).Complete(t.Context(), up, c.parts)
		server.Close()
		if (err == nil) != c.ours || err == nil && (obj.ETag != c.etag || obj.Size != 5<<20+4) {
			t.Errorf("%s: %v, %v", name, obj, err)
		}
	}
}
