package semisupervised

import "brine/functions/internal/sklearn/estimator"

// newSelfTraining is the classifier that it trained: it adds nothing to its answers.
// Source: sklearn/semi_supervised/_self_training.py, SelfTrainingClassifier.predict.
func newSelfTraining(o *estimator.Object) (estimator.Estimator, error) {
	if o.Has("base_estimator_") {
		return o.Build("base_estimator_")
	}
	return o.Build("estimator_") // its name from 1.6 on
}
