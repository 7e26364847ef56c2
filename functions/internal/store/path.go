package store

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"brine/functions/internal/job"
)

// target returns the path at which the file is, or is to be, that a result's
// URI means: where its symbolic links lead. Only a regular file is replaced.
func target(uri job.URI) (string, error) {
	info, err := os.Stat(uri.Key)
	switch _, name := filepath.Split(uri.Key); {
	case err == nil && info.IsDir():
		return "", job.Invalid("cannot write %s: it is a directory", uri.Key).WithHint("Name a file in it")
	case err == nil && !info.Mode().IsRegular():
		return "", job.Invalid("cannot write %s: it is a pipe, a device or a socket", uri.Key).
			WithHint("Name a file: a result is put in its place whole")
	case errors.Is(err, fs.ErrNotExist) && name == "":
		return "", job.Invalid("cannot write %q: it names no file", uri.Key).WithHint("Name a file for the result")
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", unwritable(uri, err)
	}
	path, err := follow(uri.Key)
	return path, unwritable(uri, err)
}

// unwritable says of an error what could not be written, and nothing of no error.
func unwritable(uri job.URI, err error) error {
	if err == nil {
		return nil
	}
	return &job.Error{Type: job.ValidationError, Message: "cannot write " + uri.Key, Err: err}
}

// follow returns where a path's symbolic links lead, be nothing there yet. It
// cleans no path before its links are followed: behind a link, .. is elsewhere.
func follow(path string) (string, error) {
	if there, err := filepath.EvalSymlinks(path); !errors.Is(err, fs.ErrNotExist) {
		return there, err
	}
	dir, name := filepath.Split(path)
	link, err := os.Readlink(path)
	switch {
	case err != nil: // there is nothing
		dir, err = filepath.EvalSymlinks(cmp.Or(dir, "."))
		return filepath.Join(dir, name), err
	case !filepath.IsAbs(link):
		link = dir + link
	}
	return follow(link)
}

// Same reports whether two URIs name one file, by whatever links. Of what is not
// there yet, its folder and its name tell.
func (Files) Same(a, b job.URI) bool {
	if sameFile(a.Key, b.Key) {
		return true
	}
	p, errP := follow(a.Key)
	q, errQ := follow(b.Key)
	return errP == nil && errQ == nil && filepath.Base(p) == filepath.Base(q) && sameFile(filepath.Dir(p), filepath.Dir(q))
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
