// Package neighbors predicts with scikit-learn's nearest neighbours:
// classifiers and regressors of the k nearest training rows or of all within a
// radius, the nearest centroid, and outliers by local density. Which of several neighbours at the same
// distance counts is decided as scikit-learn decides it.
package neighbors

import "brine/functions/internal/sklearn/estimator"

// Classes are the estimators of sklearn.neighbors.
var Classes = estimator.Registry{
	"sklearn.neighbors.KNeighborsClassifier":      newKNeighborsClassifier,
	"sklearn.neighbors.KNeighborsRegressor":       newKNeighborsRegressor,
	"sklearn.neighbors.LocalOutlierFactor":        newLocalOutlierFactor,
	"sklearn.neighbors.NearestCentroid":           newNearestCentroid,
	"sklearn.neighbors.RadiusNeighborsClassifier": newRadiusNeighborsClassifier,
	"sklearn.neighbors.RadiusNeighborsRegressor":  newRadiusNeighborsRegressor,
}
