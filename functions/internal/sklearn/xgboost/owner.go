package xgboost

import (
	"strings"

	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// handsOn are scikit-learn's estimators that answer with a member's own
// predictions.
var handsOn = map[string]bool{
	"sklearn.pipeline.Pipeline":                     true,
	"sklearn.model_selection.GridSearchCV":          true,
	"sklearn.model_selection.RandomizedSearchCV":    true,
	"sklearn.model_selection.HalvingGridSearchCV":   true,
	"sklearn.model_selection.HalvingRandomSearchCV": true,
	"sklearn.feature_selection.RFE":                 true,
	"sklearn.feature_selection.RFECV":               true,
	"sklearn.frozen.FrozenEstimator":                true,
	"sklearn.multioutput.MultiOutputClassifier":     true,
	"sklearn.multioutput.MultiOutputRegressor":      true,
}

// combines are those that put the predictions of several members into one
// array, which numpy makes of float64 if one of them is.
var combines = map[string]bool{
	"sklearn.ensemble.VotingClassifier":   true,
	"sklearn.ensemble.VotingRegressor":    true,
	"sklearn.ensemble.StackingClassifier": true,
	"sklearn.ensemble.StackingRegressor":  true,
}

// checkOwners refuses a place where scikit-learn computes with the predictions
// in their own float32.
func checkOwners(o *estimator.Object) error {
	for owner := o.Owner(); owner != nil; owner = owner.Owner() {
		switch {
		case handsOn[owner.Class()]:
			continue
		case combines[owner.Class()] && anyDouble(owner):
			return owner.Err()
		}
		return o.Refuse("the %s around it computes in float32 with XGBoost's predictions, which is not supported", owner.Name()).
			WithHint("Use the XGBoost model by itself, in a pipeline or in a search")
	}
	return nil
}

func anyDouble(owner *estimator.Object) bool {
	for _, member := range owner.Objects("estimators_") {
		if double(member) {
			return true
		}
	}
	return false
}

// double reports whether an estimator is known to predict in float64: it is
// scikit-learn's or LightGBM's, and so is all that it is made of.
func double(o *estimator.Object) bool {
	if o.Has("estimators") {
		return false
	}
	if o.Has("steps") {
		steps := o.List("steps")
		if len(steps) == 0 {
			return false
		}
		pair, ok := steps[len(steps)-1].(pickle.Tuple)
		return ok && len(pair) == 2 && doubleChild(o, pair[1])
	}
	for _, name := range []string{"estimator", "base_estimator"} {
		if v, _ := o.Raw().Attr(name); v != nil && v != "deprecated" && !doubleChild(o, v) {
			return false
		}
	}
	return strings.HasPrefix(o.Class(), "sklearn.") || strings.HasPrefix(o.Class(), "lightgbm.")
}

func doubleChild(o *estimator.Object, v any) bool {
	child, err := o.Child(v, "")
	return err == nil && double(child)
}
