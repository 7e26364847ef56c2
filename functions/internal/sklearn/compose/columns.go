package compose

import (
	"errors"
	"fmt"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// newColumnTransformer gives every transformer columns of its own.
// Source: sklearn/compose/_column_transformer.py, ColumnTransformer.transform.
func newColumnTransformer(o *estimator.Object) (estimator.Estimator, error) {
	n, sparse := o.Features(), o.Bool("sparse_output_")
	names := o.FeatureNames()
	r := newResolver(o, names, n)
	weights, err := weightsOf(o)
	if err == nil {
		err = o.Err()
	}
	if err != nil {
		return nil, err
	}
	u := &union{
		class:  o.Name(),
		inputs: slices.Repeat([]frame.Kind{frame.Unused}, n),
		byName: names != nil && !o.Before(1, 0),
		sparse: func(bool) bool { return sparse },
	}
	for i, v := range o.List("transformers_") {
		place := fmt.Sprintf("transformers_[%d]", i)
		entry := items(v)
		if len(entry) != 3 {
			return nil, o.Refuse("%s must be a triple, found %s", place, estimator.Describe(v))
		}
		if entry[1] == "drop" {
			continue
		}
		name, _ := entry[0].(string)
		columns, err := r.columnsOf(name, entry[2])
		if err != nil {
			return nil, o.Refuse("%s: %v", place, err)
		}
		if len(columns) == 0 {
			continue // scikit-learn leaves its transformer unfitted
		}
		t, err := transformer(o, entry[1], "."+place)
		if err != nil {
			return nil, err
		}
		if err := u.add(o, part{transformer: t, columns: columns, weight: weights[name]}, place); err != nil {
			return nil, err
		}
	}
	return u, o.Err()
}

// resolver turns a column specification into positions.
// Source: sklearn/utils/__init__.py, _get_column_indices.
type resolver struct {
	at       map[string]int // the first position of each name
	n        int
	resolved *pickle.Dict // transformers' names to positions; nil in older models
}

func newResolver(o *estimator.Object, names []string, n int) resolver {
	r := resolver{at: map[string]int{}, n: n}
	for i, name := range slices.Backward(names) {
		r.at[name] = i
	}
	if o.Has("_transformer_to_input_indices") {
		r.resolved, _ = o.Get("_transformer_to_input_indices").(*pickle.Dict)
	}
	return r
}

// columnsOf returns the positions of a transformer's columns. Newer models hold
// them resolved; older ones only as the user wrote them.
func (r resolver) columnsOf(name string, spec any) ([]int, error) {
	if r.resolved != nil {
		if resolved, ok := r.resolved.Get(name); ok {
			spec = resolved
		}
	}
	return r.all(spec)
}

func (r resolver) all(spec any) ([]int, error) {
	switch v := spec.(type) {
	case *pickle.List:
		return r.each(v.Items)
	case pickle.Tuple:
		return r.each(v)
	case *pickle.Array:
		return r.array(v)
	case *pickle.Object:
		return r.object(v)
	}
	return r.each([]any{spec})
}

func (r resolver) array(a *pickle.Array) ([]int, error) {
	switch a.Dtype.Kind {
	case 'O':
		return r.each(a.Objects)
	case 'U':
		text, err := a.Strings()
		if err != nil {
			return nil, err
		}
		var at []int
		for _, s := range text {
			i, err := r.one(s)
			if err != nil {
				return nil, err
			}
			at = append(at, i)
		}
		return at, nil
	}
	ints, err := a.Ints()
	if err != nil {
		return nil, err
	}
	var at []int
	for i, v := range ints {
		switch {
		case a.Dtype.Kind == 'b' && v != 0:
			at = append(at, i)
		case a.Dtype.Kind != 'b':
			j, err := r.one(v)
			if err != nil {
				return nil, err
			}
			at = append(at, j)
		}
	}
	return at, nil
}

// each resolves names, positions, or a mask of bools.
func (r resolver) each(items []any) ([]int, error) {
	var at []int
	for i, item := range items {
		if b, ok := item.(bool); ok {
			if b {
				at = append(at, i)
			}
			continue
		}
		j, err := r.one(item)
		if err != nil {
			return nil, err
		}
		at = append(at, j)
	}
	return at, nil
}

func (r resolver) one(item any) (int, error) {
	switch v := item.(type) {
	case string:
		if i, ok := r.at[v]; ok {
			return i, nil
		}
		return 0, fmt.Errorf("column %q is not among the feature names", v)
	case int64:
		if v < 0 {
			v += int64(r.n)
		}
		if v < 0 || v >= int64(r.n) {
			return 0, fmt.Errorf("column %d of %d", v, r.n)
		}
		return int(v), nil
	}
	return 0, fmt.Errorf("column %s is neither a name nor a position", estimator.Describe(item))
}

// object resolves a slice, or a pandas Index by the array in its state.
func (r resolver) object(o *pickle.Object) ([]int, error) {
	if o.Class.Name == "slice" && len(o.Args) == 3 {
		return r.slice(o.Args)
	}
	for _, arg := range o.Args {
		if d, ok := arg.(*pickle.Dict); ok {
			if data, ok := d.Get("data"); ok {
				return r.all(data)
			}
		}
	}
	return nil, errors.New("columns given as " + estimator.Describe(o) + " are not supported")
}

// slice resolves start:stop:step of positions, or of names with the stop included.
func (r resolver) slice(args []any) ([]int, error) {
	if step := args[2]; step != nil && step != int64(1) {
		return nil, errors.New("a slice with a step is not supported")
	}
	start, err := r.bound(args[0], 0, 0)
	if err != nil {
		return nil, err
	}
	stop, err := r.bound(args[1], r.n, 1)
	if err != nil {
		return nil, err
	}
	var at []int
	for i := start; i < stop; i++ {
		at = append(at, i)
	}
	return at, nil
}

func (r resolver) bound(v any, open, afterName int) (int, error) {
	switch v := v.(type) {
	case nil:
		return open, nil
	case string:
		i, err := r.one(v)
		return i + afterName, err
	case int64:
		if v < 0 {
			v += int64(r.n)
		}
		return int(min(max(v, 0), int64(r.n))), nil
	}
	return 0, fmt.Errorf("a slice bound of %s is not supported", estimator.Describe(v))
}
