package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"sync"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/table"
)

// block is the work on one block of records, and the memory for it.
type block struct {
	*desk
	raw     []byte
	rows    table.Rows
	out     []byte
	seen    seen
	rejects []reject
	told    bytes.Buffer // what is told of them
	read    int64        // bytes of the stored table that were read up to here
	err     error
	done    chan struct{}
}

// desk is a worker's memory for the block that it works on.
type desk struct {
	mem frame.Arena
	x   *frame.Frame // what was parsed last, nil if that could not be
	sieve
}

// seen is what a stream's blocks had.
type seen struct {
	rows     int64  // that were predicted
	kinds    []byte // table.Kinds of each feature
	rejected job.Rejected
	wrong    *job.Error // what ended it early, if that is the table's fault
}

// all is how many rows there were.
func (s *seen) all() int64 { return s.rows + s.rejected.Rows }

// add adds what comes behind.
func (s *seen) add(more *seen) {
	if first := more.rejected.First; first != nil && s.rejected.First == nil {
		first.Row += s.all()
		s.rejected.First = first
	}
	s.rows += more.rows
	s.kinds = join(s.kinds, more.kinds)
	s.rejected.Rows += more.rejected.Rows
	s.rejected.Bytes += more.rejected.Bytes
	s.rejected.Lines += more.rejected.Lines
}

// join adds what a block or a shard has of each feature.
func join[K ~byte](all []byte, more []K) []byte {
	if len(all) == 0 {
		all = append(all, make([]byte, len(more))...)
	}
	for i, k := range more {
		all[i] |= byte(k)
	}
	return all
}

// stream parses and predicts blocks on all processors and writes them in their
// order. It returns what it wrote and what was wrong first in the order of the
// table, whose Row is counted from the stream's first. An error is not the
// table's fault; none of writing is, of whatever type.
func (p *Pipeline) stream(ctx context.Context, e *engine, in *input, out io.Writer, rejects *rejects) (seen, error) {
	var running sync.WaitGroup
	defer running.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before the wait: what runs may be waiting for blocks
	n := workers()
	free := make(chan *block, in.blocks.each*n)
	for range cap(free) {
		free <- &block{done: make(chan struct{}, 1)}
	}
	todo, order := make(chan *block, cap(free)), make(chan *block, cap(free))

	running.Go(func() { split(ctx, in, free, todo, order) })
	for range n {
		running.Go(func() {
			var desk desk
			for b := range todo {
				b.desk = &desk
				if b.err = context.Cause(ctx); b.err == nil {
					e.predict(b)
				}
				b.done <- struct{}{}
			}
		})
	}
	return p.collect(ctx, in, free, order, out, rejects)
}

// split reads blocks until the input ends; an error of the input takes a
// block's place.
func split(ctx context.Context, in *input, free <-chan *block, todo, order chan<- *block) {
	defer close(todo)
	defer close(order)
	for {
		var b *block
		select {
		case b = <-free:
		case <-ctx.Done():
			return
		}
		b.raw, b.err = in.Next(b.raw)
		b.read = *in.read
		if b.err == io.EOF {
			return
		}
		order <- b
		if b.err != nil {
			b.done <- struct{}{}
			return
		}
		todo <- b
	}
}

// predict fills a block's output. What nobody could foresee fails the job, not
// the process.
func (e *engine) predict(b *block) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error(fmt.Sprint(r), "stack", string(debug.Stack()))
			b.err = &job.Error{Message: fmt.Sprintf("internal error: %v", r)}
		}
	}()
	b.out, b.rejects = b.out[:0], b.rejects[:0]
	b.seen = seen{kinds: b.seen.kinds[:0]}
	if b.err = e.sift(b); b.err == nil && e.reject {
		e.tell(b)
	}
}

// rows predicts whole records of a block and appends them to its output.
func (e *engine) rows(b *block, records []byte) error {
	b.mem.Reset()
	var err error
	if b.x, err = e.layout.Parse(records, &b.mem, &b.rows); err != nil {
		return err
	}
	if b.x.Rows == 0 { // blank lines
		b.out = append(b.out, records...)
		return nil
	}
	predictions, err := e.model.Predict(b.x)
	if err != nil {
		return err
	}
	b.out = e.layout.AppendRows(b.out, &b.rows, predictions)
	b.seen.rows += int64(b.rows.Count)
	b.seen.kinds = join(b.seen.kinds, b.rows.Kinds)
	return nil
}

// collect writes the blocks in their order.
func (p *Pipeline) collect(ctx context.Context, in *input, free chan<- *block, order <-chan *block, out io.Writer, rejects *rejects) (all seen, err error) {
	for b := range order {
		<-b.done
		if b.err != nil {
			err := after(all.all(), b.err)
			if wrong := (*job.Error)(nil); errors.As(err, &wrong) && wrong.Type == job.ValidationError {
				all.wrong, err = wrong, nil
			}
			return all, err
		}
		if _, err := out.Write(b.out); err != nil {
			return all, err
		}
		if err := rejects.add(b, all.rejected); err != nil {
			return all, err
		}
		all.add(&b.seen)
		if p.Progress != nil {
			p.Progress(b.read, in.size)
		}
		free <- b
	}
	return all, ctx.Err()
}

// after counts an error's row from the stream's first, given the rows before
// its block.
func after(rows int64, err error) error {
	var e *job.Error
	if !errors.As(err, &e) || e.Row == 0 {
		return err
	}
	moved := *e
	moved.Row += rows
	return &moved
}
