package s3store

import (
	"errors"
	"io/fs"
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
		err := explain("read", uri, &smithy.GenericAPIError{Code: code})
		if job.TypeOf(err) != want.kind || !strings.HasPrefix(err.Error(), want.text) {
			t.Errorf("%s: got %s: %v", code, job.TypeOf(err), err)
		}
		if notFound := code == "NoSuchKey" || code == "NoSuchBucket"; errors.Is(err, fs.ErrNotExist) != notFound {
			t.Errorf("%s: not found is %v", code, !notFound)
		}
	}
	if err := explain("read", uri, nil); err != nil {
		t.Error(err)
	}
}

// TestForbidden: of a bucket that is not allowed, nothing is told of what is in
// it, whichever call S3 refused and whatever it said.
func TestForbidden(t *testing.T) {
	uri := job.URI{Bucket: "b", Key: "k"}
	want := "Not allowed to read s3://b/k. Give the function's role the right to read it"
	for _, code := range []string{"AccessDenied", "Forbidden", "AllAccessDisabled"} {
		err := explain("read", uri, &smithy.GenericAPIError{Code: code, Message: "the object of 7 bytes belongs to someone"})
		if err.Error() != want || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", code, err)
		}
	}
}
