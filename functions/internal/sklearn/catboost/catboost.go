// Package catboost refuses CatBoost's models by name.
package catboost

import "brine/functions/internal/sklearn/estimator"

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"catboost.core.CatBoost":           refuse,
	"catboost.core.CatBoostClassifier": refuse,
	"catboost.core.CatBoostRegressor":  refuse,
	"catboost.core.CatBoostRanker":     refuse,
}

func refuse(o *estimator.Object) (estimator.Estimator, error) {
	return nil, o.Refuse("CatBoost models are not supported").
		WithHint("Train the model with LightGBM, XGBoost or scikit-learn's HistGradientBoosting")
}
