package s3store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"brine/functions/internal/job"
)

// answer is the error of an answer of S3's.
func answer(status int, code string) error {
	return &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: &smithy.GenericAPIError{Code: code},
	}
}

func TestExplain(t *testing.T) {
	uri := job.URI{Bucket: "b", Key: "k"}
	for _, c := range []struct {
		status int // 0 in the answer on many objects
		code   string
		kind   job.Type
		text   string
	}{
		{404, "NoSuchKey", job.ValidationError, "File not found in S3: s3://b/k"},
		{404, "NoSuchBucket", job.ValidationError, "Bucket not found: b"},
		{403, "AccessDenied", job.ValidationError, "Not allowed to read s3://b/k"},
		{412, "PreconditionFailed", job.ValidationError, "s3://b/k was replaced while the job ran"},
		{403, "InvalidObjectState", job.ValidationError, "s3://b/k is archived. Restore it first"},
		{400, "KeyTooLongError", job.ValidationError, "The key of s3://b/k is too long for S3. Shorten it"},
		{301, "PermanentRedirect", job.ValidationError, "The bucket of s3://b/k is in another region"},
		{301, "MovedPermanently", job.ValidationError, "The bucket of s3://b/k is in another region"},
		{307, "TemporaryRedirect", job.ValidationError, "The bucket of s3://b/k is in another region"},
		{400, "AuthorizationHeaderMalformed", job.ValidationError, "The bucket of s3://b/k is in another region"},
		{400, "InvalidRequest", job.ValidationError, "S3 refuses to read s3://b/k"},
		{400, "KMS.DisabledException", job.ValidationError, "S3 refuses to read s3://b/k"},
		{405, "MethodNotAllowed", job.ValidationError, "S3 refuses to read s3://b/k"},
		{416, "InvalidRange", job.ValidationError, "S3 refuses to read s3://b/k"},
		{400, "ExpiredToken", job.SystemError, "S3 does not take the function's credentials, to read s3://b/k"},
		{403, "InvalidAccessKeyId", job.SystemError, "S3 does not take the function's credentials, to read s3://b/k"},
		{404, "NoSuchUpload", job.SystemError, "cannot read s3://b/k"},
		{400, "RequestTimeout", job.TransientError, "S3 could not read s3://b/k"},
		{403, "RequestTimeTooSkewed", job.TransientError, "S3 could not read s3://b/k"},
		{400, "ThrottlingException", job.TransientError, "S3 could not read s3://b/k"},
		{400, "KMS.ThrottlingException", job.TransientError, "S3 could not read s3://b/k"},
		{400, "BadDigest", job.TransientError, "S3 could not read s3://b/k"},
		{400, "InvalidPart", job.TransientError, "S3 could not read s3://b/k"},
		{400, "EntityTooSmall", job.TransientError, "S3 could not read s3://b/k"},
		{400, "", job.TransientError, "S3 could not read s3://b/k"},
		{408, "RequestTimeout", job.TransientError, "S3 could not read s3://b/k"},
		{409, "OperationAborted", job.TransientError, "S3 could not read s3://b/k"},
		{429, "TooManyRequests", job.TransientError, "S3 could not read s3://b/k"},
		{503, "SlowDown", job.TransientError, "S3 could not read s3://b/k"},
		{500, "InternalError", job.TransientError, "S3 could not read s3://b/k"},
		{200, "InternalError", job.TransientError, "S3 could not read s3://b/k"},
		{0, "AccessDenied", job.ValidationError, "Not allowed to read s3://b/k"},
		{0, "InternalError", job.TransientError, "S3 could not read s3://b/k"},
	} {
		of := answer(c.status, c.code)
		if c.status == 0 {
			of = &smithy.GenericAPIError{Code: c.code}
		}
		err := explain(t.Context(), "read", uri, of)
		if job.TypeOf(err) != c.kind || !strings.HasPrefix(err.Error(), c.text) {
			t.Errorf("%d %s: got %s: %v", c.status, c.code, job.TypeOf(err), err)
		}
		if notFound := c.code == "NoSuchKey" || c.code == "NoSuchBucket"; errors.Is(err, fs.ErrNotExist) != notFound {
			t.Errorf("%d %s: not found is %v", c.status, c.code, !notFound)
		}
	}
	if err := explain(t.Context(), "read", uri, nil); err != nil {
		t.Error(err)
	}
}

// TestRefused: what the user must mend is asked for once, and S3's own words and
// the bucket's region come through.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		status       int
		region, code string
		want         string
	}{
		{403, "", "InvalidObjectState", "s3://b/k is archived. Restore it first, or copy it to a storage class that is read at once"},
		{301, "eu-west-1", "PermanentRedirect", "The bucket of s3://b/k is in the region eu-west-1"},
		{400, "", "AuthorizationHeaderMalformed", "The bucket of s3://b/k is in another region"},
		{400, "", "InvalidRequest", "words of S3. Mend what it names"},
	} {
		requests := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			requests++
			if c.region != "" {
				w.Header().Set("X-Amz-Bucket-Region", c.region)
			}
			w.WriteHeader(c.status)
			io.WriteString(w, "<Error><Code>"+c.code+"</Code><Message>words of S3</Message></Error>")
		}))
		_, _, err := storeAt(server.URL).Peek(t.Context(), job.URI{Bucket: "b", Key: "k"}, 4)
		server.Close()
		if job.TypeOf(err) != job.ValidationError || !strings.Contains(err.Error(), c.want) || requests != 1 {
			t.Errorf("%s: %s: %v, after %d requests", c.code, job.TypeOf(err), err, requests)
		}
	}
}

// TestForbidden: of a bucket that is not allowed, nothing is told of what is in
// it, whichever call S3 refused and whatever it said.
func TestForbidden(t *testing.T) {
	uri := job.URI{Bucket: "b", Key: "k"}
	want := "Not allowed to read s3://b/k. Give the function's role the right to read it"
	for _, code := range []string{"AccessDenied", "Forbidden", "AllAccessDisabled"} {
		err := explain(t.Context(), "read", uri, &smithy.GenericAPIError{Code: code, Message: "the object of 7 bytes belongs to someone"})
		if err.Error() != want || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// TestOutOfTime: a connection that takes too long to be made is the network's
// failure; only the end of the caller's own time is none.
func TestOutOfTime(t *testing.T) {
	_, timeout := (&net.Dialer{Timeout: 1}).Dial("tcp", "127.0.0.1:1")
	if !errors.Is(timeout, context.DeadlineExceeded) {
		t.Fatalf("got %v", timeout)
	}
	uri := job.URI{Bucket: "b", Key: "k"}
	if err := explain(t.Context(), "read", uri, timeout); job.TypeOf(err) != job.TransientError || !errors.Is(err, timeout) {
		t.Errorf("got %s: %v", job.TypeOf(err), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := explain(ctx, "read", uri, ctx.Err()); err != context.Canceled {
		t.Errorf("got %v", err)
	}
	if err := explain(ctx, "read", uri, &smithy.GenericAPIError{Code: "NoSuchKey"}); job.TypeOf(err) != job.ValidationError {
		t.Errorf("S3 has answered, but got %v", err)
	}
}
