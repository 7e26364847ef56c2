package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/job"
	"brine/functions/internal/store/storetest"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

func file(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../../testdata/models", path))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const rows = "Living area,bedrooms,bathrooms,Year built,Lot size (acres),quality\n" +
	"1691.7,3,1.5,2000,2.118,10\n1536.9,4,2.0,1950,0.507,9\n1500,2,1,1990,0.5,5\n"

// newWorkflow has a model, a table and an earlier result.
func newWorkflow(t testing.TB, data string, smallest int64) (*Workflow, *storetest.Memory) {
	t.Helper()
	m := storetest.New(smallest)
	put(t, m, "ml-models", "houses/model.pkl", string(file(t, "linear-regression/model.pkl")))
	put(t, m, "ml-data", "houses/2026/a b+%.csv", data)
	return New(m, "ml-models", "ml-results", 30), m
}

func put(t testing.TB, m *storetest.Memory, bucket, key, content string) {
	t.Helper()
	if err := m.Put(t.Context(), job.URI{Bucket: bucket, Key: key}, "", []byte(content)); err != nil {
		t.Fatal(err)
	}
}

// payload is what start hands over.
func payload(t testing.TB, fields string) job.Payload {
	t.Helper()
	p, err := job.ParsePayload("it", []byte(fields))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const uploaded = `{"data_s3_uri": "s3://ml-data/houses/2026/a b+%.csv"}`

// travel sends a value through JSON, as the state machine does.
func travel[T any](t *testing.T, from any) (to T) {
	t.Helper()
	data, err := json.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &to); err != nil {
		t.Fatal(err)
	}
	return to
}

// execute does what the state machine does after Validate, and returns its
// last state and how often it predicted.
func execute(t *testing.T, w *Workflow, s *State) (*State, int, error) {
	t.Helper()
	predicted := 0
	for s.Shards > 0 {
		var items []Item
		uri := job.URI{Bucket: s.Manifest.Bucket, Key: s.Manifest.Key}
		if err := w.getJSON(t.Context(), uri, &items); err != nil {
			t.Fatal(err)
		}
		if len(items) != s.Shards || *s.First != items[0] {
			t.Fatalf("the state has %d shards from %+v on, its manifest %+v", s.Shards, s.First, items)
		}
		for _, item := range items {
			predicted++
			if err := w.Predict(t.Context(), item); err != nil {
				return s, predicted, err
			}
		}
		out, err := w.Write(t.Context(), WriteInput{State: travel[State](t, s)})
		if err != nil {
			return s, predicted, err
		}
		next := travel[State](t, out)
		s = &next
	}
	return s, predicted, nil
}

func TestExecution(t *testing.T) {
	for name, smallest := range map[string]int64{"no part too small": 0, "all parts too small": 1 << 20} {
		t.Run(name, func(t *testing.T) {
			w, m := newWorkflow(t, rows, smallest)
			s, err := w.Validate(t.Context(), ValidateInput{"run-1", payload(t, uploaded)})
			if err != nil {
				t.Fatal(err)
			}
			if s.Shards != 3 {
				t.Fatalf("%d shards, want 3", s.Shards)
			}
			last, predicted, err := execute(t, w, s)
			if err != nil {
				t.Fatal(err)
			}
			if want := map[int64]int{0: 3, 1 << 20: 4}[smallest]; predicted != want {
				t.Errorf("predicted %d times, want %d", predicted, want)
			}
			if last.Response == nil || last.StatusCode != 200 {
				t.Errorf("the last state is %+v", last)
			}
			want := []string{
				"s3://ml-data/houses/2026/a b+%.csv", "s3://ml-models/houses/model.pkl",
				"s3://ml-results/houses/2026/a b+%.csv", "s3://ml-results/houses/2026/a b+%.csv.receipt.json",
			}
			if keys := m.Keys(); !slices.Equal(keys, want) || m.Open() != 0 {
				t.Errorf("left: %v and %d uploads", keys, m.Open())
			}
			var receipt job.Receipt
			if err := w.getJSON(t.Context(), job.URI{Bucket: "ml-results", Key: "houses/2026/a b+%.csv.receipt.json"}, &receipt); err != nil {
				t.Fatal(err)
			}
			if receipt.Rows != 3 || receipt.Status != "succeeded" || receipt.Model.Version != "1.3.0" {
				t.Errorf("the receipt is %+v", receipt)
			}
		})
	}
}

// TestValidateAgain: a step that is repeated, because its answer was lost, does
// not open a second upload.
func TestValidateAgain(t *testing.T) {
	w, m := newWorkflow(t, rows, 0)
	in := ValidateInput{"run-1", payload(t, uploaded)}
	first, err := w.Validate(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.Validate(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if m.Open() != 1 || first.Shards != second.Shards || *first.First != *second.First {
		t.Errorf("%d uploads; states %+v and %+v", m.Open(), first, second)
	}
}

// TestModelDefaults: model.json stands between the payload and the defaults.
func TestModelDefaults(t *testing.T) {
	w, m := newWorkflow(t, rows, 0)
	put(t, m, "ml-models", "houses/model.json", `{"prediction_column_name": "price"}`)
	r, err := w.request(t.Context(), payload(t, uploaded))
	if err != nil {
		t.Fatal(err)
	}
	if r.Column != "price" || r.Model.String() != "s3://ml-models/houses/model.pkl" || r.Output.String() != "s3://ml-results/houses/2026/a b+%.csv" {
		t.Errorf("got %+v", r)
	}
	r, err = w.request(t.Context(), payload(t, `{"data_s3_uri": "s3://ml-data/houses/a.csv", "prediction_column_name": "mine", "output_s3_uri": "s3://other/x.csv"}`))
	if err != nil || r.Column != "mine" || r.Output.String() != "s3://other/x.csv" {
		t.Errorf("got %+v, %v", r, err)
	}
	for text, want := range map[string]string{
		`[1]`:                     "s3://ml-models/houses/model.json must be a JSON object",
		`{"max_error_rate": "1"}`: "s3://ml-models/houses/model.json: max_error_rate must be a number, found string",
	} {
		put(t, m, "ml-models", "houses/model.json", text)
		if _, err = w.request(t.Context(), payload(t, uploaded)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// undo does what the state machine does with a step's error.
func undo(t *testing.T, w *Workflow, execution string, state any, errorName, cause string) *Cause {
	t.Helper()
	caught := travel[map[string]any](t, state)
	caught["error"] = map[string]string{"Error": errorName, "Cause": cause}
	data, err := json.Marshal(caught)
	if err != nil {
		t.Fatal(err)
	}
	out, err := w.Write(t.Context(), WriteInput{Execution: execution, Undo: data})
	if err != nil {
		t.Fatal(err)
	}
	return out.(*Cause)
}

func errorReceipt(t *testing.T, w *Workflow, key string) (r job.ErrorReceipt) {
	t.Helper()
	if err := w.getJSON(t.Context(), job.URI{Bucket: "ml-results", Key: key}, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestUndo: whatever failed, no upload and no work is left, and an error
// receipt says why.
func TestUndo(t *testing.T) {
	const receipt = "houses/2026/a b+%.csv.receipt.json"
	left := func(t *testing.T, m *storetest.Memory) {
		t.Helper()
		want := []string{"s3://ml-data/houses/2026/a b+%.csv", "s3://ml-models/houses/model.pkl", "s3://ml-results/" + receipt}
		if keys := m.Keys(); !slices.Equal(keys, want) || m.Open() != 0 {
			t.Errorf("left: %v and %d uploads", keys, m.Open())
		}
	}
	t.Run("bad row", func(t *testing.T) {
		w, m := newWorkflow(t, rows+"x,4,2.0,1950,0.507,9\n", 0)
		s, err := w.Validate(t.Context(), ValidateInput{"run-1", payload(t, uploaded)})
		if err != nil {
			t.Fatal(err)
		}
		s, _, err = execute(t, w, s)
		var wrong *job.Error
		if !errors.As(err, &wrong) || wrong.Row != 4 {
			t.Fatalf("got %v", err)
		}
		cause := undo(t, w, "run-1", s, "ValidationError", `{"errorMessage":"`+strings.ReplaceAll(err.Error(), `"`, `\"`)+`","errorType":"ValidationError"}`)
		left(t, m)
		r := errorReceipt(t, w, receipt)
		if cause.Cause != err.Error() || r.Error != err.Error() || r.Type != job.ValidationError || r.Status != "failed" || r.Execution != "run-1" {
			t.Errorf("cause %+v, receipt %+v", cause, r)
		}
	})
	t.Run("no model", func(t *testing.T) {
		w, m := newWorkflow(t, rows, 0)
		if err := m.Delete(t.Context(), job.URI{Bucket: "ml-models", Key: "houses/model.pkl"}); err != nil {
			t.Fatal(err)
		}
		in := payload(t, uploaded)
		_, err := w.Validate(t.Context(), ValidateInput{"run-1", in})
		if err == nil || !strings.Contains(err.Error(), "Model file not found") {
			t.Fatalf("got %v", err)
		}
		undo(t, w, "run-1", in, "ValidationError", `{"errorMessage":"no model","errorType":"ValidationError"}`)
		if r := errorReceipt(t, w, receipt); r.Error != "no model" || m.Open() != 0 {
			t.Errorf("receipt %+v, %d uploads", r, m.Open())
		}
	})
	t.Run("a worker of many", func(t *testing.T) {
		w, m := newWorkflow(t, rows, 0)
		s, err := w.Validate(t.Context(), ValidateInput{"run-1", payload(t, uploaded)})
		if err != nil {
			t.Fatal(err)
		}
		put(t, m, "ml-data", "houses/2026/a b+%.csv", rows+rows)
		if _, _, err = execute(t, w, s); err == nil {
			t.Fatal("the data was replaced and nobody noticed")
		}
		undo(t, w, "run-1", s, "States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded")
		left(t, m)
		if r := errorReceipt(t, w, receipt); !strings.Contains(r.Error, "was replaced while the job ran") || r.Type != job.ValidationError {
			t.Errorf("receipt %+v", r)
		}
	})
	t.Run("twice", func(t *testing.T) {
		w, m := newWorkflow(t, rows, 0)
		in := payload(t, uploaded)
		for range 2 {
			undo(t, w, "run-1", in, "States.Timeout", "")
		}
		left(t, m)
		if r := errorReceipt(t, w, receipt); r.Error != "States.Timeout" {
			t.Errorf("receipt %+v", r)
		}
	})
}

// TestUndoKeepsInput: the error receipt of a job that was to read what is in the
// receipt's place does not overwrite that.
func TestUndoKeepsInput(t *testing.T) {
	for _, field := range []string{"data_s3_uri", "model_s3_uri"} {
		w, m := newWorkflow(t, rows, 0)
		in := payload(t, uploaded)
		in.Set("output_s3_uri", "s3://ml-results/houses/out.csv")
		in.Set(field, "s3://ml-results/houses/out.csv.receipt.json")
		put(t, m, "ml-results", "houses/out.csv.receipt.json", "precious")
		_, err := w.Validate(t.Context(), ValidateInput{"run-1", in})
		if job.TypeOf(err) != job.ValidationError {
			t.Fatalf("%s: got %v", field, err)
		}
		if cause := undo(t, w, "run-1", in, "ValidationError", err.Error()); cause.Cause != err.Error() {
			t.Errorf("%s: got %+v", field, cause)
		}
		if got, err := m.Get(t.Context(), job.URI{Bucket: "ml-results", Key: "houses/out.csv.receipt.json"}); string(got) != "precious" {
			t.Errorf("%s: there is %s, %v", field, got, err)
		}
	}
}

// TestLongKey: where S3 takes no receipt, there is neither job nor receipt, but the
// execution says why.
func TestLongKey(t *testing.T) {
	long := "houses/" + strings.Repeat("x", 1017)
	w, m := newWorkflow(t, rows, 0)
	put(t, m, "ml-data", long, rows)
	before := m.Keys()
	in := payload(t, `{"data_s3_uri": "s3://ml-data/`+long+`"}`)
	_, err := w.Validate(t.Context(), ValidateInput{"run-1", in})
	if err == nil || !strings.Contains(err.Error(), "output_s3_uri leaves no room for a receipt") || job.TypeOf(err) != job.ValidationError {
		t.Fatalf("got %v", err)
	}
	if cause := undo(t, w, "run-1", in, "ValidationError", err.Error()); cause.Cause != err.Error() {
		t.Errorf("got %+v", cause)
	}
	if keys := m.Keys(); !slices.Equal(keys, before) || m.Open() != 0 {
		t.Errorf("left: %v and %d uploads", keys, m.Open())
	}
	in = payload(t, uploaded)
	in.Set("output_s3_uri", "s3://ml-results/"+long)
	undo(t, w, "run-1", in, "ValidationError", "too long")
	if r := errorReceipt(t, w, receiptKey); r.Error != "too long" {
		t.Errorf("by default there is %+v", r)
	}
}

// unreceived is a store that takes no receipts of jobs.
type unreceived struct {
	*storetest.Memory
	err error
}

func (s unreceived) Put(ctx context.Context, uri job.URI, contentType string, data []byte) error {
	if strings.HasSuffix(uri.Key, ".receipt.json") {
		return s.err
	}
	return s.Memory.Put(ctx, uri, contentType, data)
}

// TestUndoWithoutReceipt: an execution that may not write its error receipt leaves
// nothing, and has its cause; one that cannot for a while keeps what tells that.
func TestUndoWithoutReceipt(t *testing.T) {
	const many, reason = "States.ExceedToleratedFailureThreshold", "the first shard's reason"
	failed := func() (*Workflow, *storetest.Memory, []byte) {
		w, m, s := begun(t)
		if err := w.confess(t.Context(), &job.Plan{}, *s.First, errors.New(reason)); err != nil {
			t.Fatal(err)
		}
		return w, m, []byte(`{"error": {"Error": "` + many + `", "Cause": ""}}`)
	}
	w, m, state := failed()
	w.Objects = unreceived{m, job.Invalid("Not allowed to write it")}
	out, err := w.Write(t.Context(), WriteInput{Execution: "run-1", Undo: state})
	if cause, _ := out.(*Cause); err != nil || cause.Cause != reason || len(m.Keys()) != 2 || m.Open() != 0 {
		t.Errorf("got %+v, %v; left: %v and %d uploads", out, err, m.Keys(), m.Open())
	}
	w, m, state = failed()
	w.Objects = unreceived{m, &job.Error{Type: job.TransientError, Message: "503"}}
	if _, err := w.Write(t.Context(), WriteInput{Execution: "run-1", Undo: state}); job.TypeOf(err) != job.TransientError {
		t.Errorf("got %v", err)
	}
	w.Objects = m
	out, err = w.Write(t.Context(), WriteInput{Execution: "run-1", Undo: state})
	if cause, _ := out.(*Cause); err != nil || cause.Cause != reason || errorReceipt(t, w, receiptKey).Error != reason || len(m.Keys()) != 3 {
		t.Errorf("got %+v, %v; left: %v", out, err, m.Keys())
	}
}

// TestWriteAgain: the last step, repeated because its answer was lost, answers
// the same.
func TestWriteAgain(t *testing.T) {
	w, m := newWorkflow(t, rows, 0)
	s, err := w.Validate(t.Context(), ValidateInput{"run-1", payload(t, uploaded)})
	if err != nil {
		t.Fatal(err)
	}
	last, _, err := execute(t, w, s)
	if err != nil {
		t.Fatal(err)
	}
	keys := m.Keys()
	out, err := w.Write(t.Context(), WriteInput{State: *s})
	if err != nil {
		t.Fatal(err)
	}
	if again := travel[State](t, out); again.Shards != 0 || !reflect.DeepEqual(again.Response, last.Response) {
		t.Errorf("got %+v, then %+v", last, again)
	}
	if !slices.Equal(m.Keys(), keys) {
		t.Errorf("there were %v, then %v", keys, m.Keys())
	}
}

// TestLateWorker: what a worker leaves after its execution has ended goes again.
func TestLateWorker(t *testing.T) {
	w, m := newWorkflow(t, rows, 0)
	s, err := w.Validate(t.Context(), ValidateInput{"run-1", payload(t, uploaded)})
	if err != nil {
		t.Fatal(err)
	}
	var plan job.Plan
	if err := w.getJSON(t.Context(), s.Plan, &plan); err != nil {
		t.Fatal(err)
	}
	undo(t, w, "run-1", s, "States.Timeout", "")
	keys := m.Keys()
	if err := (spool{m, s.Plan}).Put(t.Context(), "piece", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if err := w.leave(t.Context(), &plan, *s.First, "receipts", job.ShardReceipt{}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.Keys(), keys) {
		t.Errorf("there were %v, then %v", keys, m.Keys())
	}
}
