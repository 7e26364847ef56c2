// Package pipeline has sklearn.pipeline.Pipeline.
package pipeline

import (
	"fmt"
	"slices"
	"strconv"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"sklearn.pipeline.Pipeline": newPipeline,
}

// steps are transformers one after the other, without the passthroughs, and
// the last step, which may be one too.
// Source: sklearn/pipeline.py, Pipeline.
type steps struct {
	inputs []frame.Kind
	before []estimator.Transformer
	last   estimator.Estimator
	first  estimator.Estimator
	// What the pipeline cannot do, nil if it can.
	noTransform, noInverse error
}

func newPipeline(o *estimator.Object) (estimator.Estimator, error) {
	objects, predicts, err := stepObjects(o)
	if err != nil {
		return nil, err
	}
	s := &steps{}
	for i, child := range objects {
		if i == len(objects)-1 && predicts {
			s.last, err = estimator.Build(child)
		} else {
			s.last, err = estimator.BuildTransformer(child)
		}
		if err != nil {
			return nil, err
		}
		if i == 0 {
			s.first = s.last
		}
		if _, ok := s.last.(estimator.Inverter); !ok {
			s.noInverse = child.Refuse("has no inverse_transform that is known")
		}
		t, ok := s.last.(estimator.Transformer)
		if !ok {
			s.noTransform = child.Refuse("has no transform")
		}
		if i < len(objects)-1 {
			s.before = append(s.before, t)
		}
	}
	if !o.Columns(len(s.first.Inputs())) {
		return nil, o.Err()
	}
	if err := s.connect(objects); err != nil {
		return nil, err
	}
	return s.expose(predicts), nil
}

// stepObjects returns the steps that do not pass through; predicts says that
// the very last one is among them.
func stepObjects(o *estimator.Object) (objects []*estimator.Object, predicts bool, err error) {
	for i, v := range o.List("steps") {
		pair, ok := v.(pickle.Tuple)
		if l, isList := v.(*pickle.List); isList {
			pair, ok = l.Items, true
		}
		if !ok || len(pair) != 2 {
			return nil, false, o.Refuse("steps[%d] must be a pair, found %s", i, estimator.Describe(v))
		}
		if predicts = pair[1] != nil && pair[1] != "passthrough"; !predicts {
			continue
		}
		child, err := o.Child(pair[1], fmt.Sprintf(".steps[%d]", i))
		if err != nil {
			return nil, false, err
		}
		objects = append(objects, child)
	}
	if o.Err() == nil && len(objects) == 0 {
		return nil, false, o.Refuse("has no step that reads columns")
	}
	return objects, predicts, o.Err()
}

// connect checks that each step takes what the one before it gives, and finds
// the kind of the columns that the first steps pass through. It sends a frame
// of no rows along: a column that comes out as Any is one that went in, and its
// name says which.
func (s *steps) connect(objects []*estimator.Object) error {
	s.inputs = slices.Clone(s.first.Inputs())
	cols := make([]frame.Column, len(s.inputs))
	for i, kind := range s.inputs {
		cols[i] = frame.Column{Name: strconv.Itoa(i), Kind: kind}
	}
	x := frame.New(0, nil).With(cols)
	for i, t := range s.before {
		if err := s.join(objects[i], t, x); err != nil {
			return err
		}
		var err error
		if x, err = estimator.Transform(t, x); err != nil {
			return err
		}
		if !objects[i].Columns(len(x.Cols)) {
			return objects[i].Err()
		}
		if x.Single {
			return objects[i].Refuse("dtype=float32 makes all later steps work in float32, which is not supported").
				WithHint("Fit it with dtype=float64")
		}
	}
	return s.join(objects[len(s.before)], s.last, x)
}

// join checks what a step wants against the columns that it is given.
func (s *steps) join(o *estimator.Object, step estimator.Estimator, x *frame.Frame) error {
	wants := step.Inputs()
	if wants == nil { // it looks at none
		return nil
	}
	if len(wants) != x.Width() {
		return o.Refuse("takes %d columns, but the step before it gives %d", len(wants), x.Width())
	}
	if x.Wide != nil {
		if slices.Contains(wants, frame.Text) {
			return o.Refuse("takes text, but is given numbers")
		}
		return estimator.CheckWide(o, step, x)
	}
	for j, want := range wants {
		given := &x.Cols[j].Kind
		if *given == frame.Any {
			origin, err := strconv.Atoi(x.Cols[j].Name)
			if err != nil || origin < 0 || origin >= len(s.inputs) {
				return o.Refuse("is given a column of no kind")
			}
			given = &s.inputs[origin]
		}
		kind, ok := estimator.BothKinds(*given, want)
		if !ok {
			return o.Refuse("takes %s in its column %d, but is given %s", want, j, *given)
		}
		if x.Cols[j].Kind == frame.Any {
			*given = kind
		}
	}
	return nil
}

// Inputs are the first step's, with the kind of a column that it passes
// through taken from the steps behind it.
func (s *steps) Inputs() []frame.Kind { return s.inputs }

// SelectsByName is as the first step does.
func (s *steps) SelectsByName() bool { return estimator.SelectsByName(s.first) }

// TakesSparse is as the first step does.
func (s *steps) TakesSparse() bool { return estimator.TakesSparse(s.first) }

// through sends x through all steps but the last.
func (s *steps) through(x *frame.Frame) (*frame.Frame, error) {
	for _, t := range s.before {
		var err error
		if x, err = estimator.Transform(t, x); err != nil {
			return nil, err
		}
		if x.Single { // which the table's bools beside float32 columns show only now
			return nil, job.Invalid("the columns of a step are all float32 and bools, which makes all later steps work in float32, which is not supported").
				WithHint("Fit the encoder with dtype=float64, or write True and False as 1 and 0")
		}
	}
	return x, nil
}
