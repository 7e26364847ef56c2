package asl

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// maxChildren is how many child executions a Map has at once at most.
const maxChildren = 10_000

// mapState runs a flow for each of many items, each in a child execution.
// No failure is tolerated: the first one stops the children that run and
// keeps the others from being started.
type mapState struct {
	frame
	handlers
	items       items
	selectItem  template
	processor   *flow
	concurrency int
	label       string
}

// items is where a Map's items come from: an object in a bucket, else a path.
type items struct {
	path   path
	object *template // Bucket and Key; nil if the items are in the input
}

func (s *mapState) run(ctx context.Context, v *visit, input any) (any, string, error) {
	attempt := func() (any, error) {
		output, _, err := s.work(v, input, func(data any) (any, error) { return s.mapRun(ctx, v, data) })
		return output, err
	}
	output, err := s.try(ctx, v, attempt)
	if err != nil {
		return s.caught(ctx, err, input)
	}
	return output, s.next, nil
}

func (s *mapState) mapRun(ctx context.Context, v *visit, data any) (any, error) {
	arn := fmt.Sprintf("%s/%s:%s", strings.Replace(v.MachineID, ":stateMachine:", ":mapRun:", 1), s.label, uuid.NewString())
	v.observe(Event{Type: "MapRunStarted", State: s.name, Resource: arn})
	results, err := s.children(ctx, v, data)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		v.observe(Event{Type: "MapRunFailed", State: s.name, Err: failure(err)})
		return nil, err
	}
	v.observe(Event{Type: "MapRunSucceeded", State: s.name})
	return results, nil
}

func (s *mapState) children(ctx context.Context, v *visit, data any) (any, error) {
	values, err := s.items.read(ctx, v, data)
	if err != nil {
		return nil, err
	}
	results := make([]any, len(values))
	progress := s.progress(v, len(values))
	group, childCtx := errgroup.WithContext(ctx)
	group.SetLimit(s.concurrency)
	for i, value := range values {
		if childCtx.Err() != nil {
			break
		}
		group.Go(func() error {
			var err error
			if results[i], err = s.child(childCtx, v, data, i, value); err != nil {
				return &Error{Name: ThresholdExceeded, Cause: fmt.Sprintf("The specified tolerated failure threshold was exceeded: item %d failed with %v", i, err)}
			}
			progress()
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return results, nil
}

// progress returns the function that counts an item as done.
func (s *mapState) progress(v *visit, total int) func() {
	if v.Observer == nil {
		return func() {}
	}
	var mu sync.Mutex
	done := 0
	v.Observer.Progress(s.name, 0, total)
	return func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		v.Observer.Progress(s.name, done, total)
	}
}

func (s *mapState) child(ctx context.Context, parent *visit, data any, i int, value any) (any, error) {
	if s.selectItem.node != nil {
		v := *parent
		v.item = map[string]any{"Index": i, "Value": value}
		var err error
		if value, err = s.selectItem.fill(v.scope(data)); err != nil {
			return nil, err
		}
	}
	x := parent.Execution
	x.Name = uuid.NewString()
	x.ID = fmt.Sprintf("%s/%s:%s", parent.ID[:len(parent.ID)-len(parent.Name)-1], s.label, x.Name)
	x.Observer = nil
	x.Start = parent.entered
	return (&run{Execution: x, input: value}).flow(ctx, s.processor, value)
}

func (it items) read(ctx context.Context, v *visit, data any) ([]any, error) {
	if it.object == nil {
		value, err := it.path.eval(v.scope(data))
		if err != nil {
			return nil, &Error{Name: Runtime, Cause: "ItemsPath: " + err.Error()}
		}
		array, ok := value.([]any)
		if !ok {
			return nil, &Error{Name: Runtime, Cause: fmt.Sprintf("ItemsPath: %q is no array", it.path.text)}
		}
		return array, nil
	}
	from, err := it.object.fill(v.scope(data))
	if err != nil {
		return nil, err
	}
	bucket, _ := from.(map[string]any)["Bucket"].(string)
	key, _ := from.(map[string]any)["Key"].(string)
	array, err := readArray(ctx, v.Platform, bucket, key)
	if err != nil {
		return nil, &Error{Name: ItemReaderFailed, Cause: fmt.Sprintf("reading the items in s3://%s/%s: %v", bucket, key, err)}
	}
	return array, nil
}

func readArray(ctx context.Context, p Platform, bucket, key string) ([]any, error) {
	if bucket == "" || key == "" {
		return nil, errors.New("the Bucket and the Key must be strings that are not empty")
	}
	r, err := p.Open(ctx, bucket, key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	v, err := decode(r)
	if err != nil {
		return nil, err
	}
	array, ok := v.([]any)
	if !ok {
		return nil, errors.New("it holds no JSON array")
	}
	return array, nil
}
