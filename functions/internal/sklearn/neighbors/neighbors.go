// Package neighbors predicts with scikit-learn's nearest neighbours:
// classifiers and regressors of the k nearest training rows or of all within a
// radius, the nearest centroid, and outliers by local density. Which of several neighbours at the same
// distance counts is decided as scikit-learn decides it.
package neighbors

import "brine/functions/internal/sklearn/estimator"

// Classes are the estimators of sklearn.neighbors.
var Classes = estimator.Registry{
	"sklearn.neighbors.KernelDensity":              estimator.OnlyFits("kernel density"),
	"sklearn.neighbors.KNeighborsClassifier":       newKNeighborsClassifier,
	"sklearn.neighbors.KNeighborsRegressor":        newKNeighborsRegressor,
	"sklearn.neighbors.KNeighborsTransformer":      refuseGraph,
	"sklearn.neighbors.LocalOutlierFactor":         newLocalOutlierFactor,
	"sklearn.neighbors.NearestCentroid":            newNearestCentroid,
	"sklearn.neighbors.NearestNeighbors":           estimator.OnlyFits("search of neighbours"),
	"sklearn.neighbors.RadiusNeighborsClassifier":  newRadiusNeighborsClassifier,
	"sklearn.neighbors.RadiusNeighborsRegressor":   newRadiusNeighborsRegressor,
	"sklearn.neighbors.RadiusNeighborsTransformer": refuseGraph,
}

// refuseGraph says why there is no graph of neighbours.
var refuseGraph = estimator.Refusing(`it makes a graph of distances to training rows, which only estimators with metric="precomputed" take`, "Fit the estimator behind it on the features themselves, with the metric that the graph has")
