package preprocessing

import "brine/functions/internal/sklearn/estimator"

// refuseLabels says why there is no encoder of labels.
// Source: sklearn/preprocessing/_label.py.
var refuseLabels = estimator.Refusing("it encodes the labels y that a model is fitted to, not the features of a table",
	"Store the model that was fitted to the labels; for features use OrdinalEncoder or OneHotEncoder")
