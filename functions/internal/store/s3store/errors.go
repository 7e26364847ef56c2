package s3store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

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
	case "InvalidObjectState":
		return job.Invalid("%s is archived", uri).
			WithHint("Restore it first, or copy it to a storage class that is read at once")
	case "KeyTooLongError", "KeyTooLong":
		return job.Invalid("The key of %s is too long for S3", uri).WithHint("Shorten it: S3 takes 1,024 bytes")
	case "PermanentRedirect", "MovedPermanently", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
		return &job.Error{Type: job.ValidationError, Message: "The bucket of " + uri.String() + " is in " + region(err), Err: err,
			Hint: "Take a bucket in the function's own region, or a function in the bucket's"}
	case "ExpiredToken", "TokenRefreshRequired", "InvalidToken", "InvalidAccessKeyId", "SignatureDoesNotMatch":
		return &job.Error{Type: job.SystemError, Message: "S3 does not take the function's credentials, to " + doing + " " + uri.String(), Err: err,
			Hint: "Give the function others; on Lambda it has new ones when it is deployed again"}
	case "NoSuchUpload":
		return &job.Error{Type: job.SystemError, Message: "cannot " + doing + " " + uri.String(), Err: fmt.Errorf("%w: %w", store.ErrNoUpload, err)}
	}
	switch {
	case refused(err):
		return &job.Error{Type: job.ValidationError, Message: "S3 refuses to " + doing + " " + uri.String(), Err: err,
			Hint: "Mend what it names; asked again, it refuses again"}
	case ctx.Err() != nil:
		return err
	}
	return &job.Error{Type: job.TransientError, Message: "S3 could not " + doing + " " + uri.String(), Err: err}
}

// refused tells an answer that S3 will give again from one that passes: that it
// is asked too often, at once with another, too slowly or by a clock that is
// wrong, that what arrived is not what was sent, or that a part has been
// replaced since it was listed.
func refused(err error) bool {
	name, status := strings.TrimPrefix(code(err), "KMS."), 0
	if r := response(err); r != nil {
		status = r.StatusCode
	}
	switch status {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooManyRequests:
		return false
	}
	switch name {
	case "RequestTimeTooSkewed", "RequestExpired", "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "IncompleteBody", "InvalidPart", "EntityTooSmall":
		return false
	}
	_, slow := retry.DefaultRetryableErrorCodes[name]
	_, often := retry.DefaultThrottleErrorCodes[name]
	return name != "" && !slow && !often && status >= 300 && status < 500
}

// region is where S3 says that a bucket is.
func region(err error) string {
	if r := response(err); r != nil && r.Header.Get("X-Amz-Bucket-Region") != "" {
		return "the region " + r.Header.Get("X-Amz-Bucket-Region")
	}
	return "another region"
}

// response is S3's answer, without its body; nil if there was none.
func response(err error) *http.Response {
	if r, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && r.Response != nil {
		return r.Response.Response
	}
	return nil
}

func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

func isCode(err error, want string) bool { return code(err) == want }
