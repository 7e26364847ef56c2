package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestManyShards sends a file of more than twenty shards of S3's smallest part
// size through a Distributed Map of real workers, and compares the object with
// what one worker makes of it.
func TestManyShards(t *testing.T) {
	const shard = 5 << 20
	p := start(t, "-shard-bytes", "5242880")
	dir := t.TempDir()
	data, whole := filepath.Join(dir, "data.csv"), filepath.Join(dir, "whole.csv")
	model := fixture("models/linear-regression/model.pkl")
	writeLarge(t, data, 21*shard)
	if out, err := exec.Command(cli, "predict", model, data, "-o", whole).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	p.mustAWS(t, "s3", "cp", model, "s3://ml-models/large/model.pkl", "--quiet")
	p.mustAWS(t, "s3", "cp", data, "s3://ml-data/large/data.csv", "--quiet")
	var receipt struct {
		Status string
		Error  string
		Shards int
	}
	if err := json.Unmarshal(p.await(t, "s3://ml-results/large/data.csv.receipt.json"), &receipt); err != nil {
		t.Fatal(err)
	}
	if receipt.Status != "succeeded" || receipt.Shards < 21 {
		t.Fatalf("the receipt says %+v", receipt)
	}
	if !bytes.Equal(p.await(t, "s3://ml-results/large/data.csv"), read(t, whole)) {
		t.Error("many workers made another result than one")
	}
}

// writeLarge repeats a fixture's rows until the file is larger than size; each
// row has a note with a quoted newline, so that shards begin inside quotes.
func writeLarge(t *testing.T, path string, size int) {
	t.Helper()
	header, rows, _ := bytes.Cut(read(t, fixture("models/linear-regression/data.csv")), []byte("\n"))
	block := append([]byte(nil), bytes.ReplaceAll(rows, []byte("\n"), []byte(",\"two\nlines, \"\"quoted\"\"\"\n"))...)
	out := append(header, ",note\n"...)
	for len(out) <= size {
		out = append(out, block...)
	}
	if err := os.WriteFile(path, out, 0o600); err != nil {
		t.Fatal(err)
	}
}
