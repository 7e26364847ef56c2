package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"

	"brine/functions/internal/job"
)

// WriteInput is the State to complete, or an execution to undo.
type WriteInput struct {
	State
	Execution string          `json:"execution"`
	Undo      json.RawMessage `json:"undo"`
}

// Write completes the result and writes its receipt; or it returns a State with
// the shards that must be done again; or, given an error, it undoes the execution.
func (w *Workflow) Write(ctx context.Context, in WriteInput) (any, error) {
	if in.Undo != nil {
		return w.undo(ctx, in)
	}
	return w.complete(ctx, in.State)
}

func (w *Workflow) complete(ctx context.Context, s State) (*State, error) {
	plan, err := w.load(ctx, s.Plan)
	if err != nil {
		return nil, err
	}
	receipts, err := w.receipts(ctx, s.Plan)
	if err != nil {
		return nil, err
	}
	again, receipt, err := w.Pipeline.Write(ctx, plan, receipts)
	if err != nil {
		return nil, err
	}
	if len(again) > 0 {
		round := s.Round + 1
		slog.InfoContext(ctx, "Repairing shards", "shards", len(again), "round", round)
		return w.announce(ctx, State{Plan: s.Plan, Round: round}, fmt.Sprintf("again-%d.json", round), again)
	}
	if err := w.putJSON(ctx, receiptOf(plan.Request.Output), receipt); err != nil {
		return nil, err
	}
	if err := w.cleanUp(ctx, below(s.Plan, "")); err != nil {
		return nil, err
	}
	response := job.Succeeded(receipt)
	return &State{Plan: s.Plan, Response: &response}, nil
}

func receiptOf(result job.URI) job.URI { return result.Sibling(".receipt.json") }

// load returns a plan with its shards.
func (w *Workflow) load(ctx context.Context, uri job.URI) (*job.Plan, error) {
	var plan job.Plan
	if err := w.getJSON(ctx, uri, &plan); err != nil {
		return nil, err
	}
	var items []Item
	if err := w.getJSON(ctx, below(uri, "shards.json"), &items); err != nil {
		return nil, err
	}
	for _, item := range items {
		plan.Shards = append(plan.Shards, item.Shard)
	}
	return &plan, nil
}

// receipts returns what the workers left.
func (w *Workflow) receipts(ctx context.Context, plan job.URI) ([]job.ShardReceipt, error) {
	objects, err := w.Objects.List(ctx, below(plan, "receipts/"))
	if err != nil {
		return nil, err
	}
	receipts := make([]job.ShardReceipt, len(objects))
	at := make([]int, len(objects))
	for i := range at {
		at[i] = i
	}
	return receipts, each(at, func(i int) error { return w.getJSON(ctx, objects[i].URI, &receipts[i]) })
}

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
	folder := w.folder(in.Execution)
	body, err := w.cause(ctx, folder, in.Undo)
	if err != nil {
		return nil, err
	}
	plan, err := w.load(ctx, folder.Sibling("plan.json"))
	planned, err := exists(err)
	if err != nil {
		return nil, err
	}
	output, known := w.outputOf(in.Undo)
	if planned {
		if err := w.Pipeline.Abort(ctx, plan); err != nil {
			return nil, err
		}
		output, known = plan.Request.Output, true
	}
	if known {
		receipt := job.ErrorReceipt{Status: "failed", ErrorBody: body, Execution: in.Execution}
		if err := w.putJSON(ctx, receiptOf(output), receipt); err != nil {
			return nil, err
		}
	}
	slog.ErrorContext(ctx, "Job failed: "+body.Error, "error_type", body.Type)
	return &Cause{body.Error}, w.cleanUp(ctx, folder)
}

// cause finds the error that ended an execution. Of a Distributed Map the state
// machine only tells that it failed; the shard that did so has left its reason.
func (w *Workflow) cause(ctx context.Context, folder job.URI, state json.RawMessage) (job.ErrorBody, error) {
	body := causeOf(state)
	if !strings.HasPrefix(string(body.Type), "States.") {
		return body, nil
	}
	failures, err := w.Objects.List(ctx, folder.Sibling("failures/"))
	if err != nil || len(failures) == 0 {
		return body, err
	}
	return body, w.getJSON(ctx, failures[0].URI, &body)
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

// outputOf finds where the result of a payload that was not valid would have
// gone, as far as it tells.
func (w *Workflow) outputOf(state json.RawMessage) (job.URI, bool) {
	p, err := job.ParsePayload("the state", state)
	if err != nil {
		return job.URI{}, false
	}
	if uri, err := p.OutputURI(); err == nil {
		return uri, true
	}
	data, err := p.DataURI()
	return job.URI{Bucket: w.Results, Key: data.Key}, err == nil
}
