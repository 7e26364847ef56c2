package preprocessing

import (
	"math"
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// normalizer divides each row by its norm.
// Source: sklearn/preprocessing/_data.py, normalize.
type normalizer struct {
	class  string
	inputs []frame.Kind
	add    func(norm, v float64) float64 // folds one more element in
	finish func(norm float64) float64
}

func newNormalizer(o *estimator.Object) (estimator.Estimator, error) {
	t := &normalizer{class: o.Name(), inputs: estimator.AllNumbers(o.Features())}
	t.finish = func(norm float64) float64 { return norm }
	switch norm := o.Str("norm"); norm {
	case "l1":
		t.add = func(norm, v float64) float64 { return norm + math.Abs(v) }
	case "l2":
		t.add = func(norm, v float64) float64 { return norm + float64(v*v) }
		t.finish = math.Sqrt
	case "max":
		t.add = func(norm, v float64) float64 { return max(norm, math.Abs(v)) }
	default:
		return nil, o.Refuse("norm=%q is not supported", norm)
	}
	return t, o.Err()
}

// Inputs are all numbers.
func (t *normalizer) Inputs() []frame.Kind { return t.inputs }

// Transform keeps the columns' names.
func (t *normalizer) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, t.class); err != nil {
		return nil, err
	}
	norms := x.Floats(x.Rows)
	for i := range x.Cols {
		for r, v := range x.Cols[i].Num {
			norms[r] = t.add(norms[r], v)
		}
	}
	const eps = 0x1p-52
	for r, norm := range norms {
		norms[r] = t.finish(norm)
		if norms[r] < 10*eps && !x.Sparse || norms[r] == 0 { // _handle_zeros_in_scale
			norms[r] = 1
		}
	}
	cols := make([]frame.Column, len(x.Cols))
	for i := range cols {
		cols[i] = x.NumberColumn(x.Cols[i].Name)
		for r, v := range x.Cols[i].Num {
			cols[i].Num[r] = v / norms[r]
		}
	}
	out := x.With(cols)
	out.Sparse = x.Sparse
	return out, nil
}

// polynomial is PolynomialFeatures: products of the features.
// Source: sklearn/preprocessing/_polynomial.py, PolynomialFeatures.transform.
type polynomial struct {
	class  string
	inputs []frame.Kind
	terms  [][]int // the features of each product, ascending; none is the bias
}

// What a damaged model can make a block of rows cost is bounded: mostTerms are
// the products, mostFactors the features in all of them.
const (
	mostTerms   = 1 << 20
	mostFactors = 4 << 20
)

func newPolynomialFeatures(o *estimator.Object) (estimator.Estimator, error) {
	n := o.Features()
	lowest, highest := degrees(o)
	interactions, bias := o.Bool("interaction_only"), o.Bool("include_bias")
	if err := o.Err(); err != nil {
		return nil, err
	}
	t := &polynomial{class: o.Name(), inputs: estimator.AllNumbers(n)}
	if bias {
		t.terms = append(t.terms, nil)
	}
	terms, room := [][]int{nil}, mostFactors
	for degree := 1; degree <= highest; degree++ {
		most := min(mostTerms, room/degree)
		terms = extend(terms, n, interactions, most)
		if len(terms) > most {
			return nil, o.Refuse("more than %d output features, or %d factors in all of them, are not supported", mostTerms, mostFactors)
		}
		room -= degree * len(terms)
		if !o.Columns(len(terms)) || !o.Spend(degree, len(terms)) {
			return nil, o.Err()
		}
		if len(terms) == 0 {
			break
		}
		if degree >= lowest {
			t.terms = append(t.terms, terms...)
		}
	}
	return t, nil
}

// degrees reads the lowest and the highest degree; before scikit-learn 1.0
// there was only the highest.
func degrees(o *estimator.Object) (lowest, highest int) {
	if o.Has("_max_degree") {
		return o.Int("_min_degree"), o.Int("_max_degree")
	}
	return 0, o.Int("degree")
}

// extend returns the combinations of one feature more, in itertools' order; of
// more than most it returns one too many.
func extend(terms [][]int, n int, interactions bool, most int) [][]int {
	var out [][]int
	for _, term := range terms {
		from := 0
		if len(term) > 0 {
			from = term[len(term)-1]
			if interactions {
				from++
			}
		}
		for f := from; f < n && len(out) <= most; f++ {
			out = append(out, append(slices.Clip(term), f))
		}
	}
	return out
}

// Inputs are all numbers.
func (t *polynomial) Inputs() []frame.Kind { return t.inputs }

// Transform multiplies from a term's last feature to its first, as the
// recursion over the degrees does; for a sparse matrix from its first.
func (t *polynomial) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckFinite(x, t.class); err != nil {
		return nil, err
	}
	cols := make([]frame.Column, len(t.terms))
	for i, term := range t.terms {
		if len(term) == 1 {
			cols[i] = x.Cols[term[0]]
			continue
		}
		cols[i] = x.NumberColumn("")
		product := cols[i].Num
		for r := range product {
			product[r] = 1
		}
		for j := range term {
			at := len(term) - 1 - j
			if x.Sparse {
				at = j
			}
			for r, v := range x.Cols[term[at]].Num {
				product[r] *= v
			}
		}
	}
	out := x.With(cols)
	out.Sparse = x.Sparse
	return out, nil
}
