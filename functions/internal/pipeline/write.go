package pipeline

import (
	"context"
	"errors"
	"fmt"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
	"brine/functions/internal/table"
)

// Write completes the result from the shards' receipts, or returns the shards
// that must be done (again) before it can: those without a receipt, those that
// began inside a quoted cell although that was not assumed, those that are too
// small to be parts, joined with what follows them, and those whose parts are
// not there as they were written. It may be repeated once the result is there.
//
// What the shards rejected is joined from the spool; without its rejects a
// result is not completed.
func (p *Pipeline) Write(ctx context.Context, plan *job.Plan, receipts []job.ShardReceipt, spool Spool) (again []job.Shard, result *job.Receipt, err error) {
	chain, again, err := follow(plan, receipts)
	if err != nil {
		return nil, nil, about("Data", plan.Data.URI, err)
	}
	if len(again) == 0 {
		again = tooSmall(chain, p.Store.MinPart())
	}
	if len(again) > 0 {
		return again, nil, nil
	}
	again, err = p.check(ctx, plan, chain)
	if errors.Is(err, store.ErrNoUpload) {
		err = nil // Complete tells whether it was this job that completed it
	}
	if err != nil || len(again) > 0 {
		return again, nil, err
	}
	result, err = p.complete(ctx, plan, chain, spool)
	return nil, result, err
}

// complete makes result and rejects seen, once the store has taken all of both:
// a small one is only put now by a process alone (s3store.Alone). Until the
// result is there, an earlier one and its rejects stay.
func (p *Pipeline) complete(ctx context.Context, plan *job.Plan, chain []job.ShardReceipt, spool Spool) (*job.Receipt, error) {
	var rejects []job.Part
	if plan.Rejects != nil {
		var err error
		if rejects, err = p.joinRejects(ctx, plan, chain, spool); err != nil && !errors.Is(err, store.ErrNoUpload) {
			return nil, err
		}
	}
	var parts []job.Part
	for _, r := range chain {
		parts = append(parts, r.Parts...)
	}
	object, err := p.Store.Complete(ctx, plan.Upload, parts)
	if err != nil {
		return nil, err
	}
	receipt := receiptOf(plan, chain, object)
	switch {
	case plan.Rejects == nil:
	case receipt.Rejected.Rows > 0:
		receipt.Rejected.Object, err = p.completeRejects(ctx, plan, rejects)
	default:
		err = p.noRejects(ctx, plan)
	}
	return receipt, err
}

// follow puts the receipts into the order of the table and finds the shards
// that have none or that assumed their start wrongly. A receipt that lies
// within another's range belongs to a shard that has been joined with it. The
// error is the table's first one, once all before it is known to be right.
func follow(plan *job.Plan, receipts []job.ShardReceipt) (chain []job.ShardReceipt, again []job.Shard, err error) {
	byStart := map[int64]job.ShardReceipt{}
	for _, r := range receipts {
		byStart[r.Start] = r
	}
	planned := map[int64]job.Shard{}
	for _, s := range plan.Shards {
		planned[s.Start] = s
	}
	quoted := false
	for at := plan.Shards[0].Start; at < plan.Data.Size; {
		s, known := planned[at]
		r, done := byStart[at]
		if !known || s.End <= at || done && r.End < s.End {
			return nil, nil, &job.Error{Message: fmt.Sprintf("the plan's shards and their receipts do not follow one another at byte %d", at), Hint: "Start the job again"}
		}
		if !done {
			again = append(again, s)
			at, quoted = s.End, false
			continue
		}
		if r.Quoted != quoted {
			r.Shard.Quoted = quoted
			again = append(again, r.Shard)
		}
		if len(again) == 0 && r.Error != nil {
			rows, rejected := countRows(chain)
			return nil, nil, r.Error.Err(rows + rejected)
		}
		chain = append(chain, r)
		at, quoted = r.End, quoted != r.OddQuotes
	}
	if len(again) > 0 {
		return chain, again, nil
	}
	return chain, nil, checkWhole(plan, chain)
}

// checkWhole refuses what only the whole table shows.
func checkWhole(plan *job.Plan, chain []job.ShardReceipt) error {
	if rows, rejected := countRows(chain); rows+rejected == 0 {
		return errNoRows()
	}
	if err := checkRate(plan.Request, chain); err != nil {
		return err
	}
	var kinds []byte
	for _, r := range chain {
		kinds = join(kinds, r.Kinds)
	}
	all := make([]table.Kinds, len(kinds))
	for i, k := range kinds {
		all[i] = table.Kinds(k)
	}
	return table.CheckKinds(plan.Features, all)
}

// countRows returns how many rows were predicted and how many rejected.
func countRows(chain []job.ShardReceipt) (rows, rejected int64) {
	for _, r := range chain {
		rows += r.Rows
		rejected += r.Rejected.Rows
	}
	return rows, rejected
}

// tooSmall joins each shard whose output is below the smallest part with the
// ones behind it until they make one. Only the last may stay small.
func tooSmall(chain []job.ShardReceipt, smallest int64) (joined []job.Shard) {
	for i := 0; i < len(chain); i++ {
		size := outputSize(chain[i])
		if size >= smallest || i == len(chain)-1 {
			continue
		}
		s := chain[i].Shard
		for size < smallest && i < len(chain)-1 {
			i++
			size += outputSize(chain[i])
			s.End = chain[i].End
		}
		joined = append(joined, s)
	}
	return joined
}

func outputSize(r job.ShardReceipt) (size int64) {
	for _, p := range r.Parts {
		size += p.Size
	}
	return size
}

// check finds the shards whose parts are not what the store says it has: to S3
// a missing part is no error, and a worker that was given up can still replace
// one. And it makes sure that the result is still wanted: model and data must
// be those of the plan.
func (p *Pipeline) check(ctx context.Context, plan *job.Plan, chain []job.ShardReceipt) (again []job.Shard, err error) {
	var stored []job.Part
	var replaced error
	err = both(func() (err error) {
		stored, err = p.Store.Parts(ctx, plan.Upload)
		return err
	}, func() error {
		if plan.Table == nil { // else each was read at once, in the state that the plan names
			replaced = both(func() error { return p.same(ctx, "Model", plan.Model) }, func() error { return p.same(ctx, "Data", plan.Data) })
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	byNumber := map[int]job.Part{}
	for _, part := range stored {
		byNumber[part.Number] = part
	}
	for _, r := range chain {
		for _, want := range r.Parts {
			if got := byNumber[want.Number]; got.Size != want.Size || got.ETag != want.ETag || got.Number != want.Number {
				again = append(again, r.Shard)
				break
			}
		}
	}
	if len(again) > 0 {
		return again, nil
	}
	return nil, replaced
}

// same refuses an object that is not what it was when it was pinned.
func (p *Pipeline) same(ctx context.Context, what string, pinned job.Object) error {
	now, err := p.Store.Stat(ctx, pinned.URI)
	if err == nil && now.ETag != pinned.ETag {
		return store.Replaced(pinned.URI)
	}
	return about(what, pinned.URI, err)
}

func receiptOf(plan *job.Plan, chain []job.ShardReceipt, result job.Object) *job.Receipt {
	rows, rejected := countRows(chain)
	return &job.Receipt{
		Status: job.StatusSucceeded, Column: plan.Request.Column, Rows: rows, Shards: len(chain),
		Model:    job.ModelReceipt{Object: plan.Model, SHA256: plan.ModelSHA256, Class: plan.ModelClass, Version: plan.ModelVersion},
		Data:     job.DataReceipt{Object: plan.Data, Rows: rows + rejected},
		Result:   job.ResultReceipt{Object: result, Rows: rows, Columns: plan.Columns},
		Rejected: job.RejectedReceipt{Rows: rejected},
		Program:  "brine " + Version,
	}
}
