package workflow

import (
	"context"
	"encoding/json"
	"log/slog"
	"path"
	"slices"
	"strings"

	"brine/functions/internal/job"
)

// Cause is why an execution failed, for the state machine to fail with.
type Cause struct {
	Cause string `json:"cause"`
}

// failure is what the state machine adds to its state when a step fails.
type failure struct {
	Error *struct {
		Error string
		Cause string
	} `json:"error"`
}

// undo aborts what the execution began and puts an error receipt in the
// result's place. The state that failed is all it knows: a plan, or still the
// payload.
func (w *Workflow) undo(ctx context.Context, in WriteInput) (*Cause, error) {
	uri := w.folder(in.Execution).Sibling("plan.json")
	plan, err := w.load(ctx, uri)
	planned, err := exists(err)
	if err != nil {
		return nil, err
	}
	if !planned {
		return w.undoUnplanned(ctx, in, uri)
	}
	body, err := w.cause(ctx, uri, in.Undo)
	if err != nil {
		return nil, err
	}
	if err := w.Pipeline.Abort(ctx, plan); err != nil {
		return nil, err
	}
	newer, err := w.superseded(ctx, plan)
	if err != nil {
		return nil, err
	}
	if newer {
		slog.ErrorContext(ctx, "Job failed, and a later one has replaced it: "+body.Error, "error_type", body.Type)
		return &Cause{body.Error}, w.cleanUp(ctx, uri)
	}
	return w.fail(ctx, in.Execution, job.ReceiptURI(plan.Request.Output), body, uri)
}

// undoUnplanned is undo where there is no plan: not yet, or no longer because
// undo is repeated; then the error receipt is there.
func (w *Workflow) undoUnplanned(ctx context.Context, in WriteInput, plan job.URI) (*Cause, error) {
	var state State
	if json.Unmarshal(in.Undo, &state) == nil && state.Receipt.Key != "" {
		var done job.ErrorReceipt
		if err := w.getJSON(ctx, state.Receipt, &done); err == nil && done.Execution == in.Execution {
			return &Cause{done.Error}, w.cleanUp(ctx, plan)
		}
	}
	body := causeOf(in.Undo)
	if at, known := w.errorReceipt(in.Undo); known {
		return w.fail(ctx, in.Execution, at, body, plan)
	}
	slog.ErrorContext(ctx, "Job failed, and there is no place for its receipt: "+body.Error, "error_type", body.Type)
	return &Cause{body.Error}, w.cleanUp(ctx, plan)
}

// fail writes the error receipt and leaves nothing else. If S3 fails for a while,
// all stays for the next attempt, which needs the plan and what workers left to
// tell the cause; if it refuses the receipt, the execution still has its cause.
func (w *Workflow) fail(ctx context.Context, execution string, at job.URI, body job.ErrorBody, plan job.URI) (*Cause, error) {
	slog.ErrorContext(ctx, "Job failed: "+body.Error, "error_type", body.Type)
	receipt := job.ErrorReceipt{Status: job.StatusFailed, ErrorBody: body, Execution: execution}
	if err := w.putReceipt(ctx, at, receipt); job.TypeOf(err) == job.TransientError {
		return nil, err
	} else if err != nil {
		slog.ErrorContext(ctx, "There is no receipt: "+err.Error(), "error_type", job.TypeOf(err))
	}
	return &Cause{body.Error}, w.cleanUp(ctx, plan)
}

// superseded tells whether the result in place is that of a later upload of the
// data: its receipt must stay.
func (w *Workflow) superseded(ctx context.Context, plan *job.Plan) (bool, error) {
	var receipt job.Receipt
	found, err := exists(w.getJSON(ctx, job.ReceiptURI(plan.Request.Output), &receipt))
	if !found || receipt.Status != job.StatusSucceeded || receipt.Data.ETag == plan.Data.ETag {
		return false, err
	}
	now, err := w.Pipeline.Store.Stat(ctx, plan.Data.URI)
	found, err = exists(err)
	return found && receipt.Data.Object == now, err
}

// cause finds the error that ended an execution. Of a Distributed Map the state
// machine only tells that it failed; a shard that did so has left its reason,
// unless it had no time to.
func (w *Workflow) cause(ctx context.Context, plan job.URI, state json.RawMessage) (job.ErrorBody, error) {
	body := causeOf(state)
	if !strings.HasPrefix(string(body.Type), "States.") {
		return body, nil
	}
	failures, err := w.Objects.List(ctx, below(plan, "failures/"))
	if err != nil {
		return body, err
	}
	done, err := w.Objects.List(ctx, below(plan, "receipts/"))
	if err != nil {
		return body, err
	}
	for _, f := range failures {
		recovered := slices.ContainsFunc(done, func(r job.Object) bool { return path.Base(r.URI.Key) == path.Base(f.URI.Key) })
		if !recovered {
			return body, w.getJSON(ctx, f.URI, &body)
		}
	}
	body.Type = job.SystemError
	body.Error += ". A worker ended without a word, killed or crashed; see the logs of the predict function, and raise its memory if that ran out"
	return body, nil
}

// causeOf reads the error that a step returned from the state machine's words.
func causeOf(state json.RawMessage) job.ErrorBody {
	var f failure
	body := job.ErrorBody{Error: "the execution failed", Type: job.SystemError}
	if json.Unmarshal(state, &f) != nil || f.Error == nil {
		return body
	}
	body.Error, body.Type = f.Error.Cause, job.Type(f.Error.Error)
	var thrown struct {
		Message string `json:"errorMessage"`
	}
	if json.Unmarshal([]byte(f.Error.Cause), &thrown) == nil && thrown.Message != "" {
		body.Error = thrown.Message
	}
	if body.Error == "" {
		body.Error = f.Error.Error
	}
	return body
}

// errorReceipt finds where the receipt of a payload that was not valid goes: beside
// the result that it names, or that it would have by default; but neither upon what
// the job was to read nor where S3 takes none.
func (w *Workflow) errorReceipt(state json.RawMessage) (at job.URI, known bool) {
	p, err := job.ParsePayload("the state", state)
	if err != nil {
		return job.URI{}, false
	}
	var results []job.URI
	if output, err := p.OutputURI(); err == nil {
		results = append(results, output)
	}
	if data, err := p.DataURI(); err == nil {
		results = append(results, job.URI{Bucket: w.Results, Key: data.Key})
	}
	for _, result := range results {
		if at := job.ReceiptURI(result); len(at.Key) <= job.MaxKey && !p.Reads(at) {
			return at, true
		}
	}
	return job.URI{}, false
}
