package lightgbm

import (
	"math"
	"strconv"
	"strings"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// categories are those of a column that was of pandas' dtype category at fit,
// with their codes. Others are missing values.
// Source: lightgbm/basic.py, _data_from_pandas.
type categories struct {
	text    map[string]float64
	numbers map[float64]float64 // instead of text
}

// codes returns the code of each cell.
func (c *categories) codes(x *frame.Frame, col *frame.Column) []float64 {
	out := x.Floats(x.Rows)
	for r := range out {
		var code float64
		var ok bool
		switch {
		case c.text == nil:
			code, ok = c.numbers[col.Num[r]]
		case col.Missing == nil || !col.Missing[r]:
			code, ok = c.text[col.Text[r]]
		}
		if !ok {
			code = math.NaN()
		}
		out[r] = code
	}
	return out
}

// readCategories finds the columns of dtype category: those that the text names
// as categorical.
func (b *booster) readCategories(o *estimator.Object, t *text) error {
	b.categories = make([]*categories, len(b.inputs))
	if !o.Has("pandas_categorical") {
		return nil
	}
	known := o.List("pandas_categorical")
	if o.Err() != nil || len(known) == 0 {
		return o.Err()
	}
	features := strings.Split(t.params["categorical_feature"], ",")
	if len(features) != len(known) {
		return o.Refuse("has %d columns of pandas' dtype category, %d of which are categorical features, which is not supported", len(known), len(features)).
			WithHint("Give LightGBM unordered categories, or codes as numbers")
	}
	infos := strings.Fields(t.head["feature_infos"])
	for i, s := range features {
		f, err := strconv.Atoi(s)
		if err != nil || f < 0 || f >= len(b.inputs) || b.categories[f] != nil {
			return o.Refuse("its model text has the categorical_feature %.40q", s)
		}
		c, ok := categoriesOf(known[i], infos[f])
		if !ok {
			return o.Refuse("feature %d has categories that are not supported: %s", f, estimator.Describe(known[i]))
		}
		b.categories[f] = c
		if c.text != nil {
			b.inputs[f] = frame.Text
		}
	}
	return nil
}

// categoriesOf reads categories of one type. ok is false if they are not, or if
// info has codes of others.
func categoriesOf(v any, info string) (c *categories, ok bool) {
	list, ok := v.(*pickle.List)
	if !ok {
		return nil, false
	}
	for s := range strings.SplitSeq(info, ":") {
		if code, err := strconv.Atoi(s); info != "none" && (err != nil || code >= len(list.Items)) {
			return nil, false
		}
	}
	c = &categories{text: map[string]float64{}, numbers: map[float64]float64{}}
	for code, item := range list.Items {
		if s, ok := item.(string); ok {
			c.text[s] = float64(code)
		} else if n, ok := estimator.Number(item); ok {
			c.numbers[n] = float64(code)
		} else {
			return nil, false
		}
	}
	if len(c.text) == 0 {
		c.text = nil
		return c, len(c.numbers) == len(list.Items)
	}
	return c, len(c.text) == len(list.Items)
}
