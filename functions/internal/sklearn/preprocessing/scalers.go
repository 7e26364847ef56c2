package preprocessing

import (
	"brine/functions/internal/sklearn/estimator"
)

// affine is (x - shift) / scale, the form of three scalers; nil parts are left out.
// Source: sklearn/preprocessing/_data.py, transform and inverse_transform of
// StandardScaler, MaxAbsScaler and RobustScaler. A sparse matrix is multiplied
// by the reciprocal (inplace_column_scale).
type affine struct{ shift, scale []float64 }

func (a affine) forward(dst, src []float64, c int) {
	for i, v := range src {
		if a.shift != nil {
			v -= a.shift[c]
		}
		if a.scale != nil {
			v /= a.scale[c]
		}
		dst[i] = v
	}
}

func (a affine) inverse(dst, src []float64, c int) {
	for i, v := range src {
		if a.scale != nil {
			v = float64(v * a.scale[c]) // rounded before the sum
		}
		if a.shift != nil {
			v += a.shift[c]
		}
		dst[i] = v
	}
}

func (a affine) sparse(dst, src []float64, c int) {
	copy(dst, src)
	if a.scale != nil {
		reciprocal := 1 / a.scale[c]
		for i := range dst {
			dst[i] *= reciprocal
		}
	}
}

func newAffine(o *estimator.Object, shift, scale string) (*invertible, error) {
	n := o.Features()
	a := affine{shift: perFeature(o, shift, n), scale: perFeature(o, scale, n)}
	if err := o.Err(); err != nil {
		return nil, err
	}
	return &invertible{columnwise{
		class: o.Name(), inputs: estimator.AllNumbers(n), check: estimator.CheckNotInf,
		forward: a.forward, inverse: a.inverse, sparse: a.sparse,
	}}, nil
}

// perFeature reads an attribute that holds one number a feature; "" reads as nil.
func perFeature(o *estimator.Object, name string, n int) []float64 {
	if name == "" {
		return nil
	}
	values := o.Floats(name)
	if o.Err() == nil && len(values) != n {
		o.Fail(name, "has %d numbers for %d features", len(values), n)
	}
	return values
}

// attr is name if the parameter that switches it on is True.
func attr(o *estimator.Object, switchedBy, name string) string {
	if o.Bool(switchedBy) {
		return name
	}
	return ""
}

func newStandardScaler(o *estimator.Object) (estimator.Estimator, error) {
	return newAffine(o, attr(o, "with_mean", "mean_"), attr(o, "with_std", "scale_"))
}

func newRobustScaler(o *estimator.Object) (estimator.Estimator, error) {
	return newAffine(o, attr(o, "with_centering", "center_"), attr(o, "with_scaling", "scale_"))
}

// newMaxAbsScaler is x/scale_, from scikit-learn 1.8 on clipped if asked for.
func newMaxAbsScaler(o *estimator.Object) (estimator.Estimator, error) {
	t, err := newAffine(o, "", "scale_")
	if err != nil {
		return nil, err
	}
	if clips(o) {
		t.forward, t.sparse = t.forward.clipped(-1, 1), t.sparse.clipped(-1, 1)
	}
	return t, o.Err()
}

// clips reads the parameter clip, which older scalers have not.
func clips(o *estimator.Object) bool { return o.Has("clip") && o.Bool("clip") }

// newMinMaxScaler is x*scale_ + min_, clipped if asked for.
// Source: sklearn/preprocessing/_data.py, MinMaxScaler.transform.
func newMinMaxScaler(o *estimator.Object) (estimator.Estimator, error) {
	n := o.Features()
	scale, shift := perFeature(o, "scale_", n), perFeature(o, "min_", n)
	bounds := o.Floats("feature_range")
	clip := clips(o)
	if o.Err() == nil && len(bounds) != 2 {
		o.Fail("feature_range", "must be two numbers")
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	t := &invertible{columnwise{
		class: o.Name(), inputs: estimator.AllNumbers(n), check: estimator.CheckNotInf,
		forward: func(dst, src []float64, c int) {
			for i, v := range src {
				dst[i] = float64(v*scale[c]) + shift[c]
			}
		},
		inverse: func(dst, src []float64, c int) {
			for i, v := range src {
				dst[i] = (v - shift[c]) / scale[c]
			}
		},
	}}
	if clip {
		t.forward = t.forward.clipped(bounds[0], bounds[1])
	}
	return t, nil
}

// newBinarizer is 1 above the threshold, else 0.
// Source: sklearn/preprocessing/_data.py, binarize.
func newBinarizer(o *estimator.Object) (estimator.Estimator, error) {
	n, threshold := o.Features(), o.Float("threshold")
	if err := o.Err(); err != nil {
		return nil, err
	}
	return &columnwise{
		class: o.Name(), inputs: estimator.AllNumbers(n), check: estimator.CheckFinite,
		forward: func(dst, src []float64, _ int) {
			for i, v := range src {
				if v > threshold {
					dst[i] = 1
				}
			}
		},
	}, nil
}
