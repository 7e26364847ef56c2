package s3

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"brine/infra/local/events"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// The one server of these tests: there can be only one in a process.
var (
	address string
	created = make(chan events.Created, 100)
)

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		if os.Getenv("SECOND") != "" { // the second process of TestBusy or TestClose
			server, err := Start(Config{Address: os.Getenv("SECOND"), Dir: dir, Other: other})
			if err == nil {
				err = closeBesideSilence(server)
			}
			fmt.Print(err)
			return 0
		}
		address = freeAddress()
		server, err := Start(Config{Address: address, Dir: dir, Other: other, Created: func(c events.Created) { created <- c }})
		if err != nil {
			panic(err)
		}
		defer server.Close()
		if _, err := connect("local").CreateBucket(context.Background(), &s3.CreateBucketInput{Bucket: aws.String("b-1")}); err != nil {
			panic(err)
		}
		return m.Run()
	}())
}

func freeAddress() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// other answers with what it was sent.
func other(path, target string) http.Handler {
	if path != "/echo/a%3Ab" && target != "echo" {
		return nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Path", r.URL.Path)
		w.WriteHeader(http.StatusAccepted)
		io.Copy(w, r.Body)
	})
}

func connect(secret string) *s3.Client {
	return s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: aws.String("http://" + address), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("local", secret, ""),
	})
}

func random(size int) []byte {
	data := make([]byte, size)
	source := rand.NewChaCha8([32]byte{1})
	source.Read(data)
	return data
}

func put(t *testing.T, key string, data []byte) string {
	t.Helper()
	out, err := connect("local").PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("b-1"), Key: &key, Body: bytes.NewReader(data)})
	if err != nil {
		t.Fatal(err)
	}
	return *out.ETag
}

func code(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	return fmt.Sprint(err)
}

// drain forgets the events so far.
func drain() {
	for {
		select {
		case <-created:
		default:
			return
		}
	}
}

func TestKeys(t *testing.T) {
	c := connect("local")
	drain()
	for _, key := range []string{
		"plain.csv", "m/a b.csv", "m/a+b.csv", "m/50%.csv", "m/%20.csv", "m/東京.csv", "m/a&b=c?d#e.csv", `m/"quoted" <tag>.csv`, "m/a:b;c,d@e$f!(g)'*~.csv", "m/é.csv",
	} {
		t.Run(key, func(t *testing.T) {
			data := []byte("x," + key)
			etag := put(t, key, data)
			want := events.Created{Bucket: "b-1", Key: key, Size: int64(len(data)), ETag: etag, Reason: "PutObject"}
			if got := <-created; got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("b-1"), Key: &key})
			if err != nil {
				t.Fatal(err)
			}
			defer out.Body.Close()
			if got, err := io.ReadAll(out.Body); string(got) != string(data) || err != nil {
				t.Errorf("%s %v", got, err)
			}
			list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("b-1"), Prefix: &key})
			if err != nil || len(list.Contents) != 1 || *list.Contents[0].Key != key {
				t.Errorf("%+v %v", list, err)
			}
		})
	}
}

func TestRanges(t *testing.T) {
	c := connect("local")
	data := random(300_000)
	etag := put(t, "ranges", data)
	tests := []struct {
		span, match string
		want        []byte
		code        string
	}{
		{"", etag, data, ""},
		{"bytes=0-9", etag, data[:10], ""},
		{"bytes=1000-200000", etag, data[1000:200_001], ""},
		{"bytes=299990-400000", etag, data[299_990:], ""},
		{"bytes=299990-", etag, data[299_990:], ""},
		{"bytes=-5", "", data[299_995:], ""},
		{"bytes=300000-300001", "", nil, "InvalidRange"},
		{"bytes=0-9", `"0123456789abcdef0123456789abcdef"`, nil, "PreconditionFailed"},
	}
	for _, test := range tests {
		t.Run(test.span+test.match, func(t *testing.T) {
			in := &s3.GetObjectInput{Bucket: aws.String("b-1"), Key: aws.String("ranges")}
			if test.span != "" {
				in.Range = &test.span
			}
			if test.match != "" {
				in.IfMatch = &test.match
			}
			out, err := c.GetObject(t.Context(), in)
			if test.code != "" {
				if code(err) != test.code {
					t.Error(err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer out.Body.Close()
			got, err := io.ReadAll(out.Body)
			if !bytes.Equal(got, test.want) || err != nil || *out.ContentLength != int64(len(got)) {
				t.Errorf("%d bytes, want %d: %v", len(got), len(test.want), err)
			}
		})
	}
}

func TestConditionalPut(t *testing.T) {
	in := func() *s3.PutObjectInput {
		return &s3.PutObjectInput{Bucket: aws.String("b-1"), Key: aws.String("once"), Body: strings.NewReader("a"), IfNoneMatch: aws.String("*")}
	}
	c := connect("local")
	if _, err := c.PutObject(t.Context(), in()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.PutObject(t.Context(), in()); code(err) != "PreconditionFailed" {
		t.Error(err)
	}
}

// TestChecksum sends a checksum of other data; nothing is written then.
func TestChecksum(t *testing.T) {
	c := connect("local")
	drain()
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("b-1"), Key: aws.String("sum"), Body: strings.NewReader("a"), ChecksumCRC32: aws.String("AAAAAA==")})
	if code(err) != "BadDigest" {
		t.Error(err)
	}
	_, err = c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("b-1"), Key: aws.String("sum")})
	if code(err) != "NotFound" {
		t.Error(err)
	}
	select {
	case e := <-created:
		t.Errorf("%+v", e)
	default:
	}
}

func TestMultipart(t *testing.T) {
	c := connect("local")
	bucket, key := aws.String("b-1"), aws.String("m/large 東京.csv")
	data := random(5<<20 + 1000)
	upload, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key, ChecksumAlgorithm: types.ChecksumAlgorithmCrc32})
	if err != nil {
		t.Fatal(err)
	}
	drain()
	var parts []types.CompletedPart
	for i, part := range [][]byte{data[:5<<20], data[5<<20:]} {
		n := aws.Int32(int32(i + 1))
		out, err := c.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: bucket, Key: key, UploadId: upload.UploadId, PartNumber: n, Body: bytes.NewReader(part), ChecksumAlgorithm: types.ChecksumAlgorithmCrc32})
		if err != nil {
			t.Fatal(err)
		}
		if want := crc32.ChecksumIEEE(part); *out.ChecksumCRC32 != base64CRC(want) {
			t.Errorf("checksum %s", *out.ChecksumCRC32)
		}
		parts = append(parts, types.CompletedPart{PartNumber: n, ETag: out.ETag, ChecksumCRC32: out.ChecksumCRC32})
	}
	list, err := c.ListParts(t.Context(), &s3.ListPartsInput{Bucket: bucket, Key: key, UploadId: upload.UploadId})
	if err != nil || len(list.Parts) != 2 || *list.Parts[1].Size != 1000 || *list.Parts[1].ETag != *parts[1].ETag {
		t.Errorf("%+v %v", list, err)
	}
	out, err := c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: bucket, Key: key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}})
	if err != nil {
		t.Fatal(err)
	}
	want := events.Created{Bucket: *bucket, Key: *key, Size: int64(len(data)), ETag: *out.ETag, Reason: "CompleteMultipartUpload"}
	if got := <-created; got != want || !strings.HasSuffix(got.ETag, `-2"`) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	got, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: key, IfMatch: out.ETag})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	if all, err := io.ReadAll(got.Body); !bytes.Equal(all, data) || err != nil {
		t.Errorf("%d bytes %v", len(all), err)
	}
	if _, err := c.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: bucket, Key: key, UploadId: upload.UploadId, PartNumber: aws.Int32(3), Body: strings.NewReader("late")}); code(err) != "NoSuchUpload" {
		t.Error(err)
	}
}

func base64CRC(sum uint32) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, sum))
}

func TestSmallPart(t *testing.T) {
	c := connect("local")
	bucket, key := aws.String("b-1"), aws.String("small")
	upload, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	var parts []types.CompletedPart
	for i := range int32(2) {
		out, err := c.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: bucket, Key: key, UploadId: upload.UploadId, PartNumber: aws.Int32(i + 1), Body: strings.NewReader("small")})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, types.CompletedPart{PartNumber: aws.Int32(i + 1), ETag: out.ETag})
	}
	_, err = c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: bucket, Key: key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}})
	if code(err) != "EntityTooSmall" {
		t.Error(err)
	}
	if _, err := c.AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: bucket, Key: key, UploadId: upload.UploadId}); err != nil {
		t.Error(err)
	}
	if _, err := c.ListParts(t.Context(), &s3.ListPartsInput{Bucket: bucket, Key: key, UploadId: upload.UploadId}); code(err) != "NoSuchUpload" {
		t.Error(err)
	}
}

func TestCopy(t *testing.T) {
	etag := put(t, "from", []byte("abc"))
	drain()
	_, err := connect("local").CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: aws.String("b-1"), Key: aws.String("to +"), CopySource: aws.String("b-1/from")})
	if err != nil {
		t.Fatal(err)
	}
	want := events.Created{Bucket: "b-1", Key: "to +", Size: 3, ETag: etag, Reason: "CopyObject"}
	if got := <-created; got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestMissing(t *testing.T) {
	c := connect("local")
	_, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("b-1"), Key: aws.String("none")})
	if code(err) != "NoSuchKey" {
		t.Error(err)
	}
	_, err = c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("b-2"), Key: aws.String("none")})
	if code(err) != "NoSuchBucket" {
		t.Error(err)
	}
}

func TestSecret(t *testing.T) {
	_, err := connect("wrong").ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if code(err) != "SignatureDoesNotMatch" {
		t.Error(err)
	}
}

// TestOther sends a body over fasthttp's 4 MB to a handler beside S3.
func TestOther(t *testing.T) {
	body := random(6 << 20)
	tests := []struct {
		path   string
		header map[string]string
		status int
	}{
		{"/echo/a%3Ab", nil, http.StatusAccepted},
		{"/", map[string]string{"X-Amz-Target": "echo"}, http.StatusAccepted},
		{"/echo/a%3Ab", map[string]string{"Origin": "https://example.org"}, http.StatusForbidden},
	}
	for _, test := range tests {
		r, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+address+test.path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range test.header {
			r.Header.Set(name, value)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != test.status || err != nil {
			t.Errorf("%s %v: %s %v", test.path, test.header, response.Status, err)
		}
		if path := response.Header.Get("X-Path"); test.status == http.StatusAccepted && (!bytes.Equal(got, body) || path != strings.ReplaceAll(test.path, "%3A", ":")) {
			t.Errorf("%s: %d bytes at %s", test.path, len(got), path)
		}
	}
}

// second runs a second server on an address, in a process of its own, and
// returns its error.
func second(t *testing.T, address string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	process := exec.CommandContext(t.Context(), self)
	process.Env = append(os.Environ(), "SECOND="+address)
	out, err := process.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestBusy starts a second server on the port.
func TestBusy(t *testing.T) {
	if err := second(t, address); !strings.Contains(err, "address already in use") {
		t.Error(err)
	}
}

// TestClose ends a server that a client is connected to and asks nothing of.
func TestClose(t *testing.T) {
	if err := second(t, freeAddress()); err != "<nil>" {
		t.Error(err)
	}
}

func closeBesideSilence(s *Server) error {
	silent, err := net.Dial("tcp", os.Getenv("SECOND"))
	if err != nil {
		return err
	}
	defer silent.Close()
	// The server takes connections in their order.
	answer, err := http.Get("http://" + os.Getenv("SECOND") + "/echo/a%3Ab")
	if err != nil {
		return err
	}
	answer.Body.Close()
	return s.Close()
}
