package asl

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// path is a reference path: $ (the state's data) or $$ (the context object)
// and then names and indices, each of which leads to one value.
type path struct {
	text    string
	context bool
	steps   []any // a string for a name, an int for an index
}

// scope is what paths look into: a state's data and its context object.
type scope struct {
	data, context any
}

var step = regexp.MustCompile(`^(?:\.([\p{L}_][\p{L}\p{N}_-]*)|\['([^'\\]+)'\]|\[([0-9]{1,9})\])`)

// contextPaths are the fields of the context object that are filled here.
var contextPaths = []string{
	"Execution.Id", "Execution.Input", "Execution.Name", "Execution.StartTime",
	"State.EnteredTime", "State.Name", "State.RetryCount",
	"StateMachine.Id", "StateMachine.Name",
	"Map.Item.Index", "Map.Item.Value",
}

func parsePath(text string) (path, error) {
	p := path{text: text}
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return p, fmt.Errorf("path %q does not begin with $ (intrinsic functions are not supported)", text)
	}
	rest, p.context = strings.CutPrefix(rest, "$")
	for rest != "" {
		m := step.FindStringSubmatch(rest)
		if m == nil {
			return p, fmt.Errorf("path %q: %q is not supported: only reference paths are, such as $.name, $['name'] and $.names[0]", text, rest)
		}
		rest = rest[len(m[0]):]
		if m[3] == "" {
			p.steps = append(p.steps, m[1]+m[2])
			continue
		}
		i, _ := strconv.Atoi(m[3]) // at most nine digits
		p.steps = append(p.steps, i)
	}
	if p.context && !p.known() {
		return p, fmt.Errorf("path %q: the context object has no such field; it has %s", text, strings.Join(contextPaths, ", "))
	}
	return p, nil
}

func (p path) known() bool {
	return slices.ContainsFunc(contextPaths, func(field string) bool { return p.within(field) })
}

// within tells whether p is the named field of the context object or lies inside it.
func (p path) within(field string) bool {
	names := strings.Split(field, ".")
	if !p.context || len(p.steps) < len(names) {
		return false
	}
	for i, name := range names {
		if p.steps[i] != name {
			return false
		}
	}
	return true
}

func (p path) eval(s scope) (any, error) {
	v := s.data
	if p.context {
		v = s.context
	}
	for _, step := range p.steps {
		var ok bool
		switch step := step.(type) {
		case string:
			var object map[string]any
			if object, ok = v.(map[string]any); ok {
				v, ok = object[step]
			}
		case int:
			array, _ := v.([]any)
			if ok = step < len(array); ok {
				v = array[step]
			}
		}
		if !ok {
			return nil, fmt.Errorf("the path %q leads to nothing", p.text)
		}
	}
	return v, nil
}

// set returns data with v at p. Objects that are missing on the way are made;
// data itself is not changed.
func (p path) set(data, v any) (any, error) {
	return setSteps(data, p.steps, v)
}

func setSteps(data any, steps []any, v any) (any, error) {
	if len(steps) == 0 {
		return v, nil
	}
	object, ok := data.(map[string]any)
	if data != nil && !ok {
		return nil, fmt.Errorf("%q has no object to be put into", steps[0])
	}
	child, err := setSteps(object[steps[0].(string)], steps[1:], v)
	if err != nil {
		return nil, err
	}
	object = maps.Clone(object)
	if object == nil {
		object = map[string]any{}
	}
	object[steps[0].(string)] = child
	return object, nil
}

// settable says why a result can't be put at p, if it can't.
func (p path) settable() error {
	if p.context {
		return errors.New("the context object can't be written to")
	}
	if slices.ContainsFunc(p.steps, func(step any) bool { _, index := step.(int); return index }) {
		return fmt.Errorf("path %q: an index is not supported here", p.text)
	}
	return nil
}

// filter is an InputPath, OutputPath or ResultPath: a path, or JSON's null.
type filter struct {
	path
	null bool
}

// pick applies an InputPath or OutputPath: null leaves an empty object.
func (f filter) pick(s scope) (any, error) {
	if f.null {
		return map[string]any{}, nil
	}
	v, err := f.eval(s)
	if err != nil {
		return nil, &Error{Name: Runtime, Cause: "Invalid path: " + err.Error() + " in the input " + string(encode(s.data))}
	}
	return v, nil
}

// put applies a ResultPath: null drops the result.
func (f filter) put(input, result any) (any, error) {
	if f.null {
		return input, nil
	}
	v, err := f.set(input, result)
	if err != nil {
		return nil, &Error{Name: ResultPathMismatch, Cause: fmt.Sprintf("ResultPath %q: %v", f.text, err)}
	}
	return v, nil
}
