package sklearn

import (
	"math"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// TestLinearRefusals changes one attribute of a good model at a time.
func TestLinearRefusals(t *testing.T) {
	callable := pickle.Global{Module: "__main__", Name: "kernel"}
	columns := &pickle.Object{Class: pickle.Global{Module: "scipy.sparse._csc", Name: "csc_matrix"}}
	refuses(t, lastStep, []refusal{
		{"linear-regression", "n_features_in_", int64(99), "coef_ has shape (1, 6) for 99 features"},
		{"linear-regression", "_sklearn_version", "1.10.0", "it is of scikit-learn 1.10, and what"},
		{"pipeline-logistic", "_sklearn_version", "0.23.2", "it is of scikit-learn 0.23, and what"},
		{"linear-regression", "coef_", nil, "coef_ must be an array, found None"},
		{"ridge-multi-output", "intercept_", &pickle.List{Items: []any{1.0, 2.0, 3.0}}, "has 3 intercepts for 2 outputs"},
		{"logistic-regression", "multi_class", "best", `multi_class="best" is not supported`},
		{"logistic-regression-multinomial", "coef_", 1.0, "coef_ must be an array"},
		{"tweedie-regressor", "_base_loss.link", &pickle.Object{Class: pickle.Global{Module: "sklearn._loss.link", Name: "LogitLink"}},
			"TweedieRegressor._base_loss.link (sklearn._loss.link.LogitLink): this link is not supported"},
		{"ridge-classifier", "_label_binarizer.sparse_input_", true, "fitted with a sparse target"},
		{"linear-discriminant-analysis", "xbar_", &pickle.List{Items: []any{1.0}}, "do not fit its"},
		{"svc", "kernel", "precomputed", "kernel='precomputed' needs"},
		{"svc", "kernel", callable, "a callable kernel needs Python"},
		{"svc", "kernel", "cosine", `kernel="cosine" is not supported`},
		{"svc-poly", "degree", 2.5, "degree=2.5"},
		{"svc", "decision_function_shape", "pairs", `decision_function_shape="pairs"`},
		{"svc-multi-class-ovo", "break_ties", true, "break_ties must be False"},
		{"svc", "support_vectors_", columns, "scipy.sparse._csc.csc_matrix, which is not supported"},
		{"svc", "_intercept_", &pickle.List{Items: []any{1.0, 2.0}}, "do not fit 2 classes"},
		{"svc-probability", "_probB", &pickle.List{}, "_probA and _probB do not fit"},
		{"gaussian-nb", "n_features_in_", int64(99), "do not fit"},
		{"mlp-classifier", "activation", "gelu", `activation "gelu" is not supported`},
		{"mlp-classifier", "n_features_in_", int64(99), "does not fit 99 inputs"},
		{"mlp-classifier", "_label_binarizer.sparse_input_", true, "fitted with a sparse target"},
		{"mlp-classifier", "_label_binarizer.y_type_", "continuous", `a target of type "continuous"`},
	})
}

// TestNewtonCholesky: its probabilities of several classes are one-vs-rest up
// to 1.5, multinomial after.
func TestNewtonCholesky(t *testing.T) {
	for version, multinomial := range map[string]bool{"1.2.0": false, "1.5.2": false, "1.6.0": true, "1.9.1": true} {
		file := decoded(t, "logistic-regression-multinomial")
		set(t, file, "solver", "newton-cholesky")
		set(t, file, "multi_class", "auto")
		set(t, file, "_sklearn_version", version)
		m, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		x := ones(m)
		proba, err := m.predictor.(estimator.Prober).PredictProba(x)
		if err != nil {
			t.Fatal(err)
		}
		scores, err := m.predictor.(estimator.Decider).Decision(x)
		if err != nil {
			t.Fatal(err)
		}
		weight := func(s float64) float64 { return 1 / (1 + math.Exp(-s)) }
		if multinomial {
			weight = math.Exp
		}
		var sum float64
		for _, c := range scores.Cols {
			sum += weight(c.Num[0])
		}
		for k, c := range scores.Cols {
			if got, want := proba.Cols[k].Num[0], weight(c.Num[0])/sum; math.Abs(got-want) > 1e-14 {
				t.Errorf("%s: probability %d is %v, want %v", version, k, got, want)
			}
		}
	}
}

// ones is a row of ones.
func ones(m *Model) *frame.Frame {
	x := frame.New(1, nil)
	for range m.inputs {
		col := x.NumberColumn("")
		col.Num[0] = 1
		x.Cols = append(x.Cols, col)
	}
	return x
}

// TestMissingValue: an estimator that takes none names the first cell in row
// order.
func TestMissingValue(t *testing.T) {
	for _, name := range []string{"linear-regression", "logistic-regression", "svc", "gaussian-nb", "mlp-classifier"} {
		m, err := Open(decoded(t, name))
		if err != nil {
			t.Fatal(err)
		}
		x := ones(m)
		x.Cols[1].Name, x.Cols[1].Num[0] = "second", math.NaN()
		_, err = m.Predict(x)
		if e, ok := err.(*job.Error); !ok || e.Row != 1 || e.Column != "second" || job.TypeOf(err) != job.ValidationError {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}
