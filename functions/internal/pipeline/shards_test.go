package pipeline

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"brine/functions/internal/job"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// tables makes random tables for the model linear-regression, with a text
// column in front that has all that a cell may have.
type tables struct{ *rand.Rand }

func (r tables) newline() string { return []string{"\n", "\r\n"}[r.IntN(2)] }

// one is true once in n times.
func (r tables) one(n int) bool { return r.IntN(n) == 0 }

func (r tables) note() string {
	switch r.IntN(9) {
	case 0:
		return ""
	case 1:
		return "東京"
	case 2:
		return `"a,b"`
	case 3:
		return `"a` + r.newline() + `b"`
	case 4:
		return `"say ""hi"""`
	case 5:
		return `""`
	case 6:
		return `"` + r.newline() + r.newline() + `"`
	case 7:
		return `"1,2,3,4,5,6,7` + r.newline() + `"` // a record, if read from inside
	}
	return "x"
}

// table has one to five rows, and blank lines between and behind them.
func (r tables) table() string {
	var b strings.Builder
	newline, mixed := r.newline(), r.one(8)
	end := func() {
		if mixed {
			newline = r.newline()
		}
		b.WriteString(newline)
	}
	if r.one(8) {
		b.WriteString("\ufeff")
	}
	b.WriteString("note," + strings.TrimSuffix(houses, "\n"))
	end()
	for range 1 + r.IntN(5) {
		for r.one(8) {
			end()
		}
		fmt.Fprintf(&b, "%s,%d,%d,1.5,2000,%.3f,%d", r.note(), r.IntN(3000), r.IntN(9), r.Float64(), r.IntN(10))
		end()
	}
	for r.one(4) {
		end()
	}
	if r.one(3) {
		return strings.TrimSuffix(b.String(), newline)
	}
	return b.String()
}

// shardSize is up to 80 bytes, now and then very few.
func (r tables) shardSize() int64 {
	if r.one(16) {
		return 1 + r.Int64N(8)
	}
	return 1 + r.Int64N(80)
}

var seed = flag.Uint64("seed", 1, "what TestShards makes its tables from")

// TestShards is the property that all rests on: whatever the table and
// wherever it is cut, many workers write the very bytes that one would have
// written, though each of them assumes to begin outside a quoted cell, and
// though the store takes no small parts.
func TestShards(t *testing.T) {
	const atOnce = 4
	percent := debug.SetGCPercent(1000) // all that is kept is small
	t.Cleanup(func() { debug.SetGCPercent(percent) })
	for i := range uint64(atOnce) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			r := tables{rand.New(rand.NewPCG(*seed, i))}
			b := newBench(t, file(t, "linear-regression", "model.pkl"), nil)
			p := &Pipeline{Store: b.Memory}
			for range shardCases / atOnce {
				data := r.table()
				if err := b.Put(t.Context(), b.Data, "", []byte(data)); err != nil {
					t.Fatal(err)
				}
				p.ShardSize, b.Smallest = 0, 0
				want := b.result(t, p, data)
				p.ShardSize, b.Smallest = r.shardSize(), r.Int64N(150)
				if got := b.result(t, p, data); !bytes.Equal(got, want) {
					t.Fatalf("%q in shards of %d: got\n%q\nwant\n%q", data, p.ShardSize, got, want)
				}
			}
		})
	}
}

func (b *bench) result(t *testing.T, p *Pipeline, data string) []byte {
	t.Helper()
	if _, err := p.Run(t.Context(), b.Request); err != nil {
		t.Fatalf("%q in shards of %d: %v", data, p.ShardSize, err)
	}
	if n := b.Open(); n > 0 {
		t.Fatalf("%q in shards of %d: %d uploads were left open", data, p.ShardSize, n)
	}
	result, err := b.Get(t.Context(), b.Output)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestFirstErrorOfMany: the error is the table's first with its row counted
// from the table's first, whichever worker found one first.
func TestFirstErrorOfMany(t *testing.T) {
	rows := make([]string, 60)
	for i := range rows {
		rows[i] = good
	}
	rows[37], rows[51] = "x,3,1.5,2000,2.118,10", "1,2"
	b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(lines(rows...)))
	for _, shardSize := range []int64{0, 1, 100, 1000} {
		_, _, err := b.run(t, shardSize)
		if want := `row 38, column "Living area", value "x": not a number`; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("shards of %d: got %v, want %s", shardSize, err, want)
		}
	}
}

// TestErrorInLargeTable: an error ends a job that has more blocks behind it
// than are under way at once.
func TestErrorInLargeTable(t *testing.T) {
	block := strings.Repeat(good+"\n", 20*blockSize/len(good))
	b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(houses+"x,3,1.5,2000,2.118,10\n"+block))
	for _, shardSize := range []int64{0, 8 << 20} {
		_, _, err := b.run(t, shardSize)
		if err == nil || !strings.Contains(err.Error(), "row 1, ") {
			t.Errorf("shards of %d: got %v", shardSize, err)
		}
	}
}

// TestReplacedInTheMiddle: model and table are pinned, so that a result is of
// one state of each.
func TestReplacedInTheMiddle(t *testing.T) {
	for _, replaced := range []string{"model", "data"} {
		b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(lines(good, good, good)))
		p := &Pipeline{Store: b.Memory, ShardSize: 30}
		plan, err := p.Validate(t.Context(), b.Request)
		if err != nil {
			t.Fatal(err)
		}
		plan.Table = nil // a worker reads for itself
		worker := &Pipeline{Store: b.Memory}
		if _, err := worker.Predict(t.Context(), plan, plan.Shards[0], nil); err != nil {
			t.Fatal(err)
		}
		uri, content := b.Data, []byte(lines(good))
		if replaced == "model" {
			uri, content = b.Model, file(t, "ridge", "model.pkl")
		}
		if err := b.Put(t.Context(), uri, "", content); err != nil {
			t.Fatal(err)
		}
		fresh := &Pipeline{Store: b.Memory}
		if _, err := fresh.Predict(t.Context(), plan, plan.Shards[1], nil); err == nil || !strings.Contains(err.Error(), "was replaced while the job ran") {
			t.Errorf("%s replaced: got %v", replaced, err)
		}
	}
}

// TestMissingPart: a part that S3 does not have, or has in another state, is
// found before the result is completed; to S3 it would be no error.
func TestMissingPart(t *testing.T) {
	b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(lines(good, good, good)))
	p := &Pipeline{Store: b.Memory, ShardSize: 30}
	plan, err := p.Validate(t.Context(), b.Request)
	if err != nil {
		t.Fatal(err)
	}
	var receipts []job.ShardReceipt
	for _, shard := range plan.Shards {
		r, err := p.Predict(t.Context(), plan, shard, nil)
		if err != nil {
			t.Fatal(err)
		}
		receipts = append(receipts, *r)
	}
	again, _, err := p.Write(t.Context(), plan, receipts[:len(receipts)-1], nil)
	if err != nil || len(again) != 1 || again[0].Number != len(receipts) {
		t.Errorf("a shard without a receipt: got %v, %v", again, err)
	}
	broken := append([]job.ShardReceipt(nil), receipts...)
	broken[0].Parts = []job.Part{{Number: 1, ETag: "another", Size: 5}}
	again, _, err = p.Write(t.Context(), plan, broken, nil)
	if err != nil || len(again) != 1 || again[0] != receipts[0].Shard {
		t.Errorf("another part: got %v, %v", again, err)
	}
	if _, receipt, err := p.Write(t.Context(), plan, receipts, nil); err != nil || receipt.Rows != 3 {
		t.Errorf("all receipts: got %+v, %v", receipt, err)
	}
}

// TestCancelled: a job that is stopped leaves nothing.
func TestCancelled(t *testing.T) {
	b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(lines(good)))
	ctx, cancel := context.WithCancel(t.Context())
	p := &Pipeline{Store: b.Memory, Progress: func(int64, int64) { cancel() }}
	if _, err := p.Run(ctx, b.Request); err == nil {
		t.Error("a cancelled job went through")
	}
	if b.Open() != 0 || len(b.Keys()) != 2 {
		t.Errorf("left: %d uploads, %v", b.Open(), b.Keys())
	}
}
