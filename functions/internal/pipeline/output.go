package pipeline

import (
	"context"
	"io"

	"github.com/klauspost/compress/gzip"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
)

// output is one shard's share of the result.
type output struct {
	io.Writer
	zip   *gzip.Writer // nil if the result is not compressed
	parts store.PartWriter
}

// openOutput writes a shard's parts. The gzip members of the shards of a
// compressed result are one gzip file when they are joined.
func (p *Pipeline) openOutput(ctx context.Context, plan *job.Plan, shard job.Shard) *output {
	first := (shard.Number-1)*plan.PartsPerShard + 1
	parts := p.Store.Writer(ctx, plan.Upload, first, plan.PartsPerShard)
	if !plan.Request.Output.Gzip() {
		return &output{Writer: parts, parts: parts}
	}
	z := gzip.NewWriter(parts)
	return &output{Writer: z, zip: z, parts: parts}
}

// Commit stores what is left and returns the parts.
func (o *output) Commit() ([]job.Part, error) {
	if o.zip != nil {
		if err := o.zip.Close(); err != nil {
			return nil, err
		}
	}
	return o.parts.Commit()
}

// Close lets go of what is held, committed or not.
func (o *output) Close() error { return o.parts.Close() }
