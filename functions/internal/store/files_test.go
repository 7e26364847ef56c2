package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"brine/functions/internal/job"
)

func write(t *testing.T, up job.Upload, number int, text string) job.Part {
	t.Helper()
	w := Files{}.Writer(t.Context(), up, number, 1)
	defer w.Close()
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	parts, err := w.Commit()
	if err != nil || len(parts) != 1 {
		t.Fatalf("%v, %v", parts, err)
	}
	return parts[0]
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestFilesUpload(t *testing.T) {
	dir := t.TempDir()
	uri := job.URI{Key: filepath.Join(dir, "out.csv")}
	up, err := Files{}.Begin(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	last, first := write(t, up, 11, "c"), write(t, up, 2, "ab")
	write(t, up, 5, "not of the result")
	if _, err := os.Stat(uri.Key); err == nil {
		t.Error("the result is there before it is complete")
	}
	obj, err := Files{}.Complete(t.Context(), up, []job.Part{first, last})
	if err != nil || obj.Size != 3 {
		t.Fatalf("%+v, %v", obj, err)
	}
	data, err := ReadAll(t.Context(), Files{}, obj)
	if err != nil || string(data) != "abc" {
		t.Errorf("%q, %v", data, err)
	}
	if left := names(t, dir); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	if err := os.WriteFile(uri.Key, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadAll(t.Context(), Files{}, obj); err == nil || !strings.Contains(err.Error(), "was replaced while the job ran") {
		t.Errorf("a changed file: %v", err)
	}
}

func TestFilesAbort(t *testing.T) {
	dir := t.TempDir()
	up, err := Files{}.Begin(t.Context(), job.URI{Key: filepath.Join(dir, "out.csv")})
	if err != nil {
		t.Fatal(err)
	}
	write(t, up, 1, "ab")
	for range 2 {
		if err := (Files{}).Abort(t.Context(), up); err != nil {
			t.Fatal(err)
		}
	}
	if left := names(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}
