package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"brine/functions/internal/job"
	"brine/functions/internal/store/storetest"
)

// breaking is a store that fails when a table is read beyond its first bytes.
type breaking struct {
	*storetest.Memory
	after int64
	err   error
	open  *int // readers of the table that are not closed
}

func (s breaking) Read(ctx context.Context, obj job.Object, from, to int64) (io.ReadCloser, error) {
	if obj.URI.Bucket != "data" || to <= s.after {
		return s.Memory.Read(ctx, obj, from, to)
	}
	first, err := s.Memory.Read(ctx, obj, from, max(from, s.after))
	*s.open++
	return &closing{io.MultiReader(first, iotest.ErrReader(s.err)), s.open}, err
}

// closing counts down when it is closed.
type closing struct {
	io.Reader
	open *int
}

func (c *closing) Close() error {
	*c.open--
	return nil
}

// many is a table of more bytes than Validate looks at, even as gzip: no two rows
// are alike.
func many() string {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString(houses)
	for range 40_000 {
		fmt.Fprintf(&b, "%d,%d,%d,%d,%d,%d\n", r.Uint32(), r.Uint32(), r.Uint32(), r.Uint32(), r.Uint32(), r.Uint32())
	}
	return b.String()
}

// TestStoreBreaksOff: an error of the store stays as it is, whatever it wraps: it
// is neither the table's end nor the table's fault. Nothing is left open.
func TestStoreBreaksOff(t *testing.T) {
	table := many()
	for form, data := range map[string]string{"plain": table, "gzip": gzipped(t, table)} {
		b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(data))
		for _, want := range []error{
			&job.Error{Type: job.TransientError, Message: "503 SlowDown"},
			&job.Error{Type: job.TransientError, Message: "broke off", Err: io.ErrUnexpectedEOF},
			&job.Error{Type: job.TransientError, Message: "closed", Err: io.EOF},
			context.DeadlineExceeded,
		} {
			for _, after := range []int64{0, 5, 1 + int64(strings.LastIndexByte(data[:len(data)/2], '\n'))} {
				open := 0
				p := &Pipeline{Store: breaking{b.Memory, after, want, &open}}
				if receipt, err := p.Run(t.Context(), b.Request); !errors.Is(err, want) || job.TypeOf(err) != job.TypeOf(want) {
					t.Errorf("%s, after %d bytes: got %+v, %v, want %v", form, after, receipt, err, want)
				}
				if open != 0 {
					t.Errorf("%s, after %d bytes: %d readers were left open", form, after, open)
				}
			}
		}
		if keys := b.Keys(); len(keys) != 2 || b.Open() != 0 {
			t.Errorf("%s: left %v and %d uploads", form, keys, b.Open())
		}
	}
}

// TestCorruptGzip: a gzip file that is damaged where Validate does not look is the
// user's to mend all the same.
func TestCorruptGzip(t *testing.T) {
	whole := gzipped(t, many())
	if len(whole) < 1<<20 {
		t.Fatalf("only %d bytes", len(whole))
	}
	middle, end := len(whole)*3/4, len(whole)-8
	for name, data := range map[string]string{
		"cut":            whole[:middle],
		"cut checksum":   whole[:end+3],
		"bad checksum":   whole[:end] + "12345678",
		"bytes behind":   whole + "and what is no gzip",
		"cut member":     whole + whole[:15],
		"cut header":     whole + whole[:5],
		"damaged member": whole + whole[:20] + strings.Repeat("\xff", 64),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(data))
			_, _, err := b.run(t, 0)
			if err == nil || !strings.HasPrefix(err.Error(), "Data "+b.Data.String()+": the gzip data is corrupt: ") || job.Status(err) != 400 {
				t.Errorf("got %v", err)
			}
			if keys := b.Keys(); len(keys) != 2 {
				t.Errorf("the store holds %v", keys)
			}
		})
	}
}
