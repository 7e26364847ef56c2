package sklearn

import (
	"maps"

	"brine/functions/internal/sklearn/calibration"
	"brine/functions/internal/sklearn/catboost"
	"brine/functions/internal/sklearn/cluster"
	"brine/functions/internal/sklearn/compose"
	"brine/functions/internal/sklearn/covariance"
	"brine/functions/internal/sklearn/decomposition"
	"brine/functions/internal/sklearn/discriminant"
	"brine/functions/internal/sklearn/dummy"
	"brine/functions/internal/sklearn/embedding"
	"brine/functions/internal/sklearn/ensemble"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/featureextraction"
	"brine/functions/internal/sklearn/featureselection"
	"brine/functions/internal/sklearn/frozen"
	"brine/functions/internal/sklearn/gaussianprocess"
	"brine/functions/internal/sklearn/impute"
	"brine/functions/internal/sklearn/isotonic"
	"brine/functions/internal/sklearn/kernelapproximation"
	"brine/functions/internal/sklearn/kernelridge"
	"brine/functions/internal/sklearn/lightgbm"
	"brine/functions/internal/sklearn/linearmodel"
	"brine/functions/internal/sklearn/manifold"
	"brine/functions/internal/sklearn/mixture"
	"brine/functions/internal/sklearn/modelselection"
	"brine/functions/internal/sklearn/multiclass"
	"brine/functions/internal/sklearn/multioutput"
	"brine/functions/internal/sklearn/naivebayes"
	"brine/functions/internal/sklearn/neighbors"
	"brine/functions/internal/sklearn/neuralnetwork"
	"brine/functions/internal/sklearn/pipeline"
	"brine/functions/internal/sklearn/preprocessing"
	"brine/functions/internal/sklearn/randomprojection"
	"brine/functions/internal/sklearn/semisupervised"
	"brine/functions/internal/sklearn/stacking"
	"brine/functions/internal/sklearn/svm"
	"brine/functions/internal/sklearn/tree"
	"brine/functions/internal/sklearn/xgboost"
)

// registry is every class that can be predicted, family by family.
var registry = merge(
	calibration.Classes,
	catboost.Classes,
	cluster.Classes,
	compose.Classes,
	covariance.Classes,
	decomposition.Classes,
	discriminant.Classes,
	dummy.Classes,
	embedding.Classes,
	ensemble.Classes,
	featureextraction.Classes,
	featureselection.Classes,
	frozen.Classes,
	gaussianprocess.Classes,
	impute.Classes,
	isotonic.Classes,
	kernelapproximation.Classes,
	kernelridge.Classes,
	lightgbm.Classes,
	linearmodel.Classes,
	manifold.Classes,
	mixture.Classes,
	modelselection.Classes,
	multiclass.Classes,
	multioutput.Classes,
	naivebayes.Classes,
	neighbors.Classes,
	neuralnetwork.Classes,
	pipeline.Classes,
	preprocessing.Classes,
	randomprojection.Classes,
	semisupervised.Classes,
	stacking.Classes,
	svm.Classes,
	tree.Classes,
	xgboost.Classes,
)

// ownNames are the classes that keep their features' names elsewhere than in
// feature_names_in_, and how to find them.
var ownNames = map[string]func(o *estimator.Object) []string{
	"lightgbm.sklearn.LGBMClassifier": lightgbm.FeatureNames,
	"lightgbm.sklearn.LGBMRegressor":  lightgbm.FeatureNames,
	"xgboost.sklearn.XGBClassifier":   xgboost.FeatureNames,
	"xgboost.sklearn.XGBRFClassifier": xgboost.FeatureNames,
	"xgboost.sklearn.XGBRegressor":    xgboost.FeatureNames,
	"xgboost.sklearn.XGBRFRegressor":  xgboost.FeatureNames,
}

func merge(families ...estimator.Registry) estimator.Registry {
	classes := 0
	for _, f := range families {
		classes += len(f)
	}
	all := make(estimator.Registry, classes)
	for _, f := range families {
		maps.Copy(all, f)
	}
	return all
}
