package s3store

import (
	"context"
	"io"
	"sync"
)

// A range is read in pieces, some of them ahead of the reader: one S3
// connection gives 85–90 MB/s, so a worker wants several.
const (
	pieceSize   = 8 << 20
	piecesAhead = 4
)

type piece struct {
	data []byte
	err  error
}

// whole pieces keep their memory from one to the next.
var whole = sync.Pool{New: func() any { return new([pieceSize]byte) }}

func newPiece(size int64) []byte {
	if size < pieceSize {
		return make([]byte, size)
	}
	return whole.Get().(*[pieceSize]byte)[:]
}

func release(data []byte) {
	if len(data) == pieceSize {
		whole.Put((*[pieceSize]byte)(data))
	}
}

// readAhead reads [from, to) by calls of fetch, piecesAhead at once and in order.
// fetch fills data with what is at from and behind it.
func readAhead(ctx context.Context, from, to int64, fetch func(ctx context.Context, from int64, data []byte) error) io.ReadCloser {
	ctx, cancel := context.WithCancel(ctx)
	// A piece's channel waits in the queue from its start on, so the queue's
	// length, with the one that is being sent and the one being read, is the
	// number of pieces under way.
	queue := make(chan chan piece, piecesAhead-2)
	go func() {
		defer close(queue)
		for at := from; at < to; at += pieceSize {
			next := make(chan piece, 1)
			go func() {
				data := newPiece(min(pieceSize, to-at))
				next <- piece{data, fetch(ctx, at, data)}
			}()
			select {
			case queue <- next:
			case <-ctx.Done():
				return
			}
		}
	}()
	return &aheadReader{ctx: ctx, cancel: cancel, queue: queue}
}

type aheadReader struct {
	ctx    context.Context
	cancel context.CancelFunc
	queue  chan chan piece
	piece  []byte
	left   []byte // of it
	err    error
}

func (r *aheadReader) Read(p []byte) (int, error) {
	for len(r.left) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		release(r.piece)
		r.piece, r.err = r.next()
		r.left = r.piece
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}

func (r *aheadReader) next() ([]byte, error) {
	waiting, ok := <-r.queue
	if !ok {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	select {
	case got := <-waiting:
		if got.err != nil {
			return nil, got.err
		}
		return got.data, nil
	case <-r.ctx.Done():
		return nil, r.ctx.Err()
	}
}

// Close stops what is still under way.
func (r *aheadReader) Close() error {
	r.cancel()
	return nil
}
