// Package preprocessing has the transformers of sklearn.preprocessing, with
// each number's arithmetic in scikit-learn's own order.
package preprocessing

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the transformers of this package.
var Classes = estimator.Registry{
	"sklearn.preprocessing.StandardScaler":      newStandardScaler,
	"sklearn.preprocessing.MinMaxScaler":        newMinMaxScaler,
	"sklearn.preprocessing.MaxAbsScaler":        newMaxAbsScaler,
	"sklearn.preprocessing.RobustScaler":        newRobustScaler,
	"sklearn.preprocessing.Normalizer":          newNormalizer,
	"sklearn.preprocessing.Binarizer":           newBinarizer,
	"sklearn.preprocessing.KBinsDiscretizer":    newKBinsDiscretizer,
	"sklearn.preprocessing.PolynomialFeatures":  newPolynomialFeatures,
	"sklearn.preprocessing.PowerTransformer":    newPowerTransformer,
	"sklearn.preprocessing.QuantileTransformer": newQuantileTransformer,
	"sklearn.preprocessing.SplineTransformer":   newSplineTransformer,
	"sklearn.preprocessing.FunctionTransformer": newFunctionTransformer,
	"sklearn.preprocessing.OneHotEncoder":       newOneHotEncoder,
	"sklearn.preprocessing.OrdinalEncoder":      newOrdinalEncoder,
	"sklearn.preprocessing.TargetEncoder":       newTargetEncoder,
	"sklearn.preprocessing.LabelBinarizer":      refuseLabels,
	"sklearn.preprocessing.LabelEncoder":        refuseLabels,
	"sklearn.preprocessing.MultiLabelBinarizer": refuseLabels,
}

// mapping computes column c: dst from src, of the same length.
type mapping func(dst, src []float64, c int)

// columnwise transforms each numeric column by itself and keeps its name.
type columnwise struct {
	class   string
	inputs  []frame.Kind
	check   func(x *frame.Frame, class string) error
	forward mapping
	inverse mapping // of an invertible only
	sparse  mapping // forward's stand-in for a sparse matrix, 0 where that is 0; nil for the same
}

// Inputs are all numbers.
func (t *columnwise) Inputs() []frame.Kind { return t.inputs }

// TakesSparse implements estimator.SparseTaker.
func (t *columnwise) TakesSparse() bool { return t.sparse != nil }

// Transform maps every column.
func (t *columnwise) Transform(x *frame.Frame) (*frame.Frame, error) {
	if err := t.check(x, t.class); err != nil {
		return nil, err
	}
	if x.Wide != nil {
		return t.sparse.applyWide(x), nil
	}
	forward := t.forward
	if x.Sparse && t.sparse != nil {
		forward = t.sparse
	}
	out := forward.apply(x)
	out.Sparse = x.Sparse
	return out, nil
}

func (m mapping) apply(x *frame.Frame) *frame.Frame {
	cols := make([]frame.Column, len(x.Cols))
	for c := range cols {
		cols[c] = x.NumberColumn(x.Cols[c].Name)
		m(cols[c].Num, x.Cols[c].Num, c)
	}
	return x.With(cols)
}

// clipped moves what m makes to the nearer of two bounds if it is outside them.
func (m mapping) clipped(low, high float64) mapping {
	return func(dst, src []float64, c int) {
		m(dst, src, c)
		for i, v := range dst {
			if v < low {
				dst[i] = low
			}
			if v > high {
				dst[i] = high
			}
		}
	}
}

// applyWide maps the cells that are held; the others are 0 and stay it.
func (m mapping) applyWide(x *frame.Frame) *frame.Frame {
	out := x.Wide.WithValues()
	for i, c := range x.Wide.Index {
		m(out.Value[i:i+1], x.Wide.Value[i:i+1], int(c))
	}
	return x.Sparsely(out)
}

// invertible is a columnwise transformer that has an inverse_transform.
type invertible struct{ columnwise }

// Inverse undoes Transform.
func (t *invertible) Inverse(x *frame.Frame) (*frame.Frame, error) {
	if err := estimator.CheckNotInf(x, t.class); err != nil {
		return nil, err
	}
	return t.inverse.apply(x), nil
}
