// Package pipeline is a job as plain functions: Validate plans it, Predict does
// one shard of it, Write completes the result. The state machine's functions,
// the direct handler and the command line all call these.
package pipeline

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"slices"

	"brine/functions/internal/job"
	"brine/functions/internal/sklearn"
	"brine/functions/internal/store"
	"brine/functions/internal/table"
)

// Pipeline does jobs over one store. It may do several at once.
type Pipeline struct {
	Store store.Store
	// ShardSize is the bytes of table in one shard; 0 makes it all one.
	ShardSize int64
	// Progress, if set, is told the bytes of table that were predicted and
	// how many there are, from one goroutine.
	Progress func(done, total int64)
	// MemoryMB is the memory of the function that this process is, which is
	// what its time costs; 0 if it is none.
	MemoryMB int64
	// Receipts is set if somebody reads them: the model's SHA-256 and the peak
	// memory are taken for them.
	Receipts bool

	models models
}

// workers is the number of goroutines that parse and predict.
func workers() int { return runtime.GOMAXPROCS(0) }

// engine is what one shard needs: the model and how its rows are read.
type engine struct {
	model    *sklearn.Model
	features []string
	layout   *table.Layout
	reject   bool // rows that cannot be predicted
}

// engine builds model and layout from a plan, or from what is to become one.
func (p *Pipeline) engine(ctx context.Context, model job.Object, header *table.Header, r job.Request) (*engine, error) {
	m, err := p.models.open(ctx, p.Store, model)
	if err != nil {
		return nil, err
	}
	features, err := m.Bind(r.Features, header.Names)
	if err != nil {
		return nil, err
	}
	if err := checkColumns(r.Features, header); err != nil {
		return nil, err
	}
	names, columns := make([]string, len(features)), make([]table.Column, len(features))
	for i, f := range features {
		names[i], columns[i] = f.Name, table.Column(f)
	}
	layout, err := table.NewLayout(header, columns, r.Column, m.Outputs())
	if err != nil {
		return nil, err
	}
	return &engine{m, names, layout, r.Rejects()}, nil
}

// checkColumns refuses feature columns that the table lacks, be it that the
// model does not look at them.
func checkColumns(asked []string, header *table.Header) error {
	missing := slices.DeleteFunc(slices.Clone(asked), func(name string) bool {
		return slices.Contains(header.Names, name)
	})
	if len(missing) > 0 {
		return table.MissingColumns(missing)
	}
	return nil
}

// about says which object a ValidationError is about, and nothing of no error.
func about(what string, uri job.URI, err error) error {
	var e *job.Error
	if !errors.As(err, &e) {
		return err
	}
	named := *e
	if errors.Is(err, fs.ErrNotExist) {
		named.Message, named.Err = what+" file not found: "+uri.String(), nil
	} else {
		named.Object = what + " " + uri.String()
	}
	return &named
}
