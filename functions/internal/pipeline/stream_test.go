package pipeline

import (
	"context"
	"strings"
	"testing"

	"brine/functions/internal/job"
	"brine/functions/internal/store"
	"brine/functions/internal/store/storetest"
)

// unwritable is a store that lets nobody write rows, and such a spool.
type unwritable struct{ *storetest.Memory }

func (s unwritable) Writer(context.Context, job.Upload, int, int) store.PartWriter { return s }

func (unwritable) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "prediction") { // the header
		return len(p), nil
	}
	return 0, errNotAllowed
}

func (unwritable) Commit() ([]job.Part, error) { return nil, nil }

func (unwritable) Close() error { return nil }

func (unwritable) Put(context.Context, string, []byte) error { return errNotAllowed }

func (unwritable) Get(context.Context, string) ([]byte, error) { return nil, errNotAllowed }

var errNotAllowed = job.Invalid("Not allowed to write s3://results/m/out.csv")

// TestWritingFails: what is wrong with writing is no row's fault, neither in the
// first shard nor behind it.
func TestWritingFails(t *testing.T) {
	rows := strings.Repeat("x,"+strings.Repeat("y", 1000)+"\n", 9000) // more than a piece of a spool
	b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(lines(good, good)+rows+rows))
	b.OnError, b.MaxErrorRate = job.Reject, 1
	for what, p := range map[string]*Pipeline{
		"result": {Store: unwritable{b.Memory}, ShardSize: int64(len(rows))},
		"spool":  {Store: b.Memory, ShardSize: int64(len(rows))},
	} {
		plan, err := p.Validate(t.Context(), b.Request)
		if err != nil {
			t.Fatal(err)
		}
		for _, shard := range plan.Shards[:2] {
			if receipt, err := p.Predict(t.Context(), plan, shard, unwritable{}); err != errNotAllowed {
				t.Errorf("%s, shard %d: got %v, and the receipt %+v", what, shard.Number, err, receipt)
			}
		}
	}
}
