//go:build !race

package scale

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"

	"brine/functions/internal/job"
)

// page is how many things S3 lists in one answer.
const page = 1000

// bucket answers as S3 does, as far as a job asks it: small objects are kept, of
// the table only its size and first bytes, of the parts only what is listed.
type bucket struct {
	table job.Object
	first []byte // of the table

	mu       sync.Mutex
	objects  map[string][]byte // by bucket/key
	parts    map[int]job.Part
	open     bool           // the upload
	joined   []job.Part     // what the result is made of
	calls    map[string]int // by name
	complete int            // bytes of the call that completed the upload
}

func (b *bucket) put(uri job.URI, data []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.objects[uri.Bucket+"/"+uri.Key] = data
}

func (b *bucket) get(uri job.URI) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.objects[uri.Bucket+"/"+uri.Key]
}

func (b *bucket) upload(p job.Part) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parts[p.Number] = p
}

// Do makes the bucket an HTTP client: what is sent to it needs no network.
func (b *bucket) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	b.ServeHTTP(answer, r)
	if r.Method == http.MethodHead {
		answer.Body.Reset()
	}
	return answer.Result(), nil
}

func etag(data []byte) string { return fmt.Sprintf(`"%032x"`, crc32.ChecksumIEEE(data)) }

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	query, path := r.URL.Query(), strings.TrimPrefix(r.URL.Path, "/")
	call := r.Method
	defer func() { b.calls[call]++ }()
	switch {
	case query.Has("list-type"):
		call = "ListObjects"
		b.listObjects(w, path, query.Get("prefix"), query.Get("continuation-token"))
	case query.Has("uploads"):
		b.open = true
		answer(w, struct {
			XMLName  xml.Name `xml:"InitiateMultipartUploadResult"`
			UploadId string
		}{UploadId: "the-upload"})
	case query.Has("uploadId") && r.Method == http.MethodGet:
		call = "ListParts"
		b.listParts(w, query.Get("part-number-marker"))
	case query.Has("uploadId") && r.Method == http.MethodPost:
		call = "Complete"
		b.completeUpload(w, body)
	case query.Has("delete"):
		call = "DeleteObjects"
		b.deleteObjects(w, path, body)
	case r.Method == http.MethodPut:
		b.objects[path] = body
		w.Header().Set("ETag", etag(body))
	case r.Method == http.MethodDelete:
		delete(b.objects, path)
		w.WriteHeader(http.StatusNoContent)
	case path == b.table.URI.Bucket+"/"+b.table.URI.Key:
		b.readTable(w, r)
	default:
		b.read(w, r, path)
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/xml")
	if err := xml.NewEncoder(w).Encode(v); err != nil {
		panic(err)
	}
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
}

func (b *bucket) read(w http.ResponseWriter, r *http.Request, path string) {
	data, ok := b.objects[path]
	if !ok {
		refuse(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	w.Header().Set("ETag", etag(data))
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.Write(data)
}

// readTable has the table's first bytes, which are all that its planning reads.
func (b *bucket) readTable(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", b.table.ETag)
	if r.Method == http.MethodHead {
		w.Header().Set("Content-Length", strconv.FormatInt(b.table.Size, 10))
		return
	}
	var from, to int
	if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &from, &to); err != nil || from > 0 || to >= len(b.first) {
		panic(fmt.Sprintf("the range %q of the table was asked for", r.Header.Get("Range")))
	}
	w.Header().Set("Content-Length", strconv.Itoa(to+1))
	w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", to, b.table.Size))
	w.WriteHeader(http.StatusPartialContent)
	w.Write(b.first[:to+1])
}

func (b *bucket) deleteObjects(w http.ResponseWriter, name string, body []byte) {
	var wanted struct {
		Object []struct{ Key string }
	}
	if err := xml.Unmarshal(body, &wanted); err != nil || len(wanted.Object) > page {
		panic(fmt.Sprint(len(wanted.Object), " objects to delete: ", err))
	}
	for _, o := range wanted.Object {
		delete(b.objects, name+"/"+o.Key)
	}
	answer(w, struct {
		XMLName xml.Name `xml:"DeleteResult"`
	}{})
}

func (b *bucket) listObjects(w http.ResponseWriter, name, prefix, token string) {
	type object struct {
		Key, ETag string
		Size      int
	}
	var all []object
	for path, data := range b.objects {
		if key, ok := strings.CutPrefix(path, name+"/"); ok && strings.HasPrefix(key, prefix) && key > token {
			all = append(all, object{key, etag(data), len(data)})
		}
	}
	slices.SortFunc(all, func(a, b object) int { return strings.Compare(a.Key, b.Key) })
	cut := len(all) > page
	next := ""
	if cut {
		all = all[:page]
		next = all[page-1].Key
	}
	answer(w, struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []object
	}{IsTruncated: cut, NextContinuationToken: next, Contents: all})
}

func (b *bucket) listParts(w http.ResponseWriter, marker string) {
	if !b.open {
		refuse(w, http.StatusNotFound, "NoSuchUpload")
		return
	}
	type part struct {
		PartNumber int
		ETag       string
		Size       int64
	}
	after, _ := strconv.Atoi(marker) // "" is before all
	var all []part
	for _, p := range b.parts {
		if p.Number > after {
			all = append(all, part{p.Number, p.ETag, p.Size})
		}
	}
	slices.SortFunc(all, func(a, b part) int { return a.PartNumber - b.PartNumber })
	cut := len(all) > page
	if cut {
		all = all[:page]
	}
	next := 0
	if len(all) > 0 {
		next = all[len(all)-1].PartNumber
	}
	answer(w, struct {
		XMLName              xml.Name `xml:"ListPartsResult"`
		IsTruncated          bool
		NextPartNumberMarker int
		Part                 []part
	}{IsTruncated: cut, NextPartNumberMarker: next, Part: all})
}

func (b *bucket) completeUpload(w http.ResponseWriter, body []byte) {
	var asked struct {
		Part []struct {
			PartNumber int
			ETag       string
		}
	}
	if err := xml.NewDecoder(bytes.NewReader(body)).Decode(&asked); err != nil {
		panic(err)
	}
	for i, p := range asked.Part {
		stored := b.parts[p.PartNumber]
		switch {
		case stored.ETag != p.ETag:
			refuse(w, http.StatusBadRequest, "InvalidPart")
			return
		case i > 0 && p.PartNumber <= asked.Part[i-1].PartNumber:
			refuse(w, http.StatusBadRequest, "InvalidPartOrder")
			return
		case i < len(asked.Part)-1 && stored.Size < 5<<20:
			refuse(w, http.StatusBadRequest, "EntityTooSmall")
			return
		}
		b.joined = append(b.joined, stored)
	}
	b.open, b.complete = false, len(body)
	answer(w, struct {
		XMLName xml.Name `xml:"CompleteMultipartUploadResult"`
		ETag    string
	}{ETag: `"whole"`})
}
