package pipeline

import (
	"bytes"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/job"
	"brine/functions/internal/table"
)

// sifted is what is to be told of a block.
type sifted struct {
	out, told string
	seen      seen
	rejects   []reject
}

// oneByOne is the plain twin of sift: each record is a block of its own.
func (e *engine) oneByOne(t *testing.T, raw []byte) (want sifted) {
	t.Helper()
	b := &block{desk: new(desk)}
	records := table.NewSplitter(bytes.NewReader(raw), 1)
	for at := 0; ; at += len(b.raw) {
		var err error
		if b.raw, err = records.Next(b.raw); err == io.EOF {
			return want
		}
		b.out, b.seen, b.rejects = nil, seen{}, nil
		if err := e.rows(b, b.raw); err != nil {
			bad := *err.(*job.Error)
			if bad.Row != 1 {
				t.Fatalf("row %d of 1: %v", bad.Row, err)
			}
			first := job.NewCellError(&bad)
			b.rejects = []reject{{next: len(b.raw), err: &bad}}
			b.seen.rejected = job.Rejected{Rows: 1, First: first}
		}
		e.tell(b)
		for _, r := range b.rejects {
			r.start, r.next = r.start+at, r.next+at
			r.line, r.told = want.seen.rejected.Lines, len(want.told)+b.told.Len()
			r.err.Row += want.seen.all()
			want.rejects = append(want.rejects, r)
		}
		want.out += string(b.out)
		want.told += b.told.String()
		want.seen.add(&b.seen)
	}
}

// spoil puts something into a random cell that it may not hold.
func spoil(r *rand.Rand, row string) string {
	cells := strings.Split(row, ",")
	i := 1 + r.IntN(len(cells)-1)
	switch r.IntN(8) {
	case 0:
		cells = slices.Delete(cells, i, i+1)
	case 1:
		cells = slices.Insert(cells, i, "")
	default:
		cells[i] = []string{"", "NA", "x", "inf", "-7", "99999999", "1e300", "stra\xdfe"}[r.IntN(8)]
	}
	return strings.Join(cells, ",")
}

// TestSift: whatever is wrong with the rows of a block, and however many are bad,
// it comes to the same as when each is predicted by itself: output, rejects,
// places and counts.
func TestSift(t *testing.T) {
	notes := []string{"", "x", `"a,b"`, `"say ""hi"""`, "\"\n\n\"", "\"1,2,3\n4\""}
	r := rand.New(rand.NewPCG(7, 8))
	for _, model := range []string{
		"linear-regression", "hist-gradient-boosting-regressor-missing", "column-transformer-dense", "column-transformer-twice",
		"one-hot-encoder", "one-hot-encoder-mixed", "ordinal-encoder", "simple-imputer-mean", "knn-regressor", "kernel-ridge-chi2",
		"categorical-nb-encoded", "pipeline-nested", "feature-union",
	} {
		header, data, _ := strings.Cut(string(file(t, model, "data.csv")), "\n")
		rows := strings.Split(strings.TrimSuffix(data, "\n"), "\n")
		b := newBench(t, file(t, model, "model.pkl"), []byte("note,"+header+"\n,"+rows[0]+"\n"))
		b.OnError = job.Reject
		p := &Pipeline{Store: b.Memory}
		plan, err := p.Validate(t.Context(), b.Request)
		if err != nil {
			t.Fatal(model, err)
		}
		e, err := p.open(t.Context(), plan)
		if err != nil {
			t.Fatal(model, err)
		}
		block := &block{desk: new(desk)}
		rejected := 0
		for range 30 {
			block.raw = block.raw[:0]
			share := r.Float64() * r.Float64()
			for range 1 + r.IntN(200) {
				row := notes[r.IntN(len(notes))] + "," + rows[r.IntN(len(rows))]
				if r.Float64() < share && !strings.Contains(row, "\"") {
					row = spoil(r, row)
				}
				block.raw = append(block.raw, row+[]string{"\n", "\n\n"}[r.IntN(9)/8]...)
			}
			if r.IntN(2) == 0 {
				block.raw = bytes.TrimSuffix(block.raw, []byte("\n"))
			}
			if e.predict(block); block.err != nil {
				t.Fatalf("%s: %q: %v", model, block.raw, block.err)
			}
			got := sifted{string(block.out), block.told.String(), block.seen, slices.Clone(block.rejects)}
			want := e.oneByOne(t, block.raw)
			if len(got.rejects) == 0 {
				got.rejects = nil
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %q: got\n%+v\nwant\n%+v", model, block.raw, got, want)
			}
			rejected += len(got.rejects)
		}
		if rejected == 0 {
			t.Errorf("%s: nothing was rejected", model)
		}
	}
}
