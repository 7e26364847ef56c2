package pipeline

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"

	"brine/functions/internal/job"
)

// Spool keeps the rejected rows of a job's shards, in pieces of some megabytes,
// until Write joins them.
type Spool interface {
	Put(ctx context.Context, name string, data []byte) error
	Get(ctx context.Context, name string) ([]byte, error)
}

// spoolPiece is the size, in bytes, at which a piece of a spool is full.
const spoolPiece = 4 << 20

// pieceName is the same for the same rows: a shard that is done once more in
// another range or from the other side of a quote leaves other pieces.
func pieceName(shard job.Shard, piece int) string {
	return fmt.Sprintf("%05d-%d-%t-%05d", shard.Number, shard.End, shard.Quoted, piece)
}

// rejects writes a shard's rejected rows into the spool, each a line of JSON.
type rejects struct {
	ctx    context.Context
	spool  Spool
	shard  job.Shard
	buf    bytes.Buffer
	pieces int
}

// add adds a block's rows, whose places are counted from the block's begin;
// before is what came before it.
func (r *rejects) add(rows []job.RejectedRow, before job.Rejected) error {
	enc := json.NewEncoder(&r.buf)
	for _, row := range rows {
		row.Line += before.Lines
		row.Offset += before.Bytes
		if err := enc.Encode(row); err != nil {
			return err
		}
		if r.buf.Len() >= spoolPiece {
			if err := r.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush stores what is left.
func (r *rejects) flush() error {
	if r.buf.Len() == 0 {
		return nil
	}
	if err := r.spool.Put(r.ctx, pieceName(r.shard, r.pieces), r.buf.Bytes()); err != nil {
		return err
	}
	r.pieces++
	r.buf.Reset()
	return nil
}

// rejectsHeader names the columns of a table of rejected rows.
var rejectsHeader = []string{"line", "byte_offset", "column", "value", "reason", "rejected_record"}

// joinRejects uploads the rejected rows of all shards as one CSV, their places
// counted from the table's begin. If there are none, nothing is left of those
// of an earlier job.
func (p *Pipeline) joinRejects(ctx context.Context, plan *job.Plan, chain []job.ShardReceipt, spool Spool) ([]job.Part, error) {
	_, rejected := countRows(chain)
	if rejected == 0 {
		if err := p.Store.Abort(ctx, *plan.Rejects); err != nil {
			return nil, err
		}
		return nil, p.Store.Delete(ctx, plan.Rejects.URI)
	}
	out := p.Store.Writer(ctx, *plan.Rejects, 1, maxParts)
	defer out.Close()
	w := csv.NewWriter(out)
	w.Write(rejectsHeader) // an error stays until Flush
	var written int64
	for piece, err := range fetch(ctx, spool, spooled(plan, chain)) {
		if err != nil {
			return nil, err
		}
		n, err := piece.append(w)
		if err != nil {
			return nil, err
		}
		written += n
	}
	w.Flush()
	if err := errors.Join(ctx.Err(), w.Error()); err != nil {
		return nil, err
	}
	if written != rejected {
		return nil, &job.Error{Message: fmt.Sprintf("%d rows were rejected, but the spool has %d", rejected, written)}
	}
	return out.Commit()
}

// piece is a piece of the spool.
type piece struct {
	name         string
	line, offset int64 // at which its shard begins
	data         []byte
}

// spooled lists the pieces that the shards left, in the order of the table.
func spooled(plan *job.Plan, chain []job.ShardReceipt) (all []piece) {
	line, offset := int64(1+bytes.Count(plan.Header, []byte{'\n'})), int64(len(plan.Header))
	for _, r := range chain {
		for i := range r.Rejected.Pieces {
			all = append(all, piece{name: pieceName(r.Shard, i), line: line, offset: offset})
		}
		line, offset = line+r.Rejected.Lines, offset+r.Rejected.Bytes
	}
	return all
}

// fetch gets pieces in their order, some ahead of what is asked for. It ends
// early if ctx does.
func fetch(ctx context.Context, spool Spool, pieces []piece) iter.Seq2[piece, error] {
	const ahead = 8
	type fetched struct {
		piece
		err error
	}
	return func(yield func(piece, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		queue := make(chan chan fetched, ahead)
		go func() {
			defer close(queue)
			for _, p := range pieces {
				next := make(chan fetched, 1)
				select {
				case queue <- next:
				case <-ctx.Done():
					return
				}
				go func() {
					var err error
					p.data, err = spool.Get(ctx, p.name)
					next <- fetched{p, err}
				}()
			}
		}()
		for next := range queue {
			if got := <-next; !yield(got.piece, got.err) {
				return
			}
		}
	}
}

// append writes the piece's rows as CSV and returns how many they are.
func (p piece) append(w *csv.Writer) (n int64, err error) {
	for rows := json.NewDecoder(bytes.NewReader(p.data)); ; n++ {
		var r job.RejectedRow
		if err := rows.Decode(&r); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, fmt.Errorf("reading rejected rows from the spool: %w", err)
		}
		err := w.Write([]string{
			strconv.FormatInt(p.line+r.Line, 10), strconv.FormatInt(p.offset+r.Offset, 10),
			r.Column, string(r.Value), r.Reason, string(r.Record),
		})
		if err != nil {
			return n, err
		}
	}
}

// completeRejects makes the rejected rows seen. Only this job completes their
// upload, so if it is gone when Write is repeated, they are there.
func (p *Pipeline) completeRejects(ctx context.Context, plan *job.Plan, parts []job.Part) (*job.Object, error) {
	var object job.Object
	var err error
	if parts == nil {
		object, err = p.Store.Stat(ctx, plan.Rejects.URI)
	} else {
		object, err = p.Store.Complete(ctx, *plan.Rejects, parts)
	}
	return &object, err
}

// checkRate refuses a table of which too many rows were rejected.
func checkRate(r job.Request, chain []job.ShardReceipt) error {
	rows, rejected := countRows(chain)
	all := rows + rejected
	if !r.Rejects() || float64(rejected)/float64(all) <= r.MaxErrorRate {
		return nil
	}
	return job.Invalid("%d of %d rows cannot be predicted (%.3g %%), more than max_error_rate %v allows; the first: %v",
		rejected, all, 100*float64(rejected)/float64(all), r.MaxErrorRate, firstRejected(chain)).
		WithHint("Mend the rows, or raise max_error_rate")
}

// firstRejected says what is wrong with the first row that was rejected.
func firstRejected(chain []job.ShardReceipt) error {
	for i, r := range chain {
		if r.Rejected.First != nil {
			rows, rejected := countRows(chain[:i])
			return r.Rejected.First.Err(rows + rejected)
		}
	}
	return nil
}
