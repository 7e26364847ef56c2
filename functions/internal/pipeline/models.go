package pipeline

import (
	"context"
	"log/slog"
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
