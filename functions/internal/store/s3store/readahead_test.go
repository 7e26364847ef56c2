package s3store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"sync/atomic"
	"testing"
)

// TestReadAhead: the pieces come in order, whichever arrives first, and no more
// of them are under way than there may be.
func TestReadAhead(t *testing.T) {
	data := make([]byte, 5*pieceSize+12345)
	for i := range data {
		data[i] = byte(rand.Uint32())
	}
	var running, most atomic.Int32
	fetch := func(_ context.Context, from int64, into []byte) error {
		if n := running.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer running.Add(-1)
		copy(into, data[from:])
		return nil
	}
	for _, r := range [][2]int64{{0, int64(len(data))}, {7, 8}, {pieceSize - 1, 3*pieceSize + 1}, {5, 5}} {
		in := readAhead(t.Context(), r[0], r[1], fetch)
		got, err := io.ReadAll(in)
		if err != nil || !bytes.Equal(got, data[r[0]:r[1]]) {
			t.Errorf("[%d, %d): %d bytes, %v", r[0], r[1], len(got), err)
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
	if most.Load() > piecesAhead {
		t.Errorf("%d pieces were under way at once", most.Load())
	}
}

func TestReadAheadFails(t *testing.T) {
	broken := errors.New("broken")
	in := readAhead(t.Context(), 0, 4*pieceSize, func(_ context.Context, from int64, _ []byte) error {
		if from == 2*pieceSize {
			return broken
		}
		return nil
	})
	defer in.Close()
	got, err := io.ReadAll(in)
	if !errors.Is(err, broken) || len(got) != 2*pieceSize {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// TestReadAheadCancelled: a reader never takes the end of its time for the end
// of the data.
func TestReadAheadCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in := readAhead(ctx, 0, 100*pieceSize, func(ctx context.Context, _ int64, _ []byte) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	})
	defer in.Close()
	if _, err := io.ReadAll(in); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
