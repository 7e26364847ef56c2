package pipeline

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"brine/functions/internal/job"
	"brine/functions/internal/store/storetest"
)

const fixtures = "../../../testdata/models"

func file(t testing.TB, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{fixtures}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// bench is a store with a model and a table, and a job on them.
type bench struct {
	*storetest.Memory
	job.Request
}

func newBench(t testing.TB, model, data []byte) *bench {
	t.Helper()
	b := &bench{storetest.New(0), job.Request{
		Model:  job.URI{Bucket: "models", Key: "m/model.pkl"},
		Data:   job.URI{Bucket: "data", Key: "m/a b+%東京.csv"},
		Output: job.URI{Bucket: "results", Key: "m/out.csv"},
		Column: "prediction",
	}}
	for uri, content := range map[job.URI][]byte{b.Model: model, b.Data: data} {
		if err := b.Put(t.Context(), uri, "", content); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func (b *bench) run(t testing.TB, shardSize int64) ([]byte, *job.Receipt, error) {
	t.Helper()
	p := &Pipeline{Store: b.Memory, ShardSize: shardSize}
	receipt, err := p.Run(t.Context(), b.Request)
	if n := b.Open(); n > 0 {
		t.Errorf("%d uploads were left open", n)
	}
	result, _ := b.Get(t.Context(), b.Output)
	return result, receipt, err
}

// withPredictions is data with the columns of expected behind each row.
func withPredictions(t testing.TB, data, expected []byte) string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(expected)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var columns []int
	for i, name := range rows[0] {
		if strings.HasPrefix(name, "prediction") {
			columns = append(columns, i)
		}
	}
	var out strings.Builder
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		out.WriteString(line)
		for _, c := range columns {
			out.WriteString("," + rows[i][c])
		}
		out.WriteString("\n")
	}
	return out.String()
}

// TestRun holds whole results, byte for byte, for models whose numbers are
// equal to the bit: the input's bytes with scikit-learn's column behind.
func TestRun(t *testing.T) {
	for _, name := range []string{
		"decision-tree-classifier", "decision-tree-classifier-multi-output", "random-forest-regressor",
		"hist-gradient-boosting-classifier-missing", "gradient-boosting-regressor", "one-hot-encoder-tree",
		"simple-imputer-text", "knn-classifier-kd-tree-ties", "grid-search-tree",
	} {
		t.Run(name, func(t *testing.T) {
			data := file(t, name, "data.csv")
			b := newBench(t, file(t, name, "model.pkl"), data)
			want := withPredictions(t, data, file(t, name, "expected.csv"))
			for _, shardSize := range []int64{0, 10, 100, 4096} {
				got, receipt, err := b.run(t, shardSize)
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != want {
					t.Fatalf("shards of %d bytes: got\n%.300s\nwant\n%.300s", shardSize, got, want)
				}
				if rows := int64(bytes.Count(data, []byte("\n")) - 1); receipt.Rows != rows {
					t.Errorf("the receipt has %d rows, want %d", receipt.Rows, rows)
				}
			}
		})
	}
}
