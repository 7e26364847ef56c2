package s3store

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"brine/functions/internal/job"
)

func TestExplain(t *testing.T) {
	uri := job.URI{Bucket: "b", Key: "k"}
	for code, want := range map[string]struct {
		kind job.Type
		text string
	}{
		"NoSuchKey":          {job.ValidationError, "File not found in S3: s3://b/k"},
		"NoSuchBucket":       {job.ValidationError, "Bucket not found: b"},
		"AccessDenied":       {job.ValidationError, "Not allowed to read s3://b/k"},
		"PreconditionFailed": {job.ValidationError, "s3://b/k was replaced while the job ran"},
		"SlowDown":           {job.TransientError, "S3 could not read s3://b/k"},
		"InternalError":      {job.TransientError, "S3 could not read s3://b/k"},
	} {
		err := explain(t.Context(), "read", uri, &smithy.GenericAPIError{Code: code})
		if job.TypeOf(err) != want.kind || !strings.HasPrefix(err.Error(), want.text) {
			t.Errorf("%s: got %s: %v", code, job.TypeOf(err), err)
		}
		if notFound := code == "NoSuchKey" || code == "NoSuchBucket"; errors.Is(err, fs.ErrNotExist) != notFound {
			t.Errorf("%s: not found is %v", code, !notFound)
		}
	}
	if err := explain(t.Context(), "read", uri, nil); err != nil {
		t.Error(err)
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
