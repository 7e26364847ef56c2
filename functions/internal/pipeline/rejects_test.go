package pipeline

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"brine/functions/internal/job"
	"brine/functions/internal/store/storetest"
	"brine/functions/internal/table"
)

// badCells are rows for the model linear-regression behind a note, and why they
// are refused.
var badCells = []struct{ cells, column, value, reason string }{
	{"1500,3,1.5,2000,2.118", "", "", "expected 7 fields, found 6"},
	{"1500,3,1.5,2000,2.118,10,7", "", "", "expected 7 fields, found 8"},
	{"1500,three,1.5,2000,2.118,10", "bedrooms", "three", "not a number"},
	{`1500,"1,000 ""m""",1.5,2000,2.118,10`, "bedrooms", `1,000 "m"`, "not a number"},
	{"True,x,1.5,2000,2.118,10", "bedrooms", "x", "not a number"},
	{"1500,3,1.5,,2.118,10", "Year built", "", "LinearRegression does not accept missing values (NaN)"},
	{"1500,3,1.5,NA,2.118,10", "Year built", "NA", "LinearRegression does not accept missing values (NaN)"},
	{"1500,3,1.5,2000,2.118,-inf", "quality", "-inf", "LinearRegression takes no infinite or overflowing value"},
	{"1500,3,1e999,2000,2.118,10", "bathrooms", "1e999", "LinearRegression takes no infinite or overflowing value"},
	{"1500,3,1.5\r,2000,2.118,10", "", "", "a carriage return that is not part of a CRLF line end"},
}

// spoilt is a random table with bad rows among its good ones, what is left of
// it without them, and what should be told of them.
type spoilt struct {
	data, good string
	rows       int
	rejects    [][]string
}

func randomSpoilt(r *rand.Rand) spoilt {
	newline := []string{"\n", "\r\n"}[r.IntN(2)]
	notes := []string{"", "x", "東京", `"a,b"`, `"a` + newline + `b"`, `"say ""hi"""`, `"` + newline + newline + `"`, `"1,2,3,4,5,6,7` + newline + `"`}
	var s spoilt
	add := func(line string, bad int) {
		if bad >= 0 {
			b := badCells[bad]
			s.rejects = append(s.rejects, []string{
				strconv.Itoa(1 + strings.Count(s.data, "\n")), strconv.Itoa(len(s.data)), b.column, b.value, b.reason, strings.TrimSuffix(line, newline),
			})
		} else {
			s.good += line
		}
		s.data += line
	}
	add("note,"+strings.TrimSuffix(houses, "\n")+newline, -1)
	share := r.Float64()
	for n := 1 + r.IntN(15); s.rows < n || len(s.rejects) == s.rows; s.rows++ {
		if r.IntN(8) == 0 {
			add(newline, -1)
		}
		cells, bad := fmt.Sprintf("%d,%d,1.5,2000,%.3f,%d", r.IntN(3000), r.IntN(9), r.Float64(), r.IntN(10)), -1
		if r.Float64() < share {
			bad = r.IntN(len(badCells))
			cells = badCells[bad].cells
		}
		end := newline
		if s.rows >= n-1 && bad < 0 && r.IntN(3) == 0 {
			end = ""
		}
		add(notes[r.IntN(len(notes))]+","+cells+end, bad)
		if end == "" {
			s.rows++
			break
		}
	}
	return s
}

// memorySpool is a Spool without files.
type memorySpool map[string][]byte

func (m memorySpool) Put(_ context.Context, name string, data []byte) error {
	m[name] = bytes.Clone(data)
	return nil
}

func (m memorySpool) Get(_ context.Context, name string) ([]byte, error) { return m[name], nil }

// runIn is run with a spool.
func (b *bench) runIn(t *testing.T, shardSize int64, spool Spool) ([]byte, *job.Receipt, error) {
	t.Helper()
	p := &Pipeline{Store: b.Memory, ShardSize: shardSize}
	plan, err := p.Validate(t.Context(), b.Request)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := p.run(t.Context(), plan, spool)
	if n := b.Open(); err == nil && n > 0 {
		t.Errorf("%d uploads were left open", n)
	}
	result, _ := b.Get(t.Context(), b.Output)
	return result, receipt, err
}

// TestReject is the property of a job that rejects: its result is that of the
// table without the bad rows, and those are told with their places; however the
// table is cut, and though a worker may begin inside a quoted cell.
func TestReject(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	b := newBench(t, file(t, "linear-regression", "model.pkl"), nil)
	for range shardCases / 50 {
		s := randomSpoilt(r)
		put := func(data string) {
			if err := b.Put(t.Context(), b.Data, "", []byte(data)); err != nil {
				t.Fatal(err)
			}
		}
		put(s.good)
		b.OnError, b.Smallest = job.Fail, 0
		want, _, err := b.run(t, 0)
		if err != nil {
			t.Fatalf("%q: %v", s.good, err)
		}
		put(s.data)
		b.OnError, b.MaxErrorRate = job.Reject, 1
		one, receipt, err := b.runIn(t, 0, memorySpool{})
		if err != nil {
			t.Fatalf("%q: %v", s.data, err)
		}
		if !bytes.Equal(one, want) {
			t.Fatalf("%q: got\n%q\nwant\n%q", s.data, one, want)
		}
		s.check(t, b, receipt)
		rejects, _ := b.Get(t.Context(), b.RejectsURI())

		shardSize := 1 + r.Int64N(120)
		b.Smallest = r.Int64N(150)
		many, receipt, err := b.runIn(t, shardSize, memorySpool{})
		if err != nil {
			t.Fatalf("%q in shards of %d: %v", s.data, shardSize, err)
		}
		if !bytes.Equal(many, want) {
			t.Fatalf("%q in shards of %d: got\n%q\nwant\n%q", s.data, shardSize, many, want)
		}
		s.check(t, b, receipt)
		if again, _ := b.Get(t.Context(), b.RejectsURI()); !bytes.Equal(again, rejects) {
			t.Fatalf("%q in shards of %d: rejected\n%s\nwant\n%s", s.data, shardSize, again, rejects)
		}
	}
}

// check compares rejects and receipt with what they should be.
func (s spoilt) check(t *testing.T, b *bench, receipt *job.Receipt) {
	t.Helper()
	rejected := receipt.Rejected
	if receipt.Data.Rows != int64(s.rows) || rejected.Rows != int64(len(s.rejects)) || receipt.Rows+rejected.Rows != receipt.Data.Rows || receipt.Result.Rows != receipt.Rows {
		t.Fatalf("%q has %d rows, %d of them bad: the receipt says %+v", s.data, s.rows, len(s.rejects), receipt)
	}
	data, err := b.Get(t.Context(), b.RejectsURI())
	if len(s.rejects) == 0 {
		if err == nil || rejected.Object != nil {
			t.Fatalf("nothing was rejected, but there is %v and %q", rejected.Object, data)
		}
		return
	}
	if err != nil || *rejected.Object != (job.Object{URI: b.RejectsURI(), ETag: rejected.ETag, Size: int64(len(data))}) {
		t.Fatalf("%v, and the receipt says %+v of %q", err, rejected.Object, data)
	}
	// The reader of encoding/csv makes LF of CRLF.
	rows, err := csv.NewReader(bytes.NewReader(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\x00\n")))).ReadAll()
	if err != nil {
		t.Fatalf("%v in %q", err, data)
	}
	for _, row := range rows {
		for i := range row {
			row[i] = strings.ReplaceAll(row[i], "\x00\n", "\r\n")
		}
	}
	if want := append([][]string{{"line", "byte_offset", "column", "value", "reason", "rejected_record"}}, s.rejects...); !reflect.DeepEqual(rows, want) {
		t.Fatalf("%q: rejected\n%q\nwant\n%q", s.data, rows, want)
	}
	for _, row := range rows[1:] {
		if at, _ := strconv.Atoi(row[1]); !strings.HasPrefix(s.data[at:], row[5]) {
			t.Fatalf("%q is not at %d of %q", row[5], at, s.data)
		}
	}
}

// TestRejectByModel: what only the model refuses is rejected as well, here a
// category that it has not seen, and text that is not UTF-8.
func TestRejectByModel(t *testing.T) {
	model, data := file(t, "ordinal-encoder", "model.pkl"), file(t, "ordinal-encoder", "data.csv")
	clean := newBench(t, model, data)
	want, _, err := clean.run(t, 0)
	if err != nil {
		t.Fatal(err)
	}
	header, rows, _ := bytes.Cut(data, []byte("\n"))
	first, _, _ := bytes.Cut(rows, []byte("\n"))
	names, cells := strings.Split(string(header), ","), strings.Split(string(first), ",")
	text := -1
	for i, cell := range cells {
		if _, err := strconv.ParseFloat(cell, 64); err != nil && cell != "" {
			text = i
		}
	}
	if text < 0 {
		t.Fatalf("no text in %q", first)
	}
	var bad []string
	for _, value := range []string{"a category that is new", "stra\xdfe"} {
		cells[text] = value
		bad = append(bad, strings.Join(cells, ","))
	}
	b := newBench(t, model, []byte(string(header)+"\n"+bad[0]+"\n"+string(rows)+bad[1]+"\n"))
	b.OnError, b.MaxErrorRate = job.Reject, 0.5
	for _, shardSize := range []int64{0, 50} {
		got, receipt, err := b.run(t, shardSize)
		if err != nil {
			t.Fatal(err)
		}
		if receipt.Rejected.Rows != 2 || !bytes.Equal(got, want) {
			t.Errorf("shards of %d: %d rejected, result\n%.300s", shardSize, receipt.Rejected.Rows, got)
		}
		rejects, _ := b.Get(t.Context(), b.RejectsURI())
		for i, line := range strings.Split(strings.TrimSuffix(string(rejects), "\n"), "\n")[1:] {
			if !strings.Contains(line, ","+names[text]+",") || !strings.Contains(line, bad[i]) {
				t.Errorf("rejected %q, want column %q of %q", line, names[text], bad[i])
			}
		}
	}
}

// TestRejectRefused: too many bad rows, and what is wrong with the whole table,
// still fail the job; nothing is written, and what an earlier job wrote stays.
func TestRejectRefused(t *testing.T) {
	many := strings.Repeat(good+"\n", 97)
	for _, c := range []struct {
		name, data string
		rate       float64
		want       string
	}{
		{"too many", houses + many + "1,2\nx" + good + "\n" + "NA" + good[6:] + "\n", 0.029,
			"3 of 100 rows cannot be predicted (3 %), more than max_error_rate 0.029 allows; the first: row 98: expected 6 fields, found 2. A row has a cell, empty or not, for each column of the header. Mend the rows, or raise max_error_rate"},
		{"all", lines("1,2", "3,4"), 0.99, "2 of 2 rows cannot be predicted (100 %)"},
		{"none allowed", lines(good, "1,2"), 0, "1 of 2 rows cannot be predicted (50 %), more than max_error_rate 0 allows; the first: row 2: expected 6 fields, found 2"},
		{"bare quote", lines(good, `1,2`, `1691.7,3",1.5,2000,2.118,10`), 1, "row 3: a quote inside a cell"},
		{"bare quote behind a bad cell", lines(good, `x,3",1.5,2000,2.118,10`, good), 1, "row 2: a quote inside a cell"},
		{"open quote", lines(good, "x", `"1691.7,3,1.5,2000,2.118,10`), 1, "row 3: a quoted cell that is never closed"},
		{"bool among numbers", lines(good, "x", "1691.7,True,1.5,2000,2.118,10"), 1, `column "bedrooms": True or False and numbers in one column`},
		{"no rows", houses + "\n\n", 1, "the table has a header but no rows"},
		{"missing columns", "a,b\n1,2\n", 1, "Missing required feature columns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(c.data))
			b.OnError, b.MaxErrorRate = job.Reject, c.rate
			if err := b.Put(t.Context(), b.RejectsURI(), "", []byte("earlier")); err != nil {
				t.Fatal(err)
			}
			for _, shardSize := range []int64{0, 20} {
				_, _, err := b.run(t, shardSize)
				if err == nil || !strings.Contains(err.Error(), c.want) || job.Status(err) != 400 {
					t.Errorf("shards of %d: got  %v\nwant %s", shardSize, err, c.want)
				}
			}
			if earlier, _ := b.Get(t.Context(), b.RejectsURI()); string(earlier) != "earlier" || len(b.Keys()) != 3 {
				t.Errorf("the store holds %v, and %q", b.Keys(), earlier)
			}
		})
	}
}

// incomplete is a store that fails to complete results.
type incomplete struct{ *storetest.Memory }

func (incomplete) Complete(context.Context, job.Upload, []job.Part) (job.Object, error) {
	return job.Object{}, &job.Error{Type: job.TransientError, Message: "503"}
}

// TestRejectIncomplete: while the result is an earlier job's, so are its rejects,
// whether this job has some or none; then they go, or are replaced.
func TestRejectIncomplete(t *testing.T) {
	for _, data := range []string{lines(good), lines(good, "x")} {
		b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(data))
		b.OnError, b.MaxErrorRate = job.Reject, 1
		for _, uri := range []job.URI{b.Output, b.RejectsURI()} {
			if err := b.Put(t.Context(), uri, "", []byte("earlier")); err != nil {
				t.Fatal(err)
			}
		}
		p := &Pipeline{Store: incomplete{b.Memory}}
		if _, err := p.Run(t.Context(), b.Request); job.TypeOf(err) != job.TransientError {
			t.Errorf("got %v", err)
		}
		for _, uri := range []job.URI{b.Output, b.RejectsURI()} {
			if got, err := b.Get(t.Context(), uri); string(got) != "earlier" {
				t.Errorf("%s is %q, %v", uri, got, err)
			}
		}
		if b.Open() != 0 {
			t.Errorf("%d uploads were left open", b.Open())
		}
		if _, _, err := b.run(t, 0); err != nil {
			t.Fatal(err)
		}
		if got, err := b.Get(t.Context(), b.RejectsURI()); string(got) == "earlier" || (err == nil) != strings.Contains(data, "x") {
			t.Errorf("of %q it rejects %q, %v", data, got, err)
		}
	}
}

// TestRejectLongBlankLine: what is longer than a record may be, and none, is not
// left out: where the next one begins is in doubt.
func TestRejectLongBlankLine(t *testing.T) {
	for _, behind := range []string{"", "\n", "\n" + good + "\n"} {
		b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(lines(good)+strings.Repeat(" ", table.MaxRecord+1)+behind))
		b.OnError, b.MaxErrorRate = job.Reject, 1
		if _, _, err := b.run(t, 0); err == nil || !strings.Contains(err.Error(), "the row is longer than") {
			t.Errorf("before %q: %v", behind, err)
		}
	}
}

// TestRejectAtTheRate: the rate is what may be, no less.
func TestRejectAtTheRate(t *testing.T) {
	b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(houses+strings.Repeat(good+"\n", 71)+strings.Repeat("x\n", 29)))
	b.OnError, b.MaxErrorRate = job.Reject, 0.29
	if _, receipt, err := b.run(t, 100); err != nil || receipt.Rejected.Rows != 29 {
		t.Errorf("got %+v, %v", receipt, err)
	}
}

// TestRejectAll: of a table of bad rows alone, its header is left; and each row
// is told, though they are more than a piece of the spool holds.
func TestRejectAll(t *testing.T) {
	const rows = 100_000
	b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(houses+strings.Repeat("x,3,1.5,2000,2.118,10\n", rows)))
	b.OnError, b.MaxErrorRate = job.Reject, 1
	got, receipt, err := b.run(t, 0)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.TrimSuffix(houses, "\n") + ",prediction\n"; string(got) != want || receipt.Rejected.Rows != rows {
		t.Errorf("%d rejected, and the result is %.100q", receipt.Rejected.Rows, got)
	}
	rejects, _ := b.Get(t.Context(), b.RejectsURI())
	if n := bytes.Count(rejects, []byte("\n")); n != 1+rows {
		t.Errorf("%d lines of rejects", n)
	}
}

// TestRejectAgain: the last step, repeated once result and rejects are there,
// gives the same receipt; and a later job without bad rows leaves no rejects.
func TestRejectAgain(t *testing.T) {
	b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(lines(good, "x", good)))
	b.OnError, b.MaxErrorRate = job.Reject, 1
	p := &Pipeline{Store: b.Memory, ShardSize: 30}
	plan, err := p.Validate(t.Context(), b.Request)
	if err != nil {
		t.Fatal(err)
	}
	spool := &tempSpool{}
	defer spool.Close()
	var receipts []job.ShardReceipt
	for _, shard := range plan.Shards {
		r, err := p.Predict(t.Context(), plan, shard, spool)
		if err != nil {
			t.Fatal(err)
		}
		receipts = append(receipts, *r)
	}
	var first *job.Receipt
	for range 3 {
		_, receipt, err := p.Write(t.Context(), plan, receipts, spool)
		if err != nil {
			t.Fatal(err)
		}
		receipt.TotalMillis = 0
		if first == nil {
			first = receipt
		}
		if !reflect.DeepEqual(receipt, first) || receipt.Rejected.Rows != 1 || receipt.Rejected.Size == 0 {
			t.Errorf("got %+v, then %+v", first, receipt)
		}
	}
	if err := b.Put(t.Context(), b.Data, "", []byte(lines(good))); err != nil {
		t.Fatal(err)
	}
	if _, receipt, err := b.run(t, 0); err != nil || receipt.Rejected.Rows != 0 {
		t.Errorf("got %+v, %v", receipt, err)
	}
	if keys := b.Keys(); len(keys) != 3 {
		t.Errorf("the store holds %v", keys)
	}
}

// TestDamagedPiece: a piece of the spool that is cut off anywhere is told from a
// whole one.
func TestDamagedPiece(t *testing.T) {
	b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(lines("x", good, "1,2,3")))
	b.OnError, b.MaxErrorRate = job.Reject, 1
	spool := memorySpool{}
	if _, _, err := b.runIn(t, 0, spool); err != nil {
		t.Fatal(err)
	}
	for name, whole := range spool {
		for size := range whole {
			spool[name] = whole[:size]
			_, _, err := b.runIn(t, 0, readOnly{spool})
			if err == nil || !strings.Contains(err.Error(), "damaged") && !strings.Contains(err.Error(), "2 rows were rejected, but the spool has") {
				t.Errorf("%d of %d bytes: %v", size, len(whole), err)
			}
		}
	}
}

// readOnly is a Spool that keeps what it has.
type readOnly struct{ memorySpool }

func (readOnly) Put(context.Context, string, []byte) error { return nil }
