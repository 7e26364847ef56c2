package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

var names = []string{"start", "validate", "predict", "write", "invoke"}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run `make package` first", err)
	}
	return data
}

// TestPackages holds what `make package` made: one executable bootstrap each,
// within the budget.
func TestPackages(t *testing.T) {
	const budget = 10_000_000
	for _, name := range names {
		data := read(t, filepath.Join(root, "dist", name+".zip"))
		t.Logf("%s.zip: %.2f MB", name, float64(len(data))/1e6)
		if len(data) > budget {
			t.Errorf("%s.zip has %d bytes, the budget is %d", name, len(data), budget)
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		if len(z.File) != 1 || z.File[0].Name != "bootstrap" || z.File[0].Mode().Perm() != 0o755 {
			t.Fatalf("%s.zip does not hold one executable bootstrap", name)
		}
		f, err := z.File[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		head := make([]byte, 20)
		if _, err := io.ReadFull(f, head); err != nil {
			t.Fatal(err)
		}
		const arm64 = 0xb7 // e_machine of ELF
		if !bytes.HasPrefix(head, []byte("\x7fELF")) || head[18] != arm64 {
			t.Errorf("%s.zip holds no arm64 program", name)
		}
	}
}

// TestReproducible builds one function from a copy of the sources in another
// folder, and packs it: every byte must be the same.
func TestReproducible(t *testing.T) {
	dir := t.TempDir()
	files, err := exec.Command("git", "-C", root, "ls-files", "go.mod", "go.sum", "Makefile", "functions", "infra/zip").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields(string(files)) {
		if strings.Contains(name, "testdata") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, read(t, filepath.Join(root, name)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("make", "-C", dir, "package", "FUNCTIONS=predict")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !bytes.Equal(read(t, filepath.Join(dir, "dist/predict.zip")), read(t, filepath.Join(root, "dist/predict.zip"))) {
		t.Error("predict.zip differs from the one of another folder")
	}
}
