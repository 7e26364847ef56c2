package main

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"brine/functions/internal/job"
)

// machine answers as Step Functions does: a name is given once.
type machine struct {
	inputs map[string]string
	err    error
}

func (m *machine) StartExecution(_ context.Context, in *sfn.StartExecutionInput, _ ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
	if m.err != nil {
		return nil, m.err
	}
	if _, ok := m.inputs[*in.Name]; ok {
		return nil, &types.ExecutionAlreadyExists{}
	}
	m.inputs[*in.Name] = *in.Input
	return &sfn.StartExecutionOutput{ExecutionArn: aws.String("arn:" + *in.Name)}, nil
}

func upload(t *testing.T, bucket, key, etag, sequencer string) event {
	t.Helper()
	var e event
	e.Detail.Bucket.Name = bucket
	e.Detail.Object.Key, e.Detail.Object.ETag, e.Detail.Object.Sequencer = key, etag, sequencer
	return e
}

func TestRepeatedEventStartsOnce(t *testing.T) {
	m := &machine{inputs: map[string]string{}}
	s := &starter{client: m, machine: "arn", results: "ml-results"}
	first := upload(t, "ml-data", "house/a b+%東京.csv", "e1", "1")
	for range 5 {
		if _, err := s.start(t.Context(), first); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.inputs) != 1 {
		t.Fatalf("%d executions for one event", len(m.inputs))
	}
	for name, input := range m.inputs {
		if !regexp.MustCompile(`^[A-Za-z0-9-]{1,80}$`).MatchString(name) {
			t.Errorf("the name %q is not one that Step Functions takes", name)
		}
		var p job.Payload
		if err := json.Unmarshal([]byte(input), &p); err != nil {
			t.Fatal(err)
		}
		if uri, err := p.DataURI(); err != nil || uri.Key != "house/a b+%東京.csv" {
			t.Errorf("input %s: %v, %v", input, uri, err)
		}
	}
	for _, again := range []event{
		upload(t, "ml-data", "house/a b+%東京.csv", "e1", "2"),
		upload(t, "ml-data", "house/a b+%東京.csv", "e2", "1"),
		upload(t, "ml-data", "house/b.csv", "e1", "1"),
	} {
		if _, err := s.start(t.Context(), again); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.inputs) != 4 {
		t.Errorf("%d executions for four uploads", len(m.inputs))
	}
}

func TestIgnored(t *testing.T) {
	m := &machine{inputs: map[string]string{}}
	s := &starter{client: m, machine: "arn", results: "ml-results"}
	for want, e := range map[string]event{
		"not an S3":      {},
		"results bucket": upload(t, "ml-results", "house/a.csv", "e", "1"),
		"a folder":       upload(t, "ml-data", "house/", "e", "1"),
		"no folder":      upload(t, "ml-data", "a.csv", "e", "1"),
	} {
		out, err := s.start(t.Context(), e)
		if err != nil || !strings.Contains(out.Ignored, want) {
			t.Errorf("got %+v, %v; want %q", out, err, want)
		}
	}
	if len(m.inputs) != 0 {
		t.Errorf("started %v", m.inputs)
	}
}

func TestStepFunctionsDown(t *testing.T) {
	s := &starter{client: &machine{err: errors.New("503")}, machine: "arn", results: "r"}
	_, err := s.start(t.Context(), upload(t, "ml-data", "house/a.csv", "e", "1"))
	if job.TypeOf(err) != job.TransientError {
		t.Errorf("got %v, want a TransientError, so that the event comes again", err)
	}
}
