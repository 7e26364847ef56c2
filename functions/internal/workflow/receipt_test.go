package workflow

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"brine/functions/internal/job"
	"brine/functions/internal/store/storetest"
)

const receiptKey = "houses/2026/a b+%.csv.receipt.json"

// checkReceipt validates the stored receipt by the published schema.
func checkReceipt(t *testing.T, m *storetest.Memory, key string) []byte {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("../job/receipt.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	data, err := m.Get(t.Context(), job.URI{Bucket: "ml-results", Key: key})
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(receipt); err != nil {
		t.Errorf("%v\n%s", err, data)
	}
	return data
}

// receiptOfJob does a job by the state machine's steps and returns its receipt.
func receiptOfJob(t *testing.T, w *Workflow, m *storetest.Memory, fields string) (r job.Receipt) {
	t.Helper()
	s, err := w.Validate(t.Context(), ValidateInput{"run-1", payload(t, fields)})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := execute(t, w, s); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(checkReceipt(t, m, receiptKey), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReceipt holds the account of a job with one shard and of one with many,
// whose parts are too small at first, so that one is done again.
func TestReceipt(t *testing.T) {
	for _, c := range []struct {
		name                                 string
		shardSize, smallest                  int64
		shards, workers, writes, transitions int
	}{
		{"one shard", 0, 0, 1, 1, 1, 6},
		{"many", 30, 0, 3, 3, 1, 9},
		{"repaired", 30, 1 << 20, 1, 4, 2, 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, m := newWorkflow(t, rows, c.smallest)
			w.Pipeline.ShardSize, w.Pipeline.MemoryMB = c.shardSize, 2048
			r := receiptOfJob(t, w, m, uploaded)
			if r.Shards != c.shards || r.Workers != c.workers || r.Cost.Transitions != c.transitions || r.Cost.Requests != 1+c.workers+c.writes {
				t.Errorf("got %d shards, %d workers, %+v", r.Shards, r.Workers, r.Cost)
			}
			if r.Rows != 3 || r.Data.Rows != 3 || r.Result.Rows != 3 || r.Result.Columns != 7 {
				t.Errorf("got %+v", r)
			}
			if want := fmt.Sprintf("%x", sha256.Sum256(file(t, "linear-regression/model.pkl"))); r.Model.SHA256 != want {
				t.Errorf("the model's SHA-256 is %s, want %s", r.Model.SHA256, want)
			}
			if r.LongestMillis > r.PredictMillis || r.Cost.GBSeconds <= 0 || r.Cost.USD <= 0 {
				t.Errorf("got %+v", r)
			}
		})
	}
}

const rejecting = `{"data_s3_uri": "s3://ml-data/houses/2026/a b+%.csv", "on_error": "reject", "max_error_rate": 0.5}`

// TestRejectReceipt holds the account of a job that rejects rows: they are
// beside the result, and nothing is left of the workers'.
func TestRejectReceipt(t *testing.T) {
	const want = "line,byte_offset,column,value,reason,rejected_record\n" +
		`3,94,Living area,x,not a number,"x,4,2.0,1950,0.507,9"` + "\n"
	for name, smallest := range map[string]int64{"no part too small": 0, "all parts too small": 1 << 20} {
		t.Run(name, func(t *testing.T) {
			w, m := newWorkflow(t, strings.Replace(rows, "\n1536.9", "\nx", 1), smallest)
			r := receiptOfJob(t, w, m, rejecting)
			if r.Rows != 2 || r.Data.Rows != 3 || r.Rejected.Rows != 1 || r.Rejected.URI.Key != "houses/2026/a b+%.csv.rejects.csv" {
				t.Errorf("got %+v", r)
			}
			got, err := m.Get(t.Context(), r.Rejected.URI)
			if err != nil || string(got) != want {
				t.Errorf("%v, got\n%swant\n%s", err, got, want)
			}
			if keys := m.Keys(); len(keys) != 5 || m.Open() != 0 {
				t.Errorf("left: %v and %d uploads", keys, m.Open())
			}
		})
	}
}

// getting is a store that counts what it is asked for, and gives nothing.
type getting struct {
	*storetest.Memory
	calls atomic.Int64
}

func (g *getting) Get(context.Context, job.URI) ([]byte, error) {
	g.calls.Add(1)
	return nil, errors.New("503")
}

// TestReceiptsStop: of ten thousand receipts, few are asked for behind one that
// cannot be read, and none once the time is over.
func TestReceiptsStop(t *testing.T) {
	w, m := newWorkflow(t, rows, 0)
	plan := w.folder("run-1").Sibling("plan.json")
	for i := range 10_000 {
		put(t, m, plan.Bucket, below(plan, fmt.Sprintf("receipts/%05d", i)).Key, "{}")
	}
	g := &getting{Memory: m}
	w.Objects = g
	if _, err := w.receipts(t.Context(), plan); err == nil || err.Error() != "503" || g.calls.Load() > 100 {
		t.Errorf("%d calls, and an error of %d bytes", g.calls.Load(), len(fmt.Sprint(err)))
	}
	g.calls.Store(0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.receipts(ctx, plan); !errors.Is(err, context.Canceled) || g.calls.Load() > 0 {
		t.Errorf("cancelled: %d calls, and an error of %d bytes", g.calls.Load(), len(fmt.Sprint(err)))
	}
}

// TestRejectRepeated: workers that are retried and a last step that was killed
// behind the result leave what one run does.
func TestRejectRepeated(t *testing.T) {
	w, m := newWorkflow(t, strings.Replace(rows, "\n1536.9", "\nx", 1), 0)
	s, err := w.Validate(t.Context(), ValidateInput{"run-1", payload(t, rejecting)})
	if err != nil {
		t.Fatal(err)
	}
	var items []Item
	if err := w.getJSON(t.Context(), job.URI{Bucket: s.Manifest.Bucket, Key: s.Manifest.Key}, &items); err != nil {
		t.Fatal(err)
	}
	for _, item := range append(items, items...) {
		if err := w.Predict(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	plan, err := w.load(t.Context(), s.Plan)
	if err != nil {
		t.Fatal(err)
	}
	receipts, err := w.receipts(t.Context(), s.Plan)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Pipeline.Write(t.Context(), plan, receipts, spool{w.Objects, s.Plan}); err != nil {
		t.Fatal(err)
	}
	rejects := plan.Request.RejectsURI()
	before, err := m.Get(t.Context(), rejects)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(t.Context(), WriteInput{State: *s}); err != nil {
		t.Fatal(err)
	}
	after, err := m.Get(t.Context(), rejects)
	if err != nil || !bytes.Equal(before, after) || len(m.Keys()) != 5 || m.Open() != 0 {
		t.Errorf("%v; there were\n%safter\n%s; left: %v", err, before, after, m.Keys())
	}
	var r job.Receipt
	if err := json.Unmarshal(checkReceipt(t, m, receiptKey), &r); err != nil || r.Rejected.Rows != 1 || r.Workers != 3 {
		t.Errorf("%v, got %+v", err, r)
	}
}

// TestUndoRejects: of a job that rejects too much, nothing is left but the
// reason.
func TestUndoRejects(t *testing.T) {
	w, m := newWorkflow(t, strings.ReplaceAll(rows, "\n15", "\nx15"), 0)
	s, err := w.Validate(t.Context(), ValidateInput{"run-1", payload(t, rejecting)})
	if err != nil {
		t.Fatal(err)
	}
	s, _, err = execute(t, w, s)
	if job.TypeOf(err) != job.ValidationError || !strings.Contains(err.Error(), "2 of 3 rows cannot be predicted") {
		t.Fatalf("got %v", err)
	}
	undo(t, w, "run-1", s, "ValidationError", "too many")
	checkReceipt(t, m, receiptKey)
	if keys := m.Keys(); len(keys) != 3 || m.Open() != 0 {
		t.Errorf("left: %v and %d uploads", keys, m.Open())
	}
}

// TestErrorReceipt: a failed job's receipt is of the same schema.
func TestErrorReceipt(t *testing.T) {
	w, m := newWorkflow(t, rows, 0)
	undo(t, w, "run-1", payload(t, uploaded), "ValidationError", `{"errorMessage":"no model","errorType":"ValidationError"}`)
	checkReceipt(t, m, receiptKey)
}

// TestDirect: a job in one call leaves a receipt as well, and nothing but it
// and the result.
func TestDirect(t *testing.T) {
	w, m := newWorkflow(t, rows, 0)
	w.Pipeline.ShardSize = 0
	request := payload(t, `{
		"model_s3_uri": "s3://ml-models/houses/model.pkl", "data_s3_uri": "s3://ml-data/houses/2026/a b+%.csv",
		"output_s3_uri": "s3://ml-results/out.csv", "prediction_column_name": "price", "feature_columns": "auto"}`)
	before := len(m.Keys())
	receipt, err := w.Run(t.Context(), travel[json.RawMessage](t, request))
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Cost.Requests != 1 || receipt.Cost.Transitions != 0 || receipt.Workers != 1 {
		t.Errorf("got %+v", receipt)
	}
	checkReceipt(t, m, "out.csv.receipt.json")
	if keys := m.Keys(); len(keys) != before+2 || m.Open() != 0 {
		t.Errorf("left: %v and %d uploads", keys, m.Open())
	}
}
