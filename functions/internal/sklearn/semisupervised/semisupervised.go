// Package semisupervised has the estimators of sklearn.semi_supervised.
package semisupervised

import "brine/functions/internal/sklearn/estimator"

// Classes are the estimators of sklearn.semi_supervised.
var Classes = estimator.Registry{
	"sklearn.semi_supervised.LabelPropagation":       newPropagation,
	"sklearn.semi_supervised.LabelSpreading":         newPropagation,
	"sklearn.semi_supervised.SelfTrainingClassifier": newSelfTraining,
}
