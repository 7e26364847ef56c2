package pipeline

import (
	"context"
	"fmt"
	"log/slog"

	"brine/functions/internal/job"
)

// Predict does one shard: it reads the records that begin in its range and
// writes them with their predictions as the shard's parts; what it rejects, if
// the job does that, goes into the spool. What else is wrong with
// the data is not an error of Predict but in its receipt: only Write knows
// whether the shard was read from the right side of a quote, and how many rows
// came before it.
func (p *Pipeline) Predict(ctx context.Context, plan *job.Plan, shard job.Shard, spool Spool) (*job.ShardReceipt, error) {
	engine, err := p.open(ctx, plan)
	if err != nil {
		return nil, err
	}
	slog.InfoContext(ctx, "Reading data from "+plan.Data.URI.String(), "shard", shard.Number, "start", shard.Start, "end", shard.End)
	in, err := p.openInput(ctx, plan, shard)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	out := p.openOutput(ctx, plan, shard)
	defer out.Close()
	if shard.Number == 1 {
		if _, err := out.Write(engine.layout.AppendHeader(nil)); err != nil {
			return nil, err
		}
	}
	rejects := &rejects{ctx: ctx, spool: spool, shard: shard}
	all, err := p.stream(ctx, engine, in, out, rejects)
	if err != nil {
		return nil, err
	}
	receipt := &job.ShardReceipt{Shard: shard, Rows: all.rows, Rejected: all.rejected, Kinds: all.kinds, OddQuotes: in.Odd()}
	if all.wrong != nil {
		receipt.Error = job.NewCellError(all.wrong)
		if shard.Number > 1 {
			// Whether this error counts depends on the shards before, and whether
			// those behind are right depends on the parity of this one.
			receipt.OddQuotes, err = in.restOdd()
			return receipt, err
		}
		return receipt, nil
	}
	slog.InfoContext(ctx, fmt.Sprintf("Generated predictions for %d rows", all.rows), "shard", shard.Number)
	slog.InfoContext(ctx, "Uploading results to "+plan.Upload.URI.String(), "shard", shard.Number)
	if receipt.Parts, err = out.Commit(); err != nil {
		return nil, err
	}
	err = rejects.flush()
	receipt.Rejected.Pieces = rejects.pieces
	return receipt, err
}
