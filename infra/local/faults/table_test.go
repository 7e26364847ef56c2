package faults

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// part is S3's smallest part, in bytes.
const part = 5 << 20

var (
	modelFile  = filepath.Join(root, "testdata/models/linear-regression/model.pkl")
	otherModel = filepath.Join(root, "testdata/models/ridge/model.pkl")
)

// table is a file and what one process makes of it.
type table struct {
	csv, predicted []byte
	rows           int64
}

// The tables, of three parts each and made once. Their rows have a note with a
// quoted newline, so that shards begin inside quotes.
var (
	first  = sync.OnceValues(func() (table, error) { return newTable("first\nnote, \"\"quoted\"\"") })
	second = sync.OnceValues(func() (table, error) { return newTable("second\nnote") })
)

func must(t *testing.T, made func() (table, error)) table {
	t.Helper()
	of, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return of
}

func newTable(note string) (table, error) {
	fixture, err := os.ReadFile(filepath.Join(root, "testdata/models/linear-regression/data.csv"))
	if err != nil {
		return table{}, err
	}
	header, rows, _ := bytes.Cut(fixture, []byte("\n"))
	block := bytes.ReplaceAll(rows, []byte("\n"), []byte(",\""+note+"\"\n"))
	of := table{csv: append(bytes.Clone(header), ",note\n"...)}
	for len(of.csv) < 2*part+part/2 {
		of.csv = append(of.csv, block...)
		of.rows += int64(bytes.Count(rows, []byte("\n")))
	}
	of.predicted, err = predict(of.csv)
	return of, err
}

// predict runs the command line on a file.
func predict(csv []byte) ([]byte, error) {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "in.csv"), filepath.Join(dir, "out.csv")
	if err := os.WriteFile(in, csv, 0o600); err != nil {
		return nil, err
	}
	if err := exec.Command(filepath.Join(dist, "brine"), "predict", modelFile, in, "-o", out).Run(); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
