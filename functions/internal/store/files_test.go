package store

import (
	"bytes"
	"errors"
	"fmt"
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

// whole returns what Use and Read give, which is the same.
func whole(t *testing.T, obj job.Object) (data string, err error) {
	t.Helper()
	err = Use(t.Context(), Files{}, obj, obj.Size, func(b []byte) error {
		data = string(b)
		return nil
	})
	read, readErr := First(t.Context(), Files{}, obj, obj.Size)
	if string(read) != data || fmt.Sprint(readErr) != fmt.Sprint(err) {
		t.Errorf("Use: %q, %v; Read: %q, %v", data, err, read, readErr)
	}
	return data, err
}

// TestFilesUseChanging: a file that is cut, or written over, while its bytes
// are looked at.
func TestFilesUseChanging(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"cut":         func(path string) error { return os.Truncate(path, 1) },
		"emptied":     func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"overwritten": func(path string) error { return os.WriteFile(path, []byte("x"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			uri := job.URI{Key: filepath.Join(t.TempDir(), "model.pkl")}
			if err := os.WriteFile(uri.Key, bytes.Repeat([]byte("abcdefgh"), 1<<17), 0o600); err != nil {
				t.Fatal(err)
			}
			obj, err := Files{}.Stat(t.Context(), uri)
			if err != nil {
				t.Fatal(err)
			}
			var last byte
			err = Use(t.Context(), Files{}, obj, obj.Size, func(data []byte) error {
				if err := change(uri.Key); err != nil {
					t.Error(err)
				}
				last = data[len(data)-1]
				return nil
			})
			if err == nil || !strings.Contains(err.Error(), "was replaced while the job ran") {
				t.Errorf("got %v, its last byte is %q", err, last)
			}
		})
	}
}

// TestFilesUseEnds: what use returns and what it panics with is its caller's.
func TestFilesUseEnds(t *testing.T) {
	uri := job.URI{Key: filepath.Join(t.TempDir(), "model.pkl")}
	for _, text := range []string{"", "abc"} {
		if err := os.WriteFile(uri.Key, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		obj, err := Files{}.Stat(t.Context(), uri)
		if err != nil {
			t.Fatal(err)
		}
		if data, err := whole(t, obj); err != nil || data != text {
			t.Errorf("%q, %v", data, err)
		}
		want := errors.New("its own")
		if err := Use(t.Context(), Files{}, obj, obj.Size, func([]byte) error { return want }); err != want {
			t.Errorf("got %v", err)
		}
		func() {
			defer func() {
				if r := recover(); r != "its own" {
					t.Errorf("got %v", r)
				}
			}()
			_ = Use(t.Context(), Files{}, obj, obj.Size, func([]byte) error { panic("its own") })
		}()
	}
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
	if data, err := whole(t, obj); err != nil || data != "abc" {
		t.Errorf("%q, %v", data, err)
	}
	if left := names(t, dir); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	if err := os.WriteFile(uri.Key, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := whole(t, obj); err == nil || !strings.Contains(err.Error(), "was replaced while the job ran") {
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
