package asl

import (
	"context"
	"fmt"
	"time"
)

// state is one state of a machine: from an input it makes an output and the
// name of the next state, "" at the end.
type state interface {
	kindOf() string
	run(ctx context.Context, v *visit, input any) (output any, next string, err error)
}

// frame is what the types of states have in common.
type frame struct {
	kind, name            string
	input, result, output filter
	selector              template
	next                  string
}

func (f *frame) kindOf() string { return f.kind }

// work is what a state does between its InputPath and its ResultSelector.
func (f *frame) work(v *visit, input any, do func(any) (any, error)) (any, string, error) {
	effective, err := f.input.pick(v.scope(input))
	if err != nil {
		return nil, "", err
	}
	result, err := do(effective)
	if err != nil {
		return nil, "", err
	}
	output, err := f.finish(v, input, result)
	return output, f.next, err
}

// finish applies ResultSelector, ResultPath and OutputPath.
func (f *frame) finish(v *visit, input, result any) (any, error) {
	if err := limit(f.name, result); err != nil {
		return nil, err
	}
	result, err := f.selector.fill(scope{data: result})
	if err != nil {
		return nil, err
	}
	output, err := f.result.put(input, result)
	if err != nil {
		return nil, err
	}
	return f.output.pick(v.scope(output))
}

// task calls a Lambda function.
type task struct {
	frame
	handlers
	arn        string
	parameters template
	timeout    time.Duration // 0: none
}

func (s *task) run(ctx context.Context, v *visit, input any) (any, string, error) {
	attempt := func() (any, error) {
		output, _, err := s.work(v, input, func(data any) (any, error) { return s.invoke(ctx, v, data) })
		return output, err
	}
	output, err := s.try(ctx, v, attempt)
	if err != nil {
		return s.caught(ctx, err, input)
	}
	return output, s.next, nil
}

func (s *task) invoke(ctx context.Context, v *visit, data any) (any, error) {
	payload, err := s.parameters.fill(v.scope(data))
	if err != nil {
		return nil, err
	}
	if err := limit(s.name, payload); err != nil {
		return nil, err
	}
	body := encode(payload)
	v.observe(Event{Type: "LambdaFunctionScheduled", State: s.name, Resource: s.arn, Data: body})
	v.observe(Event{Type: "LambdaFunctionStarted", State: s.name})
	result, err := v.call(ctx, s.arn, body, s.timeout)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		e := failure(err)
		kind := "LambdaFunctionFailed"
		if e.Name == Timeout {
			kind = "LambdaFunctionTimedOut"
		}
		v.observe(Event{Type: kind, State: s.name, Err: e})
		return nil, e
	}
	v.observe(Event{Type: "LambdaFunctionSucceeded", State: s.name, Data: encode(result)})
	return result, nil
}

// pass hands on its input, or makes a value.
type pass struct {
	frame
	parameters template
	value      *literal // the Result; nil if there is none
}

func (s *pass) run(_ context.Context, v *visit, input any) (any, string, error) {
	return s.work(v, input, func(data any) (any, error) {
		if s.value != nil {
			return s.value.value, nil
		}
		return s.parameters.fill(v.scope(data))
	})
}

// choice goes to the first branch whose condition holds.
type choice struct {
	frame
	branches  []branch
	otherwise string // the Default; "" if there is none
}

type branch struct {
	next string
	when rule
}

func (s *choice) run(_ context.Context, v *visit, input any) (any, string, error) {
	data, err := s.input.pick(v.scope(input))
	if err != nil {
		return nil, "", err
	}
	next := s.otherwise
	for _, b := range s.branches {
		holds, err := b.when.holds(data)
		if err != nil {
			return nil, "", err
		}
		if holds {
			next = b.next
			break
		}
	}
	if next == "" {
		return nil, "", &Error{Name: NoChoiceMatched, Cause: fmt.Sprintf("the state %q has no choice for the input %s", s.name, encode(data))}
	}
	output, err := s.output.pick(v.scope(data))
	return output, next, err
}

// succeed ends a flow.
type succeed struct{ frame }

func (s *succeed) run(_ context.Context, v *visit, input any) (any, string, error) {
	data, err := s.input.pick(v.scope(input))
	if err != nil {
		return nil, "", err
	}
	output, err := s.output.pick(v.scope(data))
	return output, "", err
}

// fail ends a flow with an error.
type fail struct {
	frame
	errorName, cause node
}

func (s *fail) run(_ context.Context, v *visit, input any) (any, string, error) {
	var texts [2]string
	for i, n := range []node{s.errorName, s.cause} {
		value, err := n.eval(v.scope(input))
		if err != nil {
			return nil, "", &Error{Name: Runtime, Cause: err.Error()}
		}
		text, ok := value.(string)
		if !ok {
			return nil, "", &Error{Name: Runtime, Cause: fmt.Sprintf("the error and the cause of state %q must be strings, not %s", s.name, encode(value))}
		}
		texts[i] = text
	}
	return nil, "", &Error{Name: texts[0], Cause: texts[1]}
}
