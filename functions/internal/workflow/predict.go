package workflow

import (
	"context"
	"errors"
	"fmt"

	"brine/functions/internal/job"
)

// Predict does one shard and leaves its receipt. It returns nothing: the
// results of ten thousand shards would not fit into one state.
func (w *Workflow) Predict(ctx context.Context, item Item) error {
	var plan job.Plan
	if err := w.getJSON(ctx, item.Plan, &plan); err != nil {
		return err
	}
	receipt, err := w.Pipeline.Predict(ctx, &plan, item.Shard)
	if err != nil {
		return errors.Join(err, w.confess(ctx, item, err))
	}
	return w.putJSON(ctx, ofShard(item, "receipts"), receipt)
}

// confess leaves a shard's error where undo finds it: the state machine says of
// a Distributed Map only that one of its shards failed.
func (w *Workflow) confess(ctx context.Context, item Item, err error) error {
	body := job.ErrorBody{Error: err.Error(), Type: job.TypeOf(err)}
	return w.putJSON(context.WithoutCancel(ctx), ofShard(item, "failures"), body)
}

func ofShard(item Item, folder string) job.URI {
	return below(item.Plan, fmt.Sprintf("%s/%05d", folder, item.Number))
}
