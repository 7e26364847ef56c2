package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn"
	"brine/functions/internal/store"
)

// models keeps the model that was opened last: a warm function mostly sees the
// same one again. Another state of the object is another model.
type models struct {
	mu    sync.Mutex
	of    job.Object
	model *sklearn.Model
}

// open returns the model of a pinned object.
func (m *models) open(ctx context.Context, s store.Store, obj job.Object) (*sklearn.Model, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.model != nil && m.of == obj {
		return m.model, nil
	}
	m.model = nil
	if err := fits(obj); err != nil {
		return nil, err
	}
	slog.InfoContext(ctx, "Downloading model from "+obj.URI.String(), "bytes", obj.Size)
	data, err := store.ReadAll(ctx, s, obj)
	if err != nil {
		return nil, err
	}
	file, err := pickle.Decode(data)
	if err != nil {
		return nil, about("Model", obj.URI, err)
	}
	model, err := sklearn.Open(file)
	if err != nil {
		return nil, about("Model", obj.URI, err)
	}
	m.of, m.model = obj, model
	return model, nil
}

// fits refuses a model that this process has no memory for. Beside the file's
// bytes, which its arrays are parts of, a model has its compiled form.
func fits(obj job.Object) error {
	limit := debug.SetMemoryLimit(-1)
	if need := obj.Size * 5 / 2; need > limit {
		return &job.Error{
			Type:    job.MemoryError,
			Message: fmt.Sprintf("the model %s has %d MB, too much for %d MB of memory", obj.URI, obj.Size>>20, limit>>20),
			Hint:    fmt.Sprintf("Raise the function's memory to %d MB or more", need>>20+64),
		}
	}
	return nil
}
