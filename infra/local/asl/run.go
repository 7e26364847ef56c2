// Package asl checks and runs state machines that are written in the Amazon
// States Language (https://states-language.net): the part of it that a
// pipeline of Lambda functions over a distributed Map needs, and not a field
// more. What it does not know is an error when a definition is parsed, never
// something that is passed over.
//
// It is as strict as AWS or stricter. A path that leads to nothing is
// States.Runtime, which no Retry and no Catch answers; inputs, results and
// outputs over 262,144 bytes are States.DataLimitExceeded.
package asl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// maxData is the limit of a state's input, result and output in bytes of JSON.
const maxData = 262_144

// Platform is what a state machine runs on.
type Platform interface {
	// Invoke calls the Lambda function and returns its response, a JSON value.
	// An *Error says how the function failed. It returns early when ctx is
	// done; the function may then still be running, as it may on AWS.
	Invoke(ctx context.Context, arn string, payload []byte) ([]byte, error)
	// Open reads an object of a bucket.
	Open(ctx context.Context, bucket, key string) (io.ReadCloser, error)
}

// Observer is told of an execution as it goes; its methods are called from
// one goroutine at a time for one execution, and must not keep it waiting.
type Observer interface {
	Event(Event)
	// Progress says that done of a Map's total items are through.
	Progress(state string, done, total int)
}

// Event is one entry in the history of an execution.
type Event struct {
	Type     string // as GetExecutionHistory names it, such as TaskStateEntered
	State    string // the state's name, if it is about a state
	Resource string // a function's ARN or a Map Run's, if it is about one
	Data     []byte // the input or output as JSON, if there is one
	Err      *Error // how it failed, if it did
}

// Execution is one run of a machine.
type Execution struct {
	ID, Name               string
	MachineID, MachineName string
	Start                  time.Time
	Platform               Platform
	Observer               Observer
}

// ErrTimedOut is what Run returns when the machine's TimeoutSeconds are over.
var ErrTimedOut = &Error{Name: Timeout, Cause: "the execution took longer than its TimeoutSeconds"}

// Run runs the machine to its end and returns the output. The error is an
// *Error, or the cause of ctx if that ended first.
func (m *Machine) Run(ctx context.Context, x Execution, input []byte) ([]byte, error) {
	if m.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, m.timeout, ErrTimedOut)
		defer cancel()
	}
	data, err := decode(bytes.NewReader(input))
	if err != nil {
		return nil, &Error{Name: Runtime, Cause: "the input is not JSON: " + err.Error()}
	}
	r := &run{Execution: x, input: data}
	output, err := r.flow(ctx, m.flow, data)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	return encode(output), nil
}

// run is an execution, or a child execution of a Map.
type run struct {
	Execution
	input any
}

// visit is a run inside one of its states.
type visit struct {
	*run
	state   string
	entered time.Time
	retries int
	item    map[string]any // what $$.Map holds, inside an ItemSelector
}

func (v *visit) scope(data any) scope {
	object := map[string]any{
		"Execution":    map[string]any{"Id": v.ID, "Name": v.Name, "Input": v.input, "StartTime": timestamp(v.Start)},
		"State":        map[string]any{"Name": v.state, "EnteredTime": timestamp(v.entered), "RetryCount": v.retries},
		"StateMachine": map[string]any{"Id": v.MachineID, "Name": v.MachineName},
	}
	if v.item != nil {
		object["Map"] = map[string]any{"Item": v.item}
	}
	return scope{data, object}
}

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// observe tells the observer; children have none, as they are executions of their own.
func (r *run) observe(e Event) {
	if r.Observer != nil {
		r.Observer.Event(e)
	}
}

func (r *run) flow(ctx context.Context, f *flow, data any) (any, error) {
	for name := f.startAt; name != ""; {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		s := f.states[name]
		if err := limit(name, data); err != nil {
			return nil, err
		}
		v := &visit{run: r, state: name, entered: time.Now()}
		r.observe(Event{Type: s.kindOf() + "StateEntered", State: name, Data: encode(data)})
		output, next, err := s.run(ctx, v, data)
		if err == nil {
			err = limit(name, output)
		}
		if err != nil {
			return nil, err
		}
		r.observe(Event{Type: s.kindOf() + "StateExited", State: name, Data: encode(output)})
		data, name = output, next
	}
	return data, nil
}

func limit(state string, v any) error {
	if n := len(encode(v)); n > maxData {
		return &Error{Name: DataLimitExceeded, Cause: fmt.Sprintf("The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit: %d bytes, the limit is %d.", state, n, maxData)}
	}
	return nil
}

// handlers are the Retry and Catch of a state.
type handlers struct {
	retry []retrier
	catch []catcher
}

type catcher struct {
	names  []string
	result filter
	next   string
}

// retrier is one Retry; its interval and longest delay are in seconds.
type retrier struct {
	names             []string
	interval, longest float64
	rate              float64
	attempts          int
	jitter            bool
}

// delay is the time to wait before the retry of this number, from 0 on.
func (r retrier) delay(n int) time.Duration {
	seconds := min(r.interval*math.Pow(r.rate, float64(n)), r.longest)
	if r.jitter {
		seconds *= rand.Float64()
	}
	return time.Duration(seconds * float64(time.Second))
}

// try runs attempt until it succeeds or no retrier takes its error any more.
func (h handlers) try(ctx context.Context, v *visit, attempt func() (any, error)) (any, error) {
	used := make([]int, len(h.retry))
	for {
		result, err := attempt()
		if err == nil || ctx.Err() != nil {
			return result, err
		}
		i := h.retrier(failure(err))
		if i < 0 || used[i] == h.retry[i].attempts {
			return nil, failure(err)
		}
		select {
		case <-time.After(h.retry[i].delay(used[i])):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		used[i]++
		v.retries++
	}
}

func (h handlers) retrier(e *Error) int {
	for i, r := range h.retry {
		if e.matches(r.names) {
			return i
		}
	}
	return -1
}

// caught returns the state that err leads to, with its input.
func (h handlers) caught(ctx context.Context, err error, input any) (any, string, error) {
	if ctx.Err() != nil {
		return nil, "", context.Cause(ctx)
	}
	e := failure(err)
	for _, c := range h.catch {
		if e.matches(c.names) {
			output, err := c.result.put(input, map[string]any{"Error": e.Name, "Cause": e.Cause})
			return output, c.next, err
		}
	}
	return nil, "", e
}

// call invokes a function within a time limit and decodes what it returns.
func (v *visit) call(ctx context.Context, arn string, payload []byte, timeout time.Duration) (any, error) {
	overdue := &Error{Name: Timeout, Cause: fmt.Sprintf("the task took longer than its TimeoutSeconds, %v", timeout)}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, overdue)
		defer cancel()
	}
	response, err := v.Platform.Invoke(ctx, arn, payload)
	if errors.Is(context.Cause(ctx), overdue) {
		return nil, overdue
	}
	if err != nil {
		return nil, err
	}
	result, err := decode(bytes.NewReader(response))
	if err != nil {
		name := arn[strings.LastIndexByte(arn, ':')+1:]
		return nil, &Error{Name: Runtime, Cause: fmt.Sprintf("the response of the function %s is not JSON: %v", name, err)}
	}
	return result, nil
}
