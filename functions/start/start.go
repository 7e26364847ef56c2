package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"brine/functions/internal/job"
)

// event is EventBridge's "Object Created" from S3. Its key is raw, not
// URL-encoded as in S3's own notifications.
type event struct {
	Detail struct {
		Bucket struct {
			Name string `json:"name"`
		} `json:"bucket"`
		Object struct {
			Key       string `json:"key"`
			ETag      string `json:"etag"`
			VersionID string `json:"version-id"`
			Sequencer string `json:"sequencer"`
		} `json:"object"`
	} `json:"detail"`
}

// executor is the part of Step Functions that a starter needs.
type executor interface {
	StartExecution(context.Context, *sfn.StartExecutionInput, ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error)
}

type starter struct {
	client           executor
	machine, results string
}

// started is the function's answer: the execution's ARN, or why there is none.
type started struct {
	Execution string `json:"execution,omitempty"`
	Ignored   string `json:"ignored,omitempty"`
}

// start starts one execution for an event, and none for its repetition: the
// execution's name is made from the event.
func (s *starter) start(ctx context.Context, e event) (started, error) {
	if why := s.ignore(e); why != "" {
		slog.WarnContext(ctx, "Ignored: "+why, "bucket", e.Detail.Bucket.Name, "key", e.Detail.Object.Key)
		return started{Ignored: why}, nil
	}
	input, err := json.Marshal(map[string]job.URI{
		"data_s3_uri": {Bucket: e.Detail.Bucket.Name, Key: e.Detail.Object.Key},
	})
	if err != nil {
		return started{}, err
	}
	name := executionName(e)
	out, err := s.client.StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: &s.machine, Name: &name, Input: aws.String(string(input)),
	})
	if exists := (*types.ExecutionAlreadyExists)(nil); errors.As(err, &exists) {
		slog.InfoContext(ctx, "Already started", "execution", name)
		return started{Ignored: "the event was seen before"}, nil
	}
	if err != nil {
		return started{}, &job.Error{Type: job.TransientError, Message: "starting execution " + name, Err: err}
	}
	slog.InfoContext(ctx, "Started", "execution", aws.ToString(out.ExecutionArn))
	return started{Execution: aws.ToString(out.ExecutionArn)}, nil
}

// ignore says why an object is no job.
func (s *starter) ignore(e event) string {
	key := e.Detail.Object.Key
	switch {
	case e.Detail.Bucket.Name == "" || key == "":
		return "not an S3 Object Created event"
	case e.Detail.Bucket.Name == s.results:
		return "it is in the results bucket: a result must not start a job"
	case strings.HasSuffix(key, "/"):
		return "it is a folder"
	case !strings.Contains(key, "/"):
		return "its key has no folder to name the model: upload it as <model>/" + key
	}
	return ""
}

// notInName is what an execution's name may not hold.
var notInName = regexp.MustCompile(`[^A-Za-z0-9-]+`)

// executionName is readable by its beginning and unique by its end, a hash of
// what tells one upload from another.
func executionName(e event) string {
	o := e.Detail.Object
	version := o.VersionID
	if version == "" {
		version = o.ETag
	}
	hash := sha256.New()
	for _, part := range []string{e.Detail.Bucket.Name, o.Key, version, o.Sequencer} {
		// The length keeps ("a", "bc") and ("ab", "c") apart.
		hash.Write([]byte{byte(len(part)), byte(len(part) >> 8)})
		hash.Write([]byte(part))
	}
	readable := strings.Trim(notInName.ReplaceAllString(o.Key, "-"), "-")
	readable = readable[:min(len(readable), 40)]
	return readable + "-" + hex.EncodeToString(hash.Sum(nil)[:16])
}
