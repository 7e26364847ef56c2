//go:build !race

// Package scale runs a job of the largest size, 500 GB in 10,000 shards, through
// the state machine that is deployed: the plan, the manifests, the completion
// and what travels between the states are the real ones. Only the bytes are not
// there: a worker leaves the receipt and the part that it would have left.
package scale

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"brine/functions/internal/job"
	"brine/functions/internal/store/s3store"
	"brine/functions/internal/workflow"
	"brine/infra/local/asl"
	"brine/statemachine"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

const (
	shards   = 10_000
	size     = 500e9     // bytes of the table
	rowSize  = 50        // bytes of a row, and a tenth more with its prediction
	payload  = 262_144   // Step Functions' limit on what travels, in bytes
	history  = 25_000    // its limit on the events of an execution
	complete = 2_000_000 // bytes, somewhat more than 10,000 parts need to be named
)

// run is a job on the way.
type run struct {
	*bucket
	steps *workflow.Workflow

	mu       sync.Mutex
	predicts int // calls of a worker
	largest  int // bytes that travelled
	events   int // in the execution's history
}

// newRun has a table in a bucket, and the model for it.
func newRun(t *testing.T) *run {
	t.Helper()
	fixture := "../../../testdata/models/linear-regression"
	model, err := os.ReadFile(filepath.Join(fixture, "model.pkl"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile(filepath.Join(fixture, "data.csv"))
	if err != nil {
		t.Fatal(err)
	}
	r := &run{bucket: &bucket{
		table:   job.Object{URI: job.URI{Bucket: "ml-data", Key: "houses/data.csv"}, ETag: `"table"`, Size: size},
		first:   bytes.Repeat(rows, 2<<20/len(rows)),
		objects: map[string][]byte{}, parts: map[int]job.Part{}, calls: map[string]int{},
	}}
	r.put(job.URI{Bucket: "ml-models", Key: "houses/model.pkl"}, model)
	r.steps = workflow.New(s3store.New(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://s3"), HTTPClient: r.bucket,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}), "ml-models", "ml-results", 1)
	return r
}

// Invoke implements asl.Platform.
func (r *run) Invoke(ctx context.Context, arn string, in []byte) (out []byte, err error) {
	switch arn[strings.LastIndexByte(arn, ':')+1:] {
	case "validate":
		out, err = call(ctx, in, r.steps.Validate)
	case "write":
		out, err = call(ctx, in, r.steps.Write)
	case "predict":
		out, err = call(ctx, in, r.predict)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.largest = max(r.largest, len(in), len(out))
	return out, err
}

// call is what the Lambda runtime does.
func call[In, Out any](ctx context.Context, payload []byte, handle func(context.Context, In) (Out, error)) ([]byte, error) {
	var in In
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, err
	}
	out, err := handle(ctx, in)
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}

// predict leaves what a worker leaves. The first shard's end lies in a quoted
// cell that ends in the last shard, so all shards but the first must be done
// again.
func (r *run) predict(_ context.Context, item workflow.Item) (struct{}, error) {
	r.mu.Lock()
	r.predicts++
	r.mu.Unlock()
	var plan job.Plan
	if err := json.Unmarshal(r.get(item.Plan), &plan); err != nil {
		return struct{}{}, err
	}
	part := job.Part{
		Number: (item.Number-1)*plan.PartsPerShard + 1, Size: (item.End - item.Start) * 11 / 10,
		ETag: etag(fmt.Append(nil, item)), CRC32: "AAAAAA==",
	}
	r.upload(part)
	receipt, err := json.Marshal(job.ShardReceipt{
		Shard: item.Shard, Rows: (item.End - item.Start) / rowSize, Parts: []job.Part{part},
		OddQuotes: item.Number == 1 || item.Number == shards, Kinds: make([]byte, len(plan.Features)),
	})
	r.put(job.URI{Bucket: item.Plan.Bucket, Key: strings.TrimSuffix(item.Plan.Key, "plan.json") + fmt.Sprintf("receipts/%05d", item.Number)}, receipt)
	return struct{}{}, err
}

// Open implements asl.Platform.
func (r *run) Open(_ context.Context, bucket, key string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(r.get(job.URI{Bucket: bucket, Key: key}))), nil
}

// Event implements asl.Observer.
func (r *run) Event(e asl.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events++
	r.largest = max(r.largest, len(e.Data))
}

// Progress implements asl.Observer.
func (r *run) Progress(string, int, int) {}

// TestLargestJob: whatever the number of shards, no state's data comes near its
// limit, the execution's history does not grow, and what S3 lists in pages is
// read to its end. The events of a Distributed Map's children are in histories
// of their own: a few for each attempt.
func TestLargestJob(t *testing.T) {
	definition, err := asl.Substitute(statemachine.Definition, map[string]string{
		"ValidateFunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:validate",
		"PredictFunctionArn":  "arn:aws:lambda:us-east-1:000000000000:function:predict",
		"WriteFunctionArn":    "arn:aws:lambda:us-east-1:000000000000:function:write",
	})
	if err != nil {
		t.Fatal(err)
	}
	machine, err := asl.Parse(definition)
	if err != nil {
		t.Fatal(err)
	}
	r := newRun(t)
	output, err := machine.Run(t.Context(), asl.Execution{
		ID: "arn:aws:states:us-east-1:000000000000:execution:ml-prediction:x", Name: "x",
		MachineID: "arn:aws:states:us-east-1:000000000000:stateMachine:ml-prediction", MachineName: "ml-prediction",
		Platform: r, Observer: r,
	}, []byte(`{"data_s3_uri": "s3://ml-data/houses/data.csv"}`))
	if err != nil {
		t.Fatal(err)
	}
	events := r.events + 2 // its start and its end
	t.Logf("%d calls of workers, at most %d bytes between states, %d events, %d bytes to complete, S3 calls %v",
		r.predicts, r.largest, events, r.complete, r.calls)

	if r.predicts != 2*shards-1 {
		t.Errorf("workers were called %d times", r.predicts)
	}
	if r.largest > payload/10 {
		t.Errorf("%d bytes travelled between states", r.largest)
	}
	if events > history/100 {
		t.Errorf("the execution has %d events", events)
	}
	if r.complete > complete {
		t.Errorf("completing took %d bytes", r.complete)
	}
	if r.calls["ListParts"] != shards/page {
		t.Errorf("%d pages of parts were listed", r.calls["ListParts"])
	}
	var got job.Response
	if err := json.Unmarshal(output, &got); err != nil || got.StatusCode != 200 {
		t.Fatalf("%s, %v", output, err)
	}
	r.mustHaveAll(t)
}

// mustHaveAll checks that the result has all parts in their order, and that
// nothing else is left but the receipt.
func (r *run) mustHaveAll(t *testing.T) {
	t.Helper()
	if len(r.joined) != shards || r.open {
		t.Fatalf("the result has %d parts", len(r.joined))
	}
	var joined, want int64
	for i, p := range r.joined {
		if p.Number != i+1 {
			t.Fatalf("part %d is number %d", i+1, p.Number)
		}
		joined += p.Size
	}
	want = r.table.Size * 11 / 10
	if joined > want || joined < want-shards-1000 {
		t.Errorf("the result has %d bytes, want %d", joined, want)
	}
	for path := range r.objects {
		if path != "ml-models/houses/model.pkl" && path != "ml-results/houses/data.csv.receipt.json" {
			t.Errorf("%s is left", path)
		}
	}
}
