// Package frozen has sklearn.frozen.FrozenEstimator.
package frozen

import "brine/functions/internal/sklearn/estimator"

// Classes are the estimators of sklearn.frozen.
var Classes = estimator.Registry{
	"sklearn.frozen.FrozenEstimator": build,
}

// build is the estimator itself: to freeze it only keeps it from being fitted.
// Source: sklearn/frozen/_frozen.py of scikit-learn 1.6.
func build(o *estimator.Object) (estimator.Estimator, error) { return o.Build("estimator") }
