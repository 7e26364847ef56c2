package pipeline

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"brine/functions/internal/job"
	"brine/functions/internal/table"
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

// reject is a record that is left out of the result.
type reject struct {
	start, next int        // where it begins in its block, and the next line
	err         *job.Error // its row counted from the block's first
	line        int64      // lines of the block before it
	told        int        // the end of what block.told has of it
}

// tell writes what is told of the block's rejects beside their places, as CSV,
// and counts the block's lines, up to each of them and in all.
func (e *engine) tell(b *block) {
	b.told.Reset()
	w := csv.NewWriter(&b.told)
	lines, at := 0, 0
	for i := range b.rejects {
		r := &b.rejects[i]
		lines += bytes.Count(b.raw[at:r.start], []byte{'\n'})
		at = r.start
		record := table.TrimNewline(b.raw[r.start:r.next])
		value := e.layout.Cell(record, r.err.Column)
		if value == nil {
			value = []byte(r.err.Value)
		}
		w.Write([]string{r.err.Column, string(value), job.NewCellError(r.err).Message, string(record)})
		w.Flush() // to a buffer, which takes all
		r.line, r.told = int64(lines), b.told.Len()
	}
	b.seen.rejected.Lines = int64(lines + bytes.Count(b.raw[at:], []byte{'\n'}))
	b.seen.rejected.Bytes = int64(len(b.raw))
}

// rejects writes a shard's rejected rows into the spool, each as the numbers of
// lines and of bytes that are before it in the shard and of bytes that follow, in
// the form of encoding/binary's Uvarint, and then what is told of it.
type rejects struct {
	ctx    context.Context
	spool  Spool
	shard  job.Shard
	buf    []byte
	pieces int
}

// add adds a block's rows; before is what came before it.
func (r *rejects) add(b *block, before job.Rejected) error {
	at := 0
	for _, row := range b.rejects {
		told := b.told.Bytes()[at:row.told]
		at = row.told
		r.buf = binary.AppendUvarint(r.buf, uint64(before.Lines+row.line))
		r.buf = binary.AppendUvarint(r.buf, uint64(before.Bytes+int64(row.start)))
		r.buf = binary.AppendUvarint(r.buf, uint64(len(told)))
		r.buf = append(r.buf, told...)
		if len(r.buf) >= spoolPiece {
			if err := r.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush stores what is left.
func (r *rejects) flush() error {
	if len(r.buf) == 0 {
		return nil
	}
	if err := r.spool.Put(r.ctx, pieceName(r.shard, r.pieces), r.buf); err != nil {
		return err
	}
	r.pieces++
	r.buf = r.buf[:0]
	return nil
}

// rejectsHeader names the columns of a table of rejected rows.
const rejectsHeader = "line,byte_offset,column,value,reason,rejected_record\n"

// joinRejects uploads the rejected rows of all shards as one CSV, their places
// counted from the table's begin, if there are any.
func (p *Pipeline) joinRejects(ctx context.Context, plan *job.Plan, chain []job.ShardReceipt, spool Spool) ([]job.Part, error) {
	_, rejected := countRows(chain)
	if rejected == 0 {
		return nil, nil
	}
	out := p.Store.Writer(ctx, *plan.Rejects, 1, maxParts)
	defer out.Close()
	w := bufio.NewWriter(out)
	w.WriteString(rejectsHeader) // an error stays until Flush
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
	if err := errors.Join(ctx.Err(), w.Flush()); err != nil {
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
func (p piece) append(w *bufio.Writer) (n int64, err error) {
	for data := p.data; len(data) > 0; n++ {
		var numbers [3]uint64
		for i := range numbers {
			size := 0
			if numbers[i], size = binary.Uvarint(data); size <= 0 {
				return n, p.damaged()
			}
			data = data[size:]
		}
		line, offset, told := p.line+int64(numbers[0]), p.offset+int64(numbers[1]), numbers[2]
		if told > uint64(len(data)) {
			return n, p.damaged()
		}
		row := append(strconv.AppendInt(w.AvailableBuffer(), line, 10), ',')
		row = append(strconv.AppendInt(row, offset, 10), ',')
		w.Write(row) // an error stays
		if _, err := w.Write(data[:told]); err != nil {
			return n, err
		}
		data = data[told:]
	}
	return n, nil
}

func (p piece) damaged() error {
	return &job.Error{Message: "the piece " + p.name + " of the rejected rows is damaged", Hint: "Start the job again"}
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

// noRejects leaves nothing where the rejected rows would be, of this job or of an
// earlier one.
func (p *Pipeline) noRejects(ctx context.Context, plan *job.Plan) error {
	if err := p.Store.Abort(ctx, *plan.Rejects); err != nil {
		return err
	}
	return p.Store.Delete(ctx, plan.Rejects.URI)
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
