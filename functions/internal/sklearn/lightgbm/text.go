package lightgbm

import (
	"fmt"
	"strconv"
	"strings"

	"brine/functions/internal/sklearn/estimator"
)

// text is LightGBM's own form of a model: a head of lines key=value, such
// lines for each tree, and the parameters.
// Source: src/boosting/gbdt_model_text.cpp, SaveModelToString.
type text struct {
	head   fields
	trees  []fields
	params map[string]string
}

// fields are lines key=value; a key alone has the value "".
type fields map[string]string

// modelText returns what a booster was pickled as.
func modelText(booster *estimator.Object) string {
	name := "_handle"
	if !booster.Has(name) {
		name = "handle" // before 4.0
	}
	return booster.Str(name)
}

// FeatureNames returns the names that a model was fitted with, nil if it has
// none but those that LightGBM makes up. They have an underscore in place of a
// space.
func FeatureNames(o *estimator.Object) []string {
	booster := o.Object("_Booster")
	if o.Err() != nil {
		return nil
	}
	_, line, _ := strings.Cut(modelText(booster), "\nfeature_names=")
	line, _, _ = strings.Cut(line, "\n")
	names := strings.Fields(line)
	for i, name := range names {
		if name != fmt.Sprintf("Column_%d", i) {
			return names
		}
	}
	return nil
}

func splitText(s string) (*text, error) {
	t := &text{head: fields{}, params: map[string]string{}}
	body, rest, ok := strings.Cut(s, "\nend of trees")
	if !ok {
		return nil, fmt.Errorf("has no end of its trees")
	}
	into := t.head
	for line := range strings.Lines(body) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		if key == "Tree" {
			into = fields{}
			t.trees = append(t.trees, into)
		}
		if _, twice := into[key]; twice {
			return nil, fmt.Errorf("says %s twice", key)
		}
		into[key] = value
	}
	_, params, _ := strings.Cut(rest, "\nparameters:\n")
	params, _, _ = strings.Cut(params, "\nend of parameters")
	for line := range strings.Lines(params) {
		line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "["), "]")
		if key, value, ok := strings.Cut(line, ": "); ok {
			t.params[key] = value
		}
	}
	return t, nil
}

// int reads a whole number.
func (f fields) int(key string) (int, error) {
	v, ok := f[key]
	if !ok {
		return 0, fmt.Errorf("has no %s", key)
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, fmt.Errorf("has the %s %.40q", key, v)
	}
	return n, nil
}

// ints reads n whole numbers.
func (f fields) ints(key string, n int) ([]int64, error) {
	return list(f, key, n, func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) })
}

// floats reads n numbers.
func (f fields) floats(key string, n int) ([]float64, error) {
	return list(f, key, n, func(s string) (float64, error) { return strconv.ParseFloat(s, 64) })
}

func list[T any](f fields, key string, n int, parse func(string) (T, error)) ([]T, error) {
	words := strings.Fields(f[key])
	if len(words) != n {
		return nil, fmt.Errorf("has %d numbers of %s, must have %d", len(words), key, n)
	}
	out := make([]T, n)
	for i, w := range words {
		v, err := parse(w)
		if err != nil {
			return nil, fmt.Errorf("has the %s %.40q", key, w)
		}
		out[i] = v
	}
	return out, nil
}
