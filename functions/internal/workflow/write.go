package workflow

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"golang.org/x/sync/errgroup"

	"brine/functions/internal/job"
	"brine/functions/internal/pipeline"
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
	measured := w.Pipeline.Measure()
	plan, err := w.load(ctx, s.Plan)
	planned, err := exists(err)
	if err != nil {
		return nil, err
	}
	if !planned {
		return w.completed(ctx, s)
	}
	receipts, err := w.receipts(ctx, s.Plan)
	if err != nil {
		return nil, err
	}
	again, receipt, err := w.Pipeline.Write(ctx, plan, receipts, spool{w.Objects, s.Plan})
	if err != nil {
		return nil, err
	}
	s.Spent.Write.Add(measured())
	s.Spent.Transitions += transitionsOf(s.Shards)
	if len(again) > 0 {
		s.Spent.Predict.Add(replaced(again, receipts))
		return w.repair(ctx, s, again)
	}
	s.Spent.Validate = plan.Usage
	for _, r := range receipts {
		s.Spent.Predict.Add(r.Usage)
	}
	s.Spent.Requests = s.Spent.Validate.Runs + s.Spent.Predict.Runs + s.Spent.Write.Runs
	s.Spent.Transitions += 3 // Validate, the first Remaining, Done
	receipt.Account(plan.Began, s.Spent)
	if err := w.putReceipt(ctx, s.Receipt, receipt); err != nil {
		return nil, err
	}
	return w.finish(ctx, s, receipt)
}

// transitionsOf counts the states of one round: Predict, Write and Remaining, and
// a child of the Distributed Map for each shard, unless there is but one shard.
func transitionsOf(shards int) int {
	if shards == 1 {
		return 3
	}
	return 3 + shards
}

// replaced is what was spent on shards that are to be done again: their new
// receipts take the place of the old ones.
func replaced(again []job.Shard, receipts []job.ShardReceipt) (spent job.Usage) {
	byNumber := map[int]job.Usage{}
	for _, r := range receipts {
		byNumber[r.Number] = r.Usage
	}
	for _, s := range again {
		spent.Add(byNumber[s.Number])
	}
	return spent
}

// completed answers again for an execution whose result and receipt are there:
// the plan goes after them.
func (w *Workflow) completed(ctx context.Context, s State) (*State, error) {
	var receipt job.Receipt
	if err := w.getJSON(ctx, s.Receipt, &receipt); err != nil {
		return nil, err
	}
	if receipt.Status != job.StatusSucceeded {
		return nil, &job.Error{Message: "the execution has no plan any more: " + s.Plan.String()}
	}
	return w.finish(ctx, s, &receipt)
}

func (w *Workflow) finish(ctx context.Context, s State, receipt *job.Receipt) (*State, error) {
	if err := w.cleanUp(ctx, s.Plan); err != nil {
		return nil, err
	}
	response := job.Succeeded(receipt)
	return &State{Plan: s.Plan, Receipt: s.Receipt, Response: &response}, nil
}

// repair has shards predicted again.
func (w *Workflow) repair(ctx context.Context, s State, again []job.Shard) (*State, error) {
	next := State{Plan: s.Plan, Receipt: s.Receipt, Round: s.Round + 1, Spent: s.Spent}
	if err := pipeline.CheckRound(next.Round); err != nil {
		return nil, err
	}
	slog.InfoContext(ctx, "Repairing shards", "shards", len(again), "round", next.Round)
	return w.announce(ctx, next, fmt.Sprintf("again-%d.json", next.Round), again)
}

// load returns a plan with its shards.
func (w *Workflow) load(ctx context.Context, uri job.URI) (*job.Plan, error) {
	plan, err := w.plan(ctx, uri)
	if err != nil {
		return nil, err
	}
	items, err := w.items(ctx, below(uri, "shards.json"))
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		plan.Shards = append(plan.Shards, item.Shard)
	}
	return plan, nil
}

// receipts returns what the workers left.
func (w *Workflow) receipts(ctx context.Context, plan job.URI) ([]job.ShardReceipt, error) {
	objects, err := w.Objects.List(ctx, below(plan, "receipts/"))
	if err != nil {
		return nil, err
	}
	receipts := make([]job.ShardReceipt, len(objects))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32)
	for i, o := range objects {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return w.getJSON(ctx, o.URI, &receipts[i])
		})
	}
	return receipts, group.Wait()
}
