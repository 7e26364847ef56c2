//go:build darwin || linux

package store

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"brine/functions/internal/job"
)

// put makes a result of one part.
func put(t *testing.T, path, text string) error {
	t.Helper()
	up, err := Files{}.Begin(t.Context(), job.URI{Key: path})
	if err != nil {
		return err
	}
	_, err = Files{}.Complete(t.Context(), up, []job.Part{write(t, up, 1, text)})
	return err
}

// TestFilesLinks: the result is the file that a path means, and its links stay.
func TestFilesLinks(t *testing.T) {
	for name, c := range map[string]struct {
		links map[string]string // in the folder run
		there string            // the file that is there before
		path  string            // of the result
		want  string            // the file that it is
	}{
		"to a file":        {map[string]string{"out.csv": "../real/a.csv"}, "real/a.csv", "run/out.csv", "real/a.csv"},
		"to a link":        {map[string]string{"out.csv": "b", "b": "../real/a.csv"}, "real/a.csv", "run/out.csv", "real/a.csv"},
		"dangling":         {map[string]string{"out.csv": "../real/new.csv"}, "", "run/out.csv", "real/new.csv"},
		"dangling twice":   {map[string]string{"out.csv": "b", "b": "../real/new.csv"}, "", "run/out.csv", "real/new.csv"},
		"a folder's":       {map[string]string{"dir": "../real/deep"}, "", "run/dir/new.csv", "real/deep/new.csv"},
		"up from a folder": {map[string]string{"dir": "../real/deep"}, "", "run/dir/../new.csv", "real/new.csv"},
		"dangling, up":     {map[string]string{"dir": "../real/deep", "out.csv": "dir/../new.csv"}, "", "run/out.csv", "real/new.csv"},
		"from a folder's":  {map[string]string{"dir": "../real/deep", "../real/deep/out.csv": "../new.csv"}, "", "run/dir/out.csv", "real/new.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, dir := range []string{"run", "real/deep"} {
				if err := os.MkdirAll(dir, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			for from, to := range c.links {
				if err := os.Symlink(to, filepath.Join("run", from)); err != nil {
					t.Fatal(err)
				}
			}
			if c.there != "" {
				if err := os.WriteFile(c.there, []byte("earlier"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := put(t, c.path, "the result"); err != nil {
				t.Fatal(err)
			}
			if info, err := os.Lstat(c.want); err != nil || !info.Mode().IsRegular() {
				t.Fatalf("%v, %v", info, err)
			}
			if data, err := os.ReadFile(c.path); err != nil || string(data) != "the result" {
				t.Errorf("%q, %v", data, err)
			}
			if err := (Files{}).Delete(t.Context(), job.URI{Key: c.path}); err != nil {
				t.Fatal(err)
			}
			if left := append(names(t, "real"), names(t, filepath.Dir(c.want))...); slices.Contains(left, filepath.Base(c.want)) {
				t.Errorf("left: %v", left)
			}
			for from := range c.links {
				if info, err := os.Lstat(filepath.Join("run", from)); err != nil || info.Mode()&os.ModeSymlink == 0 {
					t.Errorf("%s: %v, %v", from, info, err)
				}
			}
		})
	}
}

// TestFilesRefused: what is no regular file is not replaced, nor through a link.
func TestFilesRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("dir", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo("fifo", 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", "socket")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for from, to := range map[string]string{"to-dir": "dir", "to-fifo": "fifo", "loop": "loop", "nowhere": "none/out.csv"} {
		if err := os.Symlink(to, from); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("file", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before := names(t, ".")
	for path, want := range map[string]string{
		"dir":     "cannot write dir: it is a directory. Name a file in it",
		"dir/":    "cannot write dir/: it is a directory. Name a file in it",
		"to-dir":  "cannot write to-dir: it is a directory. Name a file in it",
		"fifo":    "cannot write fifo: it is a pipe, a device or a socket. Name a file: a result is put in its place whole",
		"to-fifo": "cannot write to-fifo: it is a pipe, a device or a socket",
		"socket":  "cannot write socket: it is a pipe, a device or a socket",
		"":        `cannot write "": it names no file. Name a file for the result`,
		"new/":    `cannot write "new/": it names no file`,
		"file/":   "cannot write file/: ",
		"loop":    "cannot write loop: ",
		"nowhere": "cannot write nowhere: ",
	} {
		if err := put(t, path, "the result"); err == nil || !strings.HasPrefix(err.Error(), want) || job.TypeOf(err) != job.ValidationError {
			t.Errorf("%q: %v, want %s", path, err, want)
		}
		nothing := path == "nowhere"
		if err := (Files{}).Delete(t.Context(), job.URI{Key: path}); (err == nil) != nothing {
			t.Errorf("deleting %q: %v", path, err)
		}
	}
	if left := names(t, "."); strings.Join(left, " ") != strings.Join(before, " ") {
		t.Errorf("there was %v, now %v", before, left)
	}
	if info, err := os.Lstat("fifo"); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("%v, %v", info, err)
	}
}
