package pipeline

import (
	"bytes"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"brine/functions/internal/job"
)

const houses = "Living area,bedrooms,bathrooms,Year built,Lot size (acres),quality\n"

// lines is a table for the model linear-regression, which takes numbers alone.
func lines(rows ...string) string { return houses + strings.Join(rows, "\n") + "\n" }

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const good = "1691.7,3,1.5,2000,2.118,10"

// TestBadData shows the answer to each kind of bad table, that it is the same
// for one shard and for many, and that nothing was written.
func TestBadData(t *testing.T) {
	model := file(t, "linear-regression", "model.pkl")
	for _, c := range []struct{ name, data, want string }{
		{"empty", "", "the table is empty"},
		{"header only", houses, "the table has a header but no rows"},
		{"header without line end", strings.TrimSuffix(houses, "\n"), "the table has a header but no rows"},
		{"blank lines only", houses + "\n\n\r\n", "the table has a header but no rows"},
		{"missing columns", "Living area,Year built,quality\n1,2,3\n", "Missing required feature columns: bedrooms, bathrooms, Lot size (acres)"},
		{"duplicate header", strings.Replace(lines(good), "bedrooms", "quality", 1) + good + "\n", "Missing required feature columns: bedrooms"},
		{"duplicate feature", "quality," + houses + "1," + good + "\n", `column "quality": the header has this name more than once`},
		{"row too long", lines(good, good+",7"), "row 2: expected 6 fields, found 7"},
		{"row too short", lines(good, good, "1,2,3"), "row 3: expected 6 fields, found 3"},
		{"text for a number", lines(good, good, good, "1691.7,three,1.5,2000,2.118,10"), `row 4, column "bedrooms", value "three": not a number`},
		{"missing value", lines(good, "1691.7,3,,2000,2.118,10"), `row 2, column "bathrooms": LinearRegression does not accept missing values (NaN)`},
		{"NA", lines(good, "1691.7,3,NA,2000,2.118,10"), `row 2, column "bathrooms": LinearRegression does not accept missing values (NaN)`},
		{"infinity", lines("1691.7,3,inf,2000,2.118,10"), `row 1, column "bathrooms": LinearRegression takes no infinite`},
		{"bool among numbers", lines(good, good, "1691.7,True,1.5,2000,2.118,10"), `column "bedrooms": True or False and numbers in one column`},
		{"bare quote", lines(good, `1691.7,3",1.5,2000,2.118,10`), "row 2"},
		{"open quote", lines(good, `"1691.7,3,1.5,2000,2.118,10`), "row 2"},
		{"decimal comma", strings.ReplaceAll(houses, ",", ";") + "1691,7;3;1;2000;2;10\n", `row 1, column "Living area", value "1691,7": not a number`},
		{"xlsx", "PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "Excel"},
		{"parquet", "PAR1\x15\x04\x15", "Parquet"},
		{"UTF-16", "\xff\xfea\x00,\x00b\x00\n\x00", "UTF-16"},
		{"not UTF-8", "Living area,bedrooms,bathrooms,Year built,Lot size (acres),quality,stra\xdfe\n" + good + ",x\n", "UTF-8"},
		{"corrupt gzip", gzipped(t, lines(good))[:40], "the gzip data is corrupt"},
		{"gzip of nothing", gzipped(t, ""), "the table is empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, model, []byte(c.data))
			for _, shardSize := range []int64{0, 20} {
				result, _, err := b.run(t, shardSize)
				if err == nil {
					t.Fatalf("it went through: %q", result)
				}
				if !strings.Contains(err.Error(), c.want) {
					t.Errorf("shards of %d: got  %v\nwant %s", shardSize, err, c.want)
				}
				if job.Status(err) != 400 {
					t.Errorf("status %d, want 400", job.Status(err))
				}
				if keys := b.Keys(); len(keys) != 2 {
					t.Errorf("the store holds %v", keys)
				}
			}
		})
	}
}

// TestLongCell: of a cell that the table or the model refuses, an error has the
// begin, and behind it what to do.
func TestLongCell(t *testing.T) {
	for _, name := range []string{"linear-regression", "ordinal-encoder"} {
		data := file(t, name, "data.csv")
		header, rows, _ := bytes.Cut(data, []byte("\n"))
		row, _, _ := bytes.Cut(rows, []byte("\n"))
		cells := strings.Split(string(row), ",")
		for i := range cells {
			cells[i] = strings.Repeat("é", 1<<20)
		}
		b := newBench(t, file(t, name, "model.pkl"), []byte(string(header)+"\n"+strings.Join(cells, ",")+"\n"))
		if _, _, err := b.run(t, 0); err == nil || len(err.Error()) > 500 || !strings.Contains(err.Error(), `éé…": `) || job.Status(err) != 400 {
			t.Errorf("%s: got %.600v", name, err)
		}
	}
}

// TestGoodData shows tables that are unusual and right.
func TestGoodData(t *testing.T) {
	model := file(t, "linear-regression", "model.pkl")
	head := strings.TrimSuffix(houses, "\n")
	plain := newBench(t, model, []byte(lines(good)))
	first, _, err := plain.run(t, 0)
	if err != nil {
		t.Fatal(err)
	}
	value := strings.TrimSpace(string(first[bytes.LastIndexByte(first, ',')+1:]))
	for _, c := range []struct{ name, data, want string }{
		{"BOM", "\ufeff" + lines(good), "\ufeff" + head + ",prediction\n" + good + "," + value + "\n"},
		{"CRLF", head + "\r\n" + good + "\r\n", head + ",prediction\r\n" + good + "," + value + "\r\n"},
		{"no last line end", head + "\n" + good, head + ",prediction\n" + good + "," + value},
		{"blank line", head + "\n\n" + good + "\n\n", head + ",prediction\n\n" + good + "," + value + "\n\n"},
		{"semicolon", strings.ReplaceAll(lines(good), ",", ";"), strings.ReplaceAll(head+",prediction\n"+good+","+value+"\n", ",", ";")},
		{"tab", strings.ReplaceAll(lines(good), ",", "\t"), strings.ReplaceAll(head+",prediction\n"+good+","+value+"\n", ",", "\t")},
		{"quoted", head + ",note\n" + good + ",\"a\n\"\"b\"\", c\"\n", head + ",note,prediction\n" + good + ",\"a\n\"\"b\"\", c\"," + value + "\n"},
		{"replaced", head + ",prediction,last\n" + good + ",old,x\n", head + ",prediction,last\n" + good + "," + value + ",x\n"},
		{"bytes kept", head + ",id\n1691.70,+3,01.5,2000,2.1180,\"10\",007\n", head + ",id,prediction\n1691.70,+3,01.5,2000,2.1180,\"10\",007," + value + "\n"},
		{"gzip", gzipped(t, lines(good)), head + ",prediction\n" + good + "," + value + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, model, []byte(c.data))
			for _, shardSize := range []int64{0, 1, 7} {
				got, _, err := b.run(t, shardSize)
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != c.want {
					t.Errorf("shards of %d: got\n%q\nwant\n%q", shardSize, got, c.want)
				}
			}
		})
	}
}

// TestCompressedResult: as in pandas, a name that ends in .gz, in any case, asks for gzip.
func TestCompressedResult(t *testing.T) {
	b := newBench(t, file(t, "linear-regression", "model.pkl"), file(t, "linear-regression", "data.csv"))
	want, _, err := b.run(t, 0)
	if err != nil {
		t.Fatal(err)
	}
	b.Output.Key += ".GZ"
	for _, shardSize := range []int64{0, 500} {
		packed, _, err := b.run(t, shardSize)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if _, err := got.ReadFrom(z); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("shards of %d: the gzip holds another table", shardSize)
		}
	}
}

// TestBadModel shows the answer to each kind of bad model file, and that the
// names of a hostile one are told.
func TestBadModel(t *testing.T) {
	for _, c := range []struct{ name, model, want string }{
		{"empty", "", "empty"},
		{"truncated", string(file(t, "linear-regression", "model.pkl")[:400]), "m/model.pkl"},
		{"text", "hello, world", "pickle"},
		{"hostile", "cposix\nsystem\n(S'touch /tmp/owned'\ntR.", "posix.system"},
		{"a dict", "\x80\x04}\x94\x8c\x01a\x94K\x01s.", "a dict, not a scikit-learn model"},
		{"unknown class", "\x80\x02ccustom.models\nMyModel\n)\x81}U\x01aK\x01sb.", "custom.models.MyModel"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, []byte(c.model), []byte(lines(good)))
			_, _, err := b.run(t, 0)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if job.Status(err) != 400 {
				t.Errorf("status %d, want 400", job.Status(err))
			}
			if keys := b.Keys(); len(keys) != 2 {
				t.Errorf("the store holds %v", keys)
			}
		})
	}
}

// TestAskedColumns: a column that is asked for and missing is an error though
// the model does not look at it, as in pandas.
func TestAskedColumns(t *testing.T) {
	b := newBench(t, file(t, "column-transformer-pass-and-drop", "model.pkl"), file(t, "column-transformer-pass-and-drop", "data.csv"))
	plan, err := (&Pipeline{Store: b.Memory}).Validate(t.Context(), b.Request)
	if err != nil {
		t.Fatal(err)
	}
	b.Features = append(plan.Features, "not there", "nor this")
	_, err = (&Pipeline{Store: b.Memory}).Validate(t.Context(), b.Request)
	if want := "Missing required feature columns: not there, nor this"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestMissingObjects names what is not there.
func TestMissingObjects(t *testing.T) {
	for what, change := range map[string]func(*job.Request){
		"Model file not found: s3://models/none.pkl": func(r *job.Request) { r.Model.Key = "none.pkl" },
		"Data file not found: s3://data/none.csv":    func(r *job.Request) { r.Data.Key = "none.csv" },
	} {
		b := newBench(t, file(t, "linear-regression", "model.pkl"), []byte(lines(good)))
		change(&b.Request)
		_, _, err := b.run(t, 0)
		if err == nil || !strings.Contains(err.Error(), what) || job.Status(err) != 400 {
			t.Errorf("got %v, want %s", err, what)
		}
	}
}
