package s3store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/aws/smithy-go"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
)

// explain says what S3 refused to do, and whether that is the user's to mend
// or will pass by itself. The end of ctx is its owner's to explain.
func explain(ctx context.Context, doing string, uri job.URI, err error) error {
	if err == nil {
		return nil
	}
	switch code(err) {
	case "NoSuchKey", "NotFound":
		return &job.Error{Type: job.ValidationError, Message: "File not found in S3: " + uri.String(), Err: fs.ErrNotExist,
			Hint: "Check the URI; keys are case-sensitive and not URL-encoded"}
	case "NoSuchBucket":
		return &job.Error{Type: job.ValidationError, Message: "Bucket not found: " + uri.Bucket, Err: fs.ErrNotExist,
			Hint: "Check the bucket's name and region"}
	case "AccessDenied", "Forbidden", "AllAccessDisabled":
		return job.Invalid("Not allowed to %s %s", doing, uri).
			WithHint("Give the function's role the right to %s it", doing)
	case "PreconditionFailed":
		return store.Replaced(uri)
	case "EntityTooLarge":
		return &job.Error{Type: job.ValidationError, Message: uri.String() + " is too large for S3", Err: err}
	case "NoSuchUpload":
		return &job.Error{Type: job.SystemError, Message: "cannot " + doing + " " + uri.String(), Err: fmt.Errorf("%w: %w", store.ErrNoUpload, err)}
	}
	if ctx.Err() != nil {
		return err
	}
	return &job.Error{Type: job.TransientError, Message: "S3 could not " + doing + " " + uri.String(), Err: err}
}

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

func isCode(err error, want string) bool { return code(err) == want }
