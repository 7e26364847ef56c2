// Package randomprojection has the transformers that multiply a table by a
// matrix they drew or learned: those of sklearn.random_projection, and of
// other modules that do no more.
package randomprojection

import (
	"brine/functions/internal/sklearn/decomposition"
	"brine/functions/internal/sklearn/estimator"
)

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"sklearn.neighbors.NeighborhoodComponentsAnalysis":   newProjection,
	"sklearn.random_projection.GaussianRandomProjection": newProjection,
	"sklearn.random_projection.SparseRandomProjection":   newProjection,
}

// newProjection is X·components_ᵀ.
// Source: sklearn/random_projection.py, transform; sklearn/neighbors/_nca.py.
func newProjection(o *estimator.Object) (estimator.Estimator, error) {
	l := decomposition.Linear{Weights: o.Dense("components_")}
	if o.Has("dense_output") {
		l.Sparse = !o.Bool("dense_output")
	}
	m, err := decomposition.NewLinear(o, l)
	if err != nil {
		return nil, err
	}
	return m, nil
}
