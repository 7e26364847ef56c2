package linearmodel

import "brine/functions/internal/sklearn/estimator"

// buildRANSAC is the regressor that was fitted to the inliers, of any family:
// RANSAC adds nothing to its answers.
// Source: sklearn/linear_model/_ransac.py, RANSACRegressor.predict.
func buildRANSAC(o *estimator.Object) (estimator.Estimator, error) {
	return o.Build("estimator_")
}
