// Package events makes the events that EventBridge sends when an object comes
// into an S3 bucket.
package events

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// Created is an object that has just been written.
type Created struct {
	Bucket, Key string // the key as it is, not URL-encoded
	Size        int64  // bytes
	ETag        string
	Reason      string // the S3 call: PutObject, POST Object, CopyObject or CompleteMultipartUpload
}

type fields = map[string]any

// JSON is the EventBridge event "Object Created" of
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html.
func (c Created) JSON() []byte {
	event, _ := json.Marshal(fields{ // of strings and numbers, which can always be encoded
		"version":     "0",
		"id":          uuid.NewString(),
		"detail-type": "Object Created",
		"source":      "aws.s3",
		"account":     "000000000000",
		"time":        time.Now().UTC().Format(time.RFC3339),
		"region":      "us-east-1",
		"resources":   []string{"arn:aws:s3:::" + c.Bucket},
		"detail": fields{
			"version": "0",
			"bucket":  fields{"name": c.Bucket},
			"object": fields{
				"key":       c.Key,
				"size":      c.Size,
				"etag":      strings.Trim(c.ETag, `"`),
				"sequencer": sequencer(),
			},
			"request-id":        strings.ToUpper(strings.ReplaceAll(uuid.NewString(), "-", "")[:16]),
			"requester":         "000000000000",
			"source-ip-address": "127.0.0.1",
			"reason":            c.Reason,
		},
	})
	return event
}

var last atomic.Int64

// sequencer is a number in hexadecimal that grows from one write to the next,
// over restarts too.
func sequencer() string {
	for {
		before := last.Load()
		now := max(time.Now().UnixNano(), before+1)
		if last.CompareAndSwap(before, now) {
			return fmt.Sprintf("%018X", now)
		}
	}
}
