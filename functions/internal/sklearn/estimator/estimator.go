// Package estimator is what every family of scikit-learn estimators is built
// from: the interfaces they meet, the registry that finds their builders, and
// the reader of their pickled attributes.
//
// A builder checks all that its arithmetic rests on when the model is opened
// and refuses what it does not know; what it returns is immutable and serves
// many goroutines at once.
package estimator

import (
	"brine/functions/internal/frame"
)

// Estimator is a fitted scikit-learn estimator.
type Estimator interface {
	// Inputs says in which kind each feature must be read, in the order of
	// fit: its length is n_features_in_. It is nil for an estimator that looks
	// at no feature, however many there are.
	Inputs() []frame.Kind
}

// Predictor has scikit-learn's predict.
type Predictor interface {
	Estimator
	// Outputs is the number of columns that Predict returns.
	Outputs() int
	// Predict returns Number or Label columns, one element a row of x. x has a
	// column for each of Inputs. A cell that the estimator cannot take is a
	// *job.Error with its row (1-based within x) and column.
	Predict(x *frame.Frame) ([]frame.Column, error)
}

// Classifier is a single-output Predictor of class labels.
type Classifier interface {
	Predictor
	Classes() *frame.Classes
}

// Transformer has scikit-learn's transform.
type Transformer interface {
	Estimator
	// Transform returns a new frame of the same rows; it may share columns
	// with x and leaves x as it was.
	Transform(x *frame.Frame) (*frame.Frame, error)
}

// Inverter has scikit-learn's inverse_transform.
type Inverter interface {
	Inverse(x *frame.Frame) (*frame.Frame, error)
}

// Prober has scikit-learn's predict_proba: a Number column for each of Classes.
type Prober interface {
	Classifier
	PredictProba(x *frame.Frame) (*frame.Frame, error)
}

// Decider has scikit-learn's decision_function: one Number column for a binary
// classifier or an outlier detector, else one for each class (or pair, for a
// one-vs-one SVC).
type Decider interface {
	Decision(x *frame.Frame) (*frame.Frame, error)
}

// Scorer has scikit-learn's score_samples: one Number column, the larger the
// more a row is like those of fit.
type Scorer interface {
	ScoreSamples(x *frame.Frame) (*frame.Frame, error)
}

// Builder makes an estimator from its pickled attributes, or says why not.
type Builder func(o *Object) (Estimator, error)

// Registry maps a class's public name, such as
// "sklearn.linear_model.LinearRegression", to its Builder.
type Registry map[string]Builder

// AllNumbers is the Inputs of an estimator of n numeric features.
func AllNumbers(n int) []frame.Kind { return make([]frame.Kind, n) }
