package s3store

import (
	"context"
	"io"
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

// readAhead reads [from, to) by calls of fetch, piecesAhead at once and in order.
func readAhead(ctx context.Context, from, to int64, fetch func(ctx context.Context, from, to int64) ([]byte, error)) io.ReadCloser {
	ctx, cancel := context.WithCancel(ctx)
	// A piece's channel waits in the queue from its start on, so the queue's
	// length, with the one that is being sent and the one being read, is the
	// number of pieces under way.
	queue := make(chan chan piece, piecesAhead-2)
	go func() {
		defer close(queue)
		for at := from; at < to; at += pieceSize {
			next := make(chan piece, 1)
			go func(at int64) {
				data, err := fetch(ctx, at, min(at+pieceSize, to))
				next <- piece{data, err}
			}(at)
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
	left   []byte
	err    error
}

func (r *aheadReader) Read(p []byte) (int, error) {
	for len(r.left) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.left, r.err = r.next()
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
		return got.data, got.err
	case <-r.ctx.Done():
		return nil, r.ctx.Err()
	}
}

// Close stops what is still under way.
func (r *aheadReader) Close() error {
	r.cancel()
	return nil
}
