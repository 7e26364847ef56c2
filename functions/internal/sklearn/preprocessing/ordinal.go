package preprocessing

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/sklearn/estimator"
)

// coded replaces each category by numbers of its own, as many for each: one by an
// OrdinalEncoder, one or one for each class by a TargetEncoder.
type coded struct {
	encoder
	value   [][]float64 // of each output and code, feature after feature
	unknown []float64   // of each output
	dtype   estimator.Dtype
	whole   bool // a missing cell is an error
}

// Transform keeps the columns' names.
func (t *coded) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckNotInf(x, t.class); err != nil {
		return nil, err
	}
	cols, each := make([]frame.Column, len(t.value)), len(t.value)/max(1, len(t.categories))
	for c := range x.Cols {
		if err := t.checkWhole(&x.Cols[c]); err != nil {
			return nil, err
		}
		codes, err := t.codes(x, c)
		if err != nil {
			return nil, err
		}
		for k := c * each; k < (c+1)*each; k++ {
			cols[k] = x.NumberColumn(x.Cols[c].Name)
			for r, code := range codes {
				v := t.unknown[k]
				if code != unknown {
					v = t.value[k][code]
				}
				cols[k].Num[r] = v
			}
			cols[k].Narrow = t.dtype.Narrow
		}
	}
	out := x.With(cols)
	out.Single = t.dtype.Single
	return out, nil
}

func (t *coded) checkWhole(col *frame.Column) error {
	if !t.whole {
		return nil
	}
	row := slices.IndexFunc(col.Num, math.IsNaN)
	if col.Kind == frame.Text {
		row = slices.Index(col.Missing, true)
	}
	if row < 0 {
		return nil
	}
	e := job.Invalid("%s does not accept missing values (NaN) in scikit-learn before 1.0", t.class).
		WithHint("Fill them in the table, or put an imputer in front of the encoder")
	e.Row, e.Column = int64(row)+1, col.Name
	return e
}

// newOrdinalEncoder numbers the categories, the infrequent ones alike.
// Source: sklearn/preprocessing/_encoders.py, OrdinalEncoder.transform.
func newOrdinalEncoder(o *estimator.Object) (estimator.Estimator, error) {
	e, err := newEncoder(o)
	if err != nil {
		return nil, err
	}
	d, err := estimator.OutputDtype(o)
	if err != nil {
		return nil, err
	}
	t := &coded{encoder: e, unknown: make([]float64, len(e.categories)), dtype: d, whole: o.Before(1, 0)}
	switch handle := o.Str("handle_unknown"); handle {
	case "error":
		t.refuses = true
	case "use_encoded_value":
		for i := range t.unknown {
			t.unknown[i] = o.Float("unknown_value")
		}
	default:
		return nil, o.Refuse("handle_unknown=%q is not supported", handle)
	}
	missing := math.NaN()
	if o.Has("encoded_missing_value") {
		missing = o.Float("encoded_missing_value")
	}
	for i, c := range t.categories {
		values, ok := ordinals(c, t.groups[i], missing)
		if !ok {
			return nil, o.Refuse("the infrequent categories of feature %d do not match its categories", i)
		}
		t.value = append(t.value, values)
		for _, v := range append(values[:len(values):len(values)], t.unknown[i]) {
			if v < d.Lo || v > d.Hi {
				return nil, o.Refuse("the code %v does not fit the encoder's dtype", v)
			}
		}
	}
	return t, o.Err()
}

// ordinals returns the number of each category. A missing category does not
// count among those that may be infrequent.
func ordinals(c *categories, g group, missing float64) (values []float64, ok bool) {
	values = make([]float64, c.len)
	for i := range values {
		values[i] = float64(i)
	}
	if g.code != nil {
		counted := c.len
		if c.missing != unknown {
			counted--
			if int(c.missing) != counted {
				return nil, false
			}
		}
		if len(g.code) != counted {
			return nil, false
		}
		for i, code := range g.code {
			values[i] = float64(code)
		}
	}
	if c.missing != unknown {
		values[c.missing] = missing
	}
	return values, true
}

// newTargetEncoder replaces a category by the mean of its targets, or by that of
// each class's share in them.
// Source: sklearn/preprocessing/_target_encoder.py, TargetEncoder.transform.
func newTargetEncoder(o *estimator.Object) (estimator.Estimator, error) {
	e, err := newEncoder(o)
	if err != nil {
		return nil, err
	}
	var means []float64
	if o.Str("target_type_") == "multiclass" {
		means = o.Floats("target_mean_")
	} else {
		means = []float64{o.Float("target_mean_")}
	}
	t := &coded{encoder: e, unknown: slices.Repeat(means, len(e.categories))}
	for _, m := range o.Matrices("encodings_") {
		t.value = append(t.value, m.Data)
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(t.value) != len(t.unknown) {
		return nil, o.Refuse("has encodings of %d outputs, expected %d", len(t.value), len(t.unknown))
	}
	for k, v := range t.value {
		if i := k / len(means); len(v) != e.categories[i].len {
			return nil, o.Refuse("has %d encodings for the %d categories of feature %d", len(v), e.categories[i].len, i)
		}
	}
	return t, nil
}
