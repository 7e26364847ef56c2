package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"brine/functions/internal/job"
)

// Files is a Store of local files: a URI's Key is a path, and means the file that
// its symbolic links lead to. An upload is a hidden folder beside that file, in
// which the result is made that is renamed into its place.
type Files struct{}

// MinPart implements Store.
func (Files) MinPart() int64 { return 0 }

// Stat implements Store. The ETag is made of size and modification time.
func (Files) Stat(_ context.Context, uri job.URI) (job.Object, error) {
	info, err := os.Stat(uri.Key)
	switch {
	case err != nil:
		return job.Object{}, unreadable(uri, err)
	case !info.Mode().IsRegular():
		return job.Object{}, job.Invalid("%s is not a file", uri.Key)
	}
	return job.Object{URI: uri, ETag: etag(info), Size: info.Size()}, nil
}

func unreadable(uri job.URI, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &job.Error{Type: job.ValidationError, Message: "File not found: " + uri.Key, Err: fs.ErrNotExist}
	}
	return &job.Error{Type: job.ValidationError, Message: "cannot read " + uri.Key, Err: err}
}

func etag(info fs.FileInfo) string {
	return fmt.Sprintf("%x-%x", info.Size(), info.ModTime().UnixNano())
}

// Peek implements Store. To look at a file's bytes is another step than to pin it.
func (f Files) Peek(ctx context.Context, uri job.URI, _ int64) (job.Object, []byte, error) {
	obj, err := f.Stat(ctx, uri)
	return obj, nil, err
}

// Read implements Store.
func (Files) Read(_ context.Context, obj job.Object, from, to int64) (io.ReadCloser, error) {
	file, err := open(obj)
	if err != nil {
		return nil, err
	}
	return &section{io.NewSectionReader(file, from, to-from), file}, nil
}

// open opens a pinned file.
func open(obj job.Object) (*os.File, error) {
	file, err := os.Open(obj.URI.Key)
	if err != nil {
		return nil, unreadable(obj.URI, err)
	}
	if err := unchanged(file, obj); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func unchanged(file *os.File, obj job.Object) error {
	info, err := file.Stat()
	if err != nil {
		return unreadable(obj.URI, err)
	}
	if etag(info) != obj.ETag {
		return Replaced(obj.URI)
	}
	return nil
}

// use is Use. A file that changes meanwhile is one that was replaced, whatever
// came of its bytes.
func (Files) use(obj job.Object, n int64, use func(data []byte) error) error {
	file, err := open(obj)
	if err != nil {
		return err
	}
	defer file.Close()
	err = mapped(file, n, use)
	if replaced := unchanged(file, obj); replaced != nil {
		return replaced
	}
	return err
}

type section struct {
	io.Reader
	io.Closer
}

// Begin implements Store.
func (Files) Begin(_ context.Context, uri job.URI) (job.Upload, error) {
	path, err := target(uri)
	if err != nil {
		return job.Upload{}, err
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+".part-")
	return job.Upload{URI: uri, ID: dir}, unwritable(uri, err)
}

func partPath(up job.Upload, number int) string {
	return filepath.Join(up.ID, strconv.Itoa(number))
}

// Writer implements Store. All of a shard is one part.
func (Files) Writer(_ context.Context, up job.Upload, first, _ int) PartWriter {
	return &fileWriter{path: partPath(up, first), part: job.Part{Number: first}}
}

// fileWriter makes its file when there is something to write.
type fileWriter struct {
	path string
	part job.Part
	file *os.File
}

func (w *fileWriter) Write(p []byte) (n int, err error) {
	if w.file == nil {
		if w.file, err = os.Create(w.path); err != nil {
			return 0, err
		}
	}
	n, err = w.file.Write(p)
	w.part.Size += int64(n)
	return n, err
}

// Commit implements PartWriter.
func (w *fileWriter) Commit() ([]job.Part, error) {
	if _, err := w.Write(nil); err != nil {
		return nil, err
	}
	return []job.Part{w.part}, w.Close()
}

// Close implements PartWriter.
func (w *fileWriter) Close() error {
	if w.file == nil {
		return nil
	}
	file := w.file
	w.file = nil
	return file.Close()
}

// Parts implements Store.
func (Files) Parts(_ context.Context, up job.Upload) ([]job.Part, error) {
	entries, err := os.ReadDir(up.ID)
	if err != nil {
		return nil, err
	}
	var parts []job.Part
	for _, e := range entries {
		number, err := strconv.Atoi(e.Name())
		if err != nil {
			return nil, err
		}
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		parts = append(parts, job.Part{Number: number, Size: info.Size()})
	}
	return parts, nil
}

// Complete implements Store.
func (f Files) Complete(ctx context.Context, up job.Upload, parts []job.Part) (job.Object, error) {
	path, err := target(up.URI)
	if err != nil {
		return job.Object{}, err
	}
	first := partPath(up, parts[0].Number)
	if err := appendParts(first, up, parts[1:]); err != nil {
		return job.Object{}, err
	}
	if err := os.Rename(first, path); err != nil {
		return job.Object{}, err
	}
	if err := f.Abort(ctx, up); err != nil {
		return job.Object{}, err
	}
	return f.Stat(ctx, up.URI)
}

func appendParts(path string, up job.Upload, parts []job.Part) error {
	if len(parts) == 0 {
		return nil
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer out.Close()
	for _, p := range parts {
		in, err := os.Open(partPath(up, p.Number))
		if err != nil {
			return err
		}
		_, err = io.Copy(out, in)
		in.Close()
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// Delete implements Store.
func (Files) Delete(_ context.Context, uris ...job.URI) error {
	for _, uri := range uris {
		path, err := target(uri)
		if err == nil {
			err = os.Remove(path)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &job.Error{Type: job.ValidationError, Message: "cannot delete " + uri.Key, Err: err}
		}
	}
	return nil
}

// Abort implements Store.
func (Files) Abort(_ context.Context, up job.Upload) error { return os.RemoveAll(up.ID) }
