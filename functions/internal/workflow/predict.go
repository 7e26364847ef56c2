package workflow

import (
	"context"
	"errors"
	"fmt"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
)

// Predict does one shard and leaves its receipt. It returns nothing: the
// results of ten thousand shards would not fit into one state.
func (w *Workflow) Predict(ctx context.Context, item Item) error {
	measured := w.Pipeline.Measure()
	plan, err := w.plan(ctx, item.Plan)
	if err != nil {
		return err
	}
	receipt, err := w.Pipeline.Predict(ctx, plan, item.Shard, spool{w.Objects, item.Plan})
	if errors.Is(err, store.ErrNoUpload) {
		// The execution has ended: that is no cause of it.
		return errors.Join(err, w.leaveNothing(ctx, plan, item.Plan))
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx) // says what ran out
	}
	if err != nil {
		return errors.Join(err, w.confess(ctx, plan, item, err))
	}
	receipt.Usage = measured()
	return w.leave(ctx, plan, item, "receipts", receipt)
}

// confess leaves a shard's error where undo finds it: the state machine says of
// a Distributed Map only that one of its shards failed. The receipt of an
// earlier round, which would say that the shard is done, goes.
func (w *Workflow) confess(ctx context.Context, plan *job.Plan, item Item, err error) error {
	ctx = context.WithoutCancel(ctx)
	if err := w.Objects.Delete(ctx, ofShard(item, "receipts")); err != nil {
		return err
	}
	return w.leave(ctx, plan, item, "failures", job.NewErrorBody(err))
}

// leave stores what a shard came to, unless the execution has ended: it deletes
// its plan before all else, so either it finds what was left, or the plan is
// gone. Then a part may have come too late for Abort as well.
func (w *Workflow) leave(ctx context.Context, plan *job.Plan, item Item, folder string, v any) error {
	uri := ofShard(item, folder)
	if err := w.putJSON(ctx, uri, v); err != nil {
		return err
	}
	return w.leaveNothing(ctx, plan, item.Plan)
}

// leaveNothing deletes what a worker left whose execution has ended.
func (w *Workflow) leaveNothing(ctx context.Context, plan *job.Plan, at job.URI) error {
	_, err := w.Pipeline.Store.Stat(ctx, at)
	if there, err := exists(err); there || err != nil {
		return err
	}
	return errors.Join(w.cleanUp(ctx, at), w.Pipeline.Abort(ctx, plan))
}

// spool is where the workers of one plan leave the rows that they reject.
type spool struct {
	objects Objects
	plan    job.URI
}

// Put implements pipeline.Spool.
func (s spool) Put(ctx context.Context, name string, data []byte) error {
	return s.objects.Put(ctx, below(s.plan, "rejects/"+name), "application/octet-stream", data)
}

// Get implements pipeline.Spool.
func (s spool) Get(ctx context.Context, name string) ([]byte, error) {
	return s.objects.Get(ctx, below(s.plan, "rejects/"+name))
}

func ofShard(item Item, folder string) job.URI {
	return below(item.Plan, fmt.Sprintf("%s/%05d", folder, item.Number))
}
