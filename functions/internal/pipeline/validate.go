package pipeline

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime/debug"
	"time"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
	"brine/functions/internal/table"
)

// maxParts is S3's limit on the parts of one upload.
const maxParts = 10_000

// Validate checks model and header, plans the shards and, when all is well,
// opens the result's upload. Whoever calls it owns the upload: Write or Abort.
func (p *Pipeline) Validate(ctx context.Context, r job.Request) (*job.Plan, error) {
	plan := &job.Plan{Request: r, Began: time.Now().UTC()}
	var model, data []byte // the first of either, if they came along
	err := both(func() (err error) {
		plan.Model, model, err = p.models.pin(ctx, p.Store, r.Model)
		return about("Model", r.Model, err)
	}, func() (err error) {
		plan.Data, data, err = p.Store.Peek(ctx, r.Data, table.MaxHeader)
		return about("Data", r.Data, err)
	})
	if err != nil {
		return nil, err
	}
	if err := p.plan(ctx, plan, data); err != nil {
		return nil, about("Data", r.Data, err)
	}
	kept, err := p.models.get(ctx, p.Store, plan.Model, model, p.Receipts)
	if err != nil {
		return nil, err
	}
	plan.ModelSHA256 = kept.sum
	engine, err := p.open(ctx, plan)
	if err != nil {
		return nil, err
	}
	plan.ModelClass, plan.ModelVersion = engine.model.Class, engine.model.Version
	plan.Features, plan.Columns = engine.features, engine.layout.Columns()
	return plan, p.begin(ctx, plan)
}

// both runs two functions side by side and returns when both have ended. If both
// fail, the first one's error counts; a panic of either is one of the caller, and
// so is a fault at memory that a file is mapped into (store.Use).
func both(f, g func() error) error {
	var err error
	var panicked any
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { panicked = recover() }()
		debug.SetPanicOnFault(true) // of this goroutine
		err = f()
	}()
	other := func() error {
		defer func() { <-done }()
		return g()
	}()
	switch {
	case panicked != nil:
		panic(panicked)
	case err != nil:
		return err
	}
	return other
}

// begin opens a plan's uploads, both or none.
func (p *Pipeline) begin(ctx context.Context, plan *job.Plan) (err error) {
	if plan.Upload, err = p.Store.Begin(ctx, plan.Request.Output); err != nil || !plan.Request.Rejects() {
		return err
	}
	rejects, err := p.Store.Begin(ctx, plan.Request.RejectsURI())
	if err != nil {
		return errors.Join(err, p.Abort(context.WithoutCancel(ctx), plan))
	}
	plan.Rejects = &rejects
	return nil
}

// plan fills in the header and the shards, given the table's first bytes or nil.
// A table that is there whole need not be read again.
func (p *Pipeline) plan(ctx context.Context, plan *job.Plan, first []byte) error {
	if first == nil {
		return store.Use(ctx, p.Store, plan.Data, table.MaxHeader, func(first []byte) error {
			return p.cut(plan, first)
		})
	}
	if err := p.cut(plan, first); err != nil {
		return err
	}
	if int64(len(first)) == plan.Data.Size && !plan.Compressed {
		plan.Table = first
	}
	return nil
}

// cut fills in the header and the shards, given the table's first bytes, of which
// it keeps none.
func (p *Pipeline) cut(plan *job.Plan, first []byte) error {
	whole := int64(len(first)) == plan.Data.Size
	plan.Compressed = bytes.HasPrefix(first, []byte{0x1f, 0x8b})
	if plan.Compressed {
		var err error
		if first, whole, err = inflate(first, whole); err != nil {
			return err
		}
	}
	header, err := table.ReadHeader(first, whole)
	if err != nil {
		return err
	}
	plan.Header = bytes.Clone(first[:header.Size])
	if whole && int64(len(first)) == header.Size {
		return errNoRows()
	}
	plan.Shards = p.shards(plan)
	plan.PartsPerShard = maxParts / len(plan.Shards)
	return nil
}

func errNoRows() *job.Error {
	return job.Invalid("the table has a header but no rows")
}

// shards cuts the table's records into ranges of ShardSize. A compressed table
// can only be read from its start, so it is one shard.
func (p *Pipeline) shards(plan *job.Plan) []job.Shard {
	start := int64(len(plan.Header))
	if plan.Compressed {
		return []job.Shard{{Number: 1, Start: 0, End: plan.Data.Size}}
	}
	size := plan.Data.Size - start
	if p.ShardSize > 0 {
		size = max(p.ShardSize, (size+maxParts-1)/maxParts)
	}
	var shards []job.Shard
	for at := start; at < plan.Data.Size; at += size {
		end := min(at+size, plan.Data.Size)
		shards = append(shards, job.Shard{Number: len(shards) + 1, Start: at, End: end})
	}
	return shards
}

// inflate returns up to table.MaxHeader bytes of what the first bytes of a gzip
// file hold, and whether they are all that the file holds.
func inflate(first []byte, whole bool) (plain []byte, all bool, err error) {
	plain, err = io.ReadAll(io.LimitReader(newGunzip(bytes.NewReader(first)), table.MaxHeader))
	if cut := errors.Is(err, io.ErrUnexpectedEOF) && !whole; err != nil && !cut {
		return nil, false, err
	}
	return plain, whole && len(plain) < table.MaxHeader, nil
}

// open builds a plan's engine.
func (p *Pipeline) open(ctx context.Context, plan *job.Plan) (*engine, error) {
	header, err := table.ReadHeader(plan.Header, true)
	if err != nil {
		return nil, err
	}
	return p.engine(ctx, plan.Model, header, plan.Request)
}

// Abort drops a plan's uploads.
func (p *Pipeline) Abort(ctx context.Context, plan *job.Plan) error {
	err := p.Store.Abort(ctx, plan.Upload)
	if plan.Rejects != nil {
		err = errors.Join(err, p.Store.Abort(ctx, *plan.Rejects))
	}
	return err
}
