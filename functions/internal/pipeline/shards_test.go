package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"brine/functions/internal/job"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// randomTable is a table for the model linear-regression with a text column in
// front that has all that a cell may have.
func randomTable(r *rand.Rand) string {
	newline := []string{"\n", "\r\n"}[r.IntN(2)]
	cells := []string{"", "x", "東京", `"a,b"`, `"a` + newline + `b"`, `"say ""hi"""`, `""`, `"` + newline + newline + `"`, `"1,2,3,4,5,6,7` + newline + `"`}
	var b strings.Builder
	b.WriteString("note," + strings.TrimSuffix(houses, "\n") + newline)
	for range 1 + r.IntN(12) {
		if r.IntN(8) == 0 {
			b.WriteString(newline)
		}
		fmt.Fprintf(&b, "%s,%d,%d,1.5,2000,%.3f,%d%s", cells[r.IntN(len(cells))], r.IntN(3000), r.IntN(9), r.Float64(), r.IntN(10), newline)
	}
	text := b.String()
	if r.IntN(3) == 0 {
		text = strings.TrimSuffix(text, newline)
	}
	return text
}

// TestShards is the property that all rests on: whatever the table and
// wherever it is cut, many workers write the very bytes that one would have
// written, though each of them assumes to begin outside a quoted cell, and
// though the store takes no small parts.
func TestShards(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	b := newBench(t, file(t, "linear-regression", "model.pkl"), nil)
	p := &Pipeline{Store: b.Memory}
	repaired := 0
	for range 3000 {
		data := randomTable(r)
		if err := b.Put(t.Context(), b.Data, "", []byte(data)); err != nil {
			t.Fatal(err)
		}
		b.Smallest = 0
		want, _, err := b.run(t, 0)
		if err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		p.ShardSize, b.Smallest = 1+r.Int64N(80), r.Int64N(150)
		if _, err := p.Run(t.Context(), b.Request); err != nil {
			t.Fatalf("%q in shards of %d: %v", data, p.ShardSize, err)
		}
		got, err := b.Get(t.Context(), b.Output)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%q in shards of %d: got\n%q\nwant\n%q", data, p.ShardSize, got, want)
		}
		if p.ShardSize < 20 {
			repaired++
		}
	}
	if repaired == 0 {
		t.Error("no table was cut small")
	}
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
		worker := &Pipeline{Store: b.Memory}
		if _, err := worker.Predict(t.Context(), plan, plan.Shards[0]); err != nil {
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
		if _, err := fresh.Predict(t.Context(), plan, plan.Shards[1]); err == nil || !strings.Contains(err.Error(), "was replaced while the job ran") {
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
		r, err := p.Predict(t.Context(), plan, shard)
		if err != nil {
			t.Fatal(err)
		}
		receipts = append(receipts, *r)
	}
	again, _, err := p.Write(t.Context(), plan, receipts[:len(receipts)-1])
	if err != nil || len(again) != 1 || again[0].Number != len(receipts) {
		t.Errorf("a shard without a receipt: got %v, %v", again, err)
	}
	broken := append([]job.ShardReceipt(nil), receipts...)
	broken[0].Parts = []job.Part{{Number: 1, ETag: "another", Size: 5}}
	again, _, err = p.Write(t.Context(), plan, broken)
	if err != nil || len(again) != 1 || again[0] != receipts[0].Shard {
		t.Errorf("another part: got %v, %v", again, err)
	}
	if _, receipt, err := p.Write(t.Context(), plan, receipts); err != nil || receipt.Rows != 3 {
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
