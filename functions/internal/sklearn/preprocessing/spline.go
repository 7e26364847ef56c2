package preprocessing

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// splines is SplineTransformer: the values of a B-spline basis at each feature.
// Source: sklearn/preprocessing/_polynomial.py, SplineTransformer.transform.
type splines struct {
	class         string
	inputs        []frame.Kind
	bases         []*basis
	extrapolation string
	kept          int  // output columns a feature
	missing       bool // values are taken, as 0 in all columns
}

func newSplineTransformer(o *estimator.Object) (estimator.Estimator, error) {
	n, degree, bias := o.Features(), o.Int("degree"), o.Bool("include_bias")
	t := &splines{class: o.Name(), inputs: estimator.AllNumbers(n), extrapolation: o.Str("extrapolation")}
	if o.Has("sparse_output") && o.Bool("sparse_output") {
		return nil, o.Refuse("sparse_output=True is not supported")
	}
	t.missing = o.Has("handle_missing") && o.Str("handle_missing") == "zeros" // from 1.8 on
	for _, s := range o.Objects("bsplines_") {
		b, err := newBasis(s)
		if err != nil {
			return nil, err
		}
		t.bases = append(t.bases, b)
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	switch t.extrapolation {
	case "continue", "periodic", "error", "constant":
	case "linear":
		if degree == 1 && n > 1 {
			return nil, o.Refuse("linear extrapolation of degree 1 treats features unlike each other in scikit-learn and is not supported")
		}
	default:
		return nil, o.Refuse("extrapolation=%q is not supported", t.extrapolation)
	}
	if len(t.bases) != n {
		return nil, o.Refuse("has splines of %d features, expected %d", len(t.bases), n)
	}
	for _, b := range t.bases {
		if b.degree != degree || degree < 1 || b.width != t.bases[0].width {
			return nil, o.Refuse("splines of degree %d with %d columns are not supported here", b.degree, b.width)
		}
		t.kept = b.width
	}
	if !bias {
		t.kept--
	}
	return t, nil
}

// Inputs are all numbers.
func (t *splines) Inputs() []frame.Kind { return t.inputs }

// Transform lays the features' bases side by side.
func (t *splines) Transform(x *frame.Frame) (*frame.Frame, error) {
	check := estimator.CheckFinite
	if t.missing {
		check = estimator.CheckNotInf
	}
	if err := check(x, t.class); err != nil {
		return nil, err
	}
	var cols []frame.Column
	for i, b := range t.bases {
		start := len(cols)
		for range t.kept {
			cols = append(cols, x.NumberColumn(x.Cols[i].Name))
		}
		values := make([]float64, b.width)
		work := make([]float64, 2*(b.degree+1))
		for r, v := range x.Cols[i].Num {
			if v != v {
				continue
			}
			if t.extrapolation == "error" && (v < b.low || v > b.high) {
				e := job.Invalid("%s: X contains values beyond the limits of the knots", t.class)
				e.Row, e.Column = int64(r)+1, x.Cols[i].Name
				return nil, e
			}
			b.at(values, work, v, t.extrapolation)
			for j := range t.kept {
				cols[start+j].Num[r] = values[j]
			}
		}
	}
	return x.With(cols), nil
}

// basis is one feature's scipy.interpolate.BSpline, whose coefficients are the
// identity, repeated for a period.
type basis struct {
	knots     []float64
	coef      [][]float64
	degree    int
	width     int
	low, high float64 // the base interval
	// Values and slopes at both ends.
	atLow, atHigh, slopeLow, slopeHigh []float64
}

func newBasis(o *estimator.Object) (*basis, error) {
	if state, ok := o.Raw().State.(pickle.Tuple); ok && len(state) > 0 { // a newer scipy wraps the spline
		inner, err := o.Child(state[0], "._delegate_to")
		if err != nil {
			return nil, err
		}
		o = inner
	}
	c := o.Matrix("c")
	b := &basis{knots: o.Floats("t"), degree: o.Int("k"), width: c.Cols}
	if err := o.Err(); err != nil {
		return nil, err
	}
	n := len(b.knots) - b.degree - 1
	if b.degree < 0 || c.Rows != n || n <= b.degree || c.Cols <= b.degree {
		return nil, o.Refuse("%d knots and %d coefficients do not make a spline of degree %d", len(b.knots), c.Rows, b.degree)
	}
	for i := range c.Rows {
		b.coef = append(b.coef, c.Row(i))
	}
	b.low, b.high = b.knots[b.degree], b.knots[n]
	work := make([]float64, 2*(b.degree+1))
	for _, end := range []struct {
		x          float64
		derivative int
		dst        *[]float64
	}{{b.low, 0, &b.atLow}, {b.high, 0, &b.atHigh}, {b.low, 1, &b.slopeLow}, {b.high, 1, &b.slopeHigh}} {
		*end.dst = make([]float64, b.width)
		b.evaluate(*end.dst, work, end.x, end.derivative)
	}
	return b, nil
}

// at sets values to the basis at x, continued beyond the base interval as told.
func (b *basis) at(values, work []float64, x float64, extrapolation string) {
	outside := x < b.low || x > b.high
	switch {
	case extrapolation == "periodic":
		x = b.low + floorMod(x-b.low, b.high-b.low)
	case !outside || extrapolation == "continue":
	default:
		b.beyond(values, x, extrapolation == "linear")
		return
	}
	b.evaluate(values, work, x, 0)
}

func (b *basis) beyond(values []float64, x float64, linear bool) {
	clear(values)
	ends := b.degree
	if linear && ends <= 1 {
		ends++
	}
	for i := range ends {
		j, at, value, slope := i, b.low, b.atLow, b.slopeLow
		if x > b.high {
			j, at, value, slope = b.width-1-i, b.high, b.atHigh, b.slopeHigh
		}
		values[j] = value[j]
		if linear {
			values[j] += float64((x - at) * slope[j])
		}
	}
}

// floorMod is Python's x % m for a positive m.
func floorMod(x, m float64) float64 {
	r := math.Mod(x, m)
	if r < 0 {
		r += m
	}
	return r
}

// evaluate sets dst to a derivative of the spline at x.
// Source: scipy/interpolate/_bspl.pyx, find_interval and evaluate_spline.
func (b *basis) evaluate(dst, work []float64, x float64, derivative int) {
	k, n := b.degree, len(b.knots)-b.degree-1
	interval := k
	for interval != n-1 && x >= b.knots[interval+1] {
		interval++
	}
	b.deBoor(work, x, interval, derivative)
	clear(dst)
	for a := range k + 1 {
		for j, c := range b.coef[interval+a-k] {
			dst[j] += float64(c * work[a])
		}
	}
}

// deBoor sets the first degree+1 elements of work to the non-zero B-splines at x.
// Source: scipy/interpolate/src/__fitpack.h, _deBoor_D.
func (b *basis) deBoor(work []float64, x float64, interval, derivative int) {
	k := b.degree
	h, hh := work, work[k+1:]
	h[0] = 1
	for j := 1; j <= k; j++ {
		copy(hh, h[:j])
		h[0] = 0
		for n := 1; n <= j; n++ {
			xb, xa := b.knots[interval+n], b.knots[interval+n-j]
			if xb == xa {
				h[n] = 0
				continue
			}
			if j <= k-derivative {
				w := hh[n-1] / (xb - xa)
				h[n-1] += float64(w * (xb - x))
				h[n] = w * (x - xa)
				continue
			}
			w := float64(j) * hh[n-1] / (xb - xa)
			h[n-1] -= w
			h[n] = w
		}
	}
}
