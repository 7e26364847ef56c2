package pipeline

import (
	"io"

	"github.com/klauspost/compress/gzip"

	"brine/functions/internal/job"
)

// gunzip reads what a gzip file holds. What is wrong with the file is a
// ValidationError; an error of what the file is read from stays as it is.
type gunzip struct {
	source noted
	z      *gzip.Reader // nil before the first Read
}

func newGunzip(file io.Reader) *gunzip { return &gunzip{source: noted{Reader: file}} }

// Read implements io.Reader.
func (g *gunzip) Read(p []byte) (int, error) {
	if g.z == nil {
		g.z = new(gzip.Reader)
		g.z.Reset(&g.source) // an error stays
	}
	n, err := g.z.Read(p)
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case g.source.err != nil:
		return n, g.source.err
	}
	return n, &job.Error{Type: job.ValidationError, Message: "the gzip data is corrupt", Err: err}
}

// noted notes the error of a reader, its end aside.
type noted struct {
	io.Reader
	err error
}

func (r *noted) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != io.EOF {
		r.err = err
	}
	return n, err
}
