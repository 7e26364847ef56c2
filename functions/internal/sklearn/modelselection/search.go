// Package modelselection has the searches of sklearn.model_selection, which
// predict with the best estimator that they found.
package modelselection

import "brine/functions/internal/sklearn/estimator"

// Classes are the searches of this package.
var Classes = estimator.Registry{
	"sklearn.model_selection.GridSearchCV":               newSearch,
	"sklearn.model_selection.RandomizedSearchCV":         newSearch,
	"sklearn.model_selection.HalvingGridSearchCV":        newSearch,
	"sklearn.model_selection.HalvingRandomSearchCV":      newSearch,
	"sklearn.model_selection.FixedThresholdClassifier":   refuseThreshold,
	"sklearn.model_selection.TunedThresholdClassifierCV": refuseThreshold,
}

var refuseThreshold = estimator.Refusing("it decides between two classes by a threshold of its own, which is not supported",
	"Store the classifier in it, its estimator_, which decides by the usual threshold")

// newSearch is the best estimator itself: a search adds nothing to its answers.
// Source: sklearn/model_selection/_search.py, BaseSearchCV.predict.
func newSearch(o *estimator.Object) (estimator.Estimator, error) {
	if !o.Has("best_estimator_") {
		return nil, o.Refuse("has no best_estimator_").
			WithHint("Fit the search with refit=True, or store the estimator that you chose")
	}
	return o.Build("best_estimator_")
}
