package s3

import (
	"context"

	"brine/infra/local/events"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3response"
)

// notifier tells of each object that is written to its backend. It stands
// before the backend because the gateway's own events lack the size of copies
// and of multipart uploads, and the key of form uploads.
type notifier struct {
	backend.Backend
	created func(events.Created)
}

func (n *notifier) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	out, err := n.Backend.PutObject(ctx, in)
	if err == nil {
		n.notify(ctx, in.Bucket, in.Key, out.ETag, "PutObject")
	}
	return out, err
}

func (n *notifier) CopyObject(ctx context.Context, in s3response.CopyObjectInput) (s3response.CopyObjectOutput, error) {
	out, err := n.Backend.CopyObject(ctx, in)
	if err == nil {
		n.notify(ctx, in.Bucket, in.Key, aws.ToString(out.CopyObjectResult.ETag), "CopyObject")
	}
	return out, err
}

func (n *notifier) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	out, version, err := n.Backend.CompleteMultipartUpload(ctx, in)
	if err == nil {
		n.notify(ctx, in.Bucket, in.Key, aws.ToString(out.ETag), "CompleteMultipartUpload")
	}
	return out, version, err
}

// notify reads the size back. An object that is gone again already was
// created all the same.
func (n *notifier) notify(ctx context.Context, bucket, key *string, etag, reason string) {
	created := events.Created{Bucket: *bucket, Key: *key, ETag: etag, Reason: reason}
	if head, err := n.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key}); err == nil {
		created.Size = aws.ToInt64(head.ContentLength)
	}
	n.created(created)
}
