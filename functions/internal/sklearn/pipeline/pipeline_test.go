package pipeline

import (
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// The stand-ins have the methods of scikit-learn's last steps and no more.
type transformer struct{}

func (transformer) Inputs() []frame.Kind                           { return estimator.AllNumbers(1) }
func (transformer) Transform(x *frame.Frame) (*frame.Frame, error) { return x, nil }

type regressor struct{}

func (regressor) Inputs() []frame.Kind                           { return estimator.AllNumbers(1) }
func (regressor) Outputs() int                                   { return 1 }
func (regressor) Predict(x *frame.Frame) ([]frame.Column, error) { return x.Cols, nil }

type classifier struct{ regressor }

func (classifier) Classes() *frame.Classes { return estimator.IntClasses(0, 1) }

type prober struct{ classifier }

func (prober) PredictProba(x *frame.Frame) (*frame.Frame, error) { return x, nil }

type decider struct{ classifier }

func (decider) Decision(x *frame.Frame) (*frame.Frame, error) { return x, nil }

type detector struct{ regressor }

func (detector) Decision(x *frame.Frame) (*frame.Frame, error) { return x, nil }

func (detector) ScoreSamples(x *frame.Frame) (*frame.Frame, error) { return x, nil }

type mixture struct{ prober }

func (mixture) ScoreSamples(x *frame.Frame) (*frame.Frame, error) { return x, nil }

type both struct{ prober }

func (both) Decision(x *frame.Frame) (*frame.Frame, error) { return x, nil }

func TestExpose(t *testing.T) {
	tests := []struct {
		last                                          estimator.Estimator
		predicts, classifies, probes, decides, scores bool
	}{
		{last: transformer{}},
		{last: regressor{}, predicts: true},
		{last: classifier{}, predicts: true, classifies: true},
		{last: prober{}, predicts: true, classifies: true, probes: true},
		{last: decider{}, predicts: true, classifies: true, decides: true},
		{last: detector{}, predicts: true, decides: true, scores: true},
		{last: mixture{}, predicts: true, classifies: true, probes: true, scores: true},
		{last: both{}, predicts: true, classifies: true, probes: true, decides: true},
	}
	for _, test := range tests {
		s := &steps{first: transformer{}, before: []estimator.Transformer{transformer{}}, last: test.last}
		e := s.expose(true)
		has := func(method string, got, want bool) {
			if got != want {
				t.Errorf("a pipeline of %T has %s: %v, want %v", test.last, method, got, want)
			}
		}
		_, ok := e.(estimator.Predictor)
		has("predict", ok, test.predicts)
		_, ok = e.(estimator.Classifier)
		has("classes_", ok, test.classifies)
		_, ok = e.(estimator.Prober)
		has("predict_proba", ok, test.probes)
		_, ok = e.(estimator.Decider)
		has("decision_function", ok, test.decides)
		_, ok = e.(estimator.Scorer)
		has("score_samples", ok, test.scores)
	}
}
