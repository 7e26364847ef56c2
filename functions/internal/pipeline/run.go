package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"brine/functions/internal/job"
)

// Run does a whole job in this process, shard after shard. Whatever happens, no
// upload is left open.
func (p *Pipeline) Run(ctx context.Context, r job.Request) (*job.Receipt, error) {
	measured := p.measure()
	plan, err := p.Validate(ctx, r)
	if err != nil {
		return nil, err
	}
	plan.Usage = measured()
	spool := &tempSpool{}
	defer spool.Close()
	receipt, err := p.run(ctx, plan, spool)
	if err != nil {
		// The job's own context may be what ended it.
		if abortErr := p.Abort(context.WithoutCancel(ctx), plan); abortErr != nil {
			return nil, fmt.Errorf("%w (and its upload could not be aborted: %v)", err, abortErr)
		}
	}
	return receipt, err
}

func (p *Pipeline) run(ctx context.Context, plan *job.Plan, spool Spool) (*job.Receipt, error) {
	receipts := map[int]job.ShardReceipt{}
	spent := job.Spent{Validate: plan.Usage, Requests: 1}
	todo := plan.Shards
	for round := 0; ; round++ {
		if err := CheckRound(round); err != nil {
			return nil, err
		}
		for _, shard := range todo {
			measured := p.measure()
			r, err := p.Predict(ctx, plan, shard, spool)
			if err != nil {
				return nil, err
			}
			spent.Predict.Add(measured())
			receipts[shard.Number] = *r
		}
		measured := p.measure()
		again, receipt, err := p.Write(ctx, plan, slices.Collect(maps.Values(receipts)), spool)
		if err != nil {
			return nil, err
		}
		spent.Write.Add(measured())
		if len(again) == 0 {
			if p.Receipts {
				spent.Write.PeakMemory = peakMemory()
			}
			receipt.Account(plan.Began, spent)
			return receipt, nil
		}
		todo = again
	}
}

// CheckRound ends a job that repairs the same shards over and over: shards are
// right after a round for their quotes, one for their size, and one for each
// late worker that replaced a part.
func CheckRound(round int) error {
	const limit = 10
	if round < limit {
		return nil
	}
	return &job.Error{Message: fmt.Sprintf("the result is not complete after %d rounds of repairs", limit)}
}
