package pipeline

import (
	"bytes"
	"context"
	"io"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
	"brine/functions/internal/table"
)

// blockSize is how many bytes of table are parsed and predicted at a time: few
// enough for its rows to stay in a processor's cache from step to step.
const blockSize = 128 << 10

// blocks is how many bytes a block has, and how many blocks there are for each
// worker: whoever reads and writes shares the processors with the workers, which
// are to have some while it waits for its turn.
type blocks struct{ size, each int }

// blocksFor returns few large blocks for a model larger than a processor's
// cache, as all of it passes through that once a block.
func blocksFor(model job.Object) blocks {
	const cache = 16 << 20
	if model.Size < cache {
		return blocks{blockSize, 4}
	}
	return blocks{16 * blockSize, 2}
}

// input is one shard's records.
type input struct {
	*table.Splitter
	blocks blocks
	source io.Closer
	read   *int64 // bytes of the stored table that were read
	size   int64  // bytes of the stored table
}

func (in *input) Close() error { return in.source.Close() }

// restOdd reads what is left and returns the parity of the shard's quotes.
func (in *input) restOdd() (bool, error) {
	var block []byte
	for {
		var err error
		if block, err = in.Next(block); err == io.EOF {
			return in.Odd(), nil
		} else if err != nil {
			return false, err
		}
	}
}

// openInput reads a shard: from the byte before it, which tells whether a
// record begins with it, to the end of its last record.
func (p *Pipeline) openInput(ctx context.Context, plan *job.Plan, shard job.Shard) (*input, error) {
	if plan.Compressed {
		return p.openCompressed(ctx, plan)
	}
	r := &stretched{ctx: ctx, store: p.Store, data: plan.Data, at: shard.Start - 1, until: shard.End}
	if plan.Table != nil {
		r.part = io.NopCloser(bytes.NewReader(plan.Table[r.at:]))
		r.at, r.until = plan.Data.Size, plan.Data.Size
	}
	blocks := blocksFor(plan.Model)
	s, err := table.NewRangeSplitter(r, shard.End-shard.Start, blocks.size, shard.Quoted)
	if err != nil {
		r.Close()
		return nil, err
	}
	return &input{s, blocks, r, &r.read, plan.Data.Size}, nil
}

// openCompressed reads a gzip table behind its header.
func (p *Pipeline) openCompressed(ctx context.Context, plan *job.Plan) (*input, error) {
	r := &stretched{ctx: ctx, store: p.Store, data: plan.Data, until: plan.Data.Size}
	z := newGunzip(r)
	if _, err := io.CopyN(io.Discard, z, int64(len(plan.Header))); err != nil {
		r.Close()
		return nil, err
	}
	blocks := blocksFor(plan.Model)
	return &input{table.NewSplitter(z, blocks.size), blocks, r, &r.read, plan.Data.Size}, nil
}

// stretched reads a range of a table and, if it is asked for more, goes on
// behind it in steps: a shard's last record can end anywhere, but mostly does
// so at once. Its end is io.EOF itself: an error that wraps that is a store's
// whose connection was closed.
type stretched struct {
	ctx       context.Context
	store     store.Store
	data      job.Object
	at, until int64
	step      int64
	read      int64
	part      io.ReadCloser
}

const firstStep = 64 << 10

func (s *stretched) Read(p []byte) (int, error) {
	for {
		if s.part == nil {
			if err := s.next(); err != nil {
				return 0, err
			}
		}
		n, err := s.part.Read(p)
		s.read += int64(n)
		if n > 0 || err != io.EOF {
			return n, err
		}
		s.part.Close()
		s.part = nil
	}
}

// next opens the range, or the next step behind it.
func (s *stretched) next() (err error) {
	if s.at == s.until {
		s.step = min(max(2*s.step, firstStep), 8<<20)
		s.until = min(s.at+s.step, s.data.Size)
	}
	if s.at >= s.until {
		return io.EOF
	}
	s.part, err = s.store.Read(s.ctx, s.data, s.at, s.until)
	s.at = s.until
	return err
}

func (s *stretched) Close() error {
	if s.part == nil {
		return nil
	}
	return s.part.Close()
}
