package pipeline

import (
	"context"
	"os"
	"path/filepath"
)

// tempSpool is the Spool of a job that is done in one process: a folder of
// temporary files, made when there is something to keep.
type tempSpool struct{ dir string }

// Put implements Spool.
func (s *tempSpool) Put(_ context.Context, name string, data []byte) (err error) {
	if s.dir == "" {
		if s.dir, err = os.MkdirTemp("", "brine-rejects-"); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(s.dir, name), data, 0o600)
}

// Get implements Spool.
func (s *tempSpool) Get(_ context.Context, name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(s.dir, name))
}

// Close drops what is kept.
func (s *tempSpool) Close() error {
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}
