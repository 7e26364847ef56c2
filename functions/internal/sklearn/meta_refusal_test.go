package sklearn

import (
	"encoding/binary"
	"math"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
)

// TestMetaRefusals changes one attribute of a good model at a time.
func TestMetaRefusals(t *testing.T) {
	callable := pickle.Global{Module: "__main__", Name: "mine"}
	unknown := &pickle.Object{Class: pickle.Global{Module: "__main__", Name: "Mine"}}
	wide := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 8}, Shape: []int{1, 1}, Data: make([]byte, 8)}
	single := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 4}, Shape: []int{1, 1}, Data: make([]byte, 4)}
	singles := &pickle.List{Items: []any{single, single, single}}
	none := &pickle.List{}
	tests := []struct {
		model, attribute string
		value            any
		want             string
	}{
		{"dummy-classifier", "_strategy", "uniform", `strategy="uniform" draws its answers at random`},
		{"dummy-classifier", "sparse_output_", true, "answers with a sparse matrix"},
		{"dummy-classifier", "class_prior_", wide, "does not fit its 3 classes"},
		{"isotonic", "out_of_bounds", "wrap", `out_of_bounds="wrap" is not supported`},
		{"isotonic", "y_thresholds_", wide, "do not fit together"},
		{"multi-output-regressor", "estimators_", none, "has no estimators"},
		{"classifier-chain", "order_", none, "order_ is no order of its 2 estimators"},
		{"one-vs-rest", "label_binarizer_.sparse_input_", true, "answers with a sparse matrix"},
		{"one-vs-rest", "label_binarizer_.y_type_", "unknown", `type "unknown"`},
		{"one-vs-one", "pairwise_indices_", none, "distances or kernels"},
		{"output-code-tree", "code_book_", wide, "code_book_ does not fit"},
		{"stacking-classifier", "stack_method_", none, "has 0 methods for 3 estimators"},
		{"stacking-classifier", "_label_encoder", none, "several targets"},
		{"stacking-regressor", "passthrough", true, "does not take the"},
		{"ransac", "estimator_", unknown, "__main__.Mine"},
		{"rfe", "estimator_", unknown, "has no predict"},
		{"quadratic-discriminant", "means_", wide, "do not fit 3 classes"},
		{"quadratic-discriminant", "rotations_", singles, "fitted on less than 64 bits"},
		{"gaussian-mixture", "covariance_type", "round", `covariance_type="round" is not supported`},
		{"gaussian-mixture", "covariance_type", "diag", "precisions_cholesky_ has"},
		{"bayesian-mixture", "weight_concentration_prior_type", "mine", `"mine"`},
		{"elliptic-envelope", "precision_", nil, "store_precision"},
		{"kernel-ridge-rbf", "kernel", callable, "a callable kernel needs Python"},
		{"kernel-ridge-rbf", "kernel", "precomputed", `kernel "precomputed" is not supported`},
		{"gaussian-process-matern", "kernel_.k1.nu", 3.5, "nu=3.5 is not supported"},
		{"gaussian-process-matern", "kernel_.k2", unknown, "this kernel is not supported"},
		{"gaussian-process-pairwise", "kernel_.k1.metric", callable, "metric must be a string"},
		{"gaussian-process-classifier", "base_estimator_.pi_", wide, "do not fit its 40 training rows"},
		{"label-propagation", "kernel", callable, "a callable kernel needs Python"},
		{"label-propagation", "kernel", "cosine", `kernel="cosine" is not supported`},
	}
	for _, test := range tests {
		t.Run(test.model+" "+test.attribute, func(t *testing.T) {
			file := decoded(t, test.model)
			set(t, file, test.attribute, test.value)
			_, err := Open(file)
			wantInvalid(t, err, test.want)
		})
	}
}

// TestComponentRefusals does so with the first step of a pipeline.
func TestComponentRefusals(t *testing.T) {
	callable := pickle.Global{Module: "__main__", Name: "mine"}
	unknown := &pickle.Object{Class: pickle.Global{Module: "__main__", Name: "Mine"}}
	wide := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 8}, Shape: []int{1, 1},
		Data: binary.LittleEndian.AppendUint64(nil, math.Float64bits(1e6))}
	tests := []struct {
		model, attribute string
		value            any
		want             string
	}{
		{"pca", "components_", wide, "its components do not fit its 6 features"},
		{"sparse-pca", "ridge_alpha", 0.0, "ridge_alpha=0 is not supported"},
		{"factor-analysis", "noise_variance_", wide, "noise_variance_ has 1 numbers"},
		{"kernel-pca", "kernel", callable, "a callable kernel needs Python"},
		{"kernel-pca", "eigenvectors_", wide, "do not fit together"},
		{"nystroem", "kernel", callable, "only scikit-learn's own kernels"},
		{"nystroem", "kernel", "mine", `kernel "mine" is not supported`},
		{"nystroem", "normalization_", wide, "do not fit"},
		{"feature-agglomeration", "pooling_func", callable, "only numpy.mean is supported"},
		{"random-trees-embedding", "estimators_", &pickle.List{}, "has 0 trees"},
		{"select-from-model", "estimator_", unknown, "importances of features are not known"},
		{"select-from-model", "importance_getter", callable, "importance_getter is __main__.mine"},
		{"select-from-model", "threshold", "most", `threshold="most" is not supported`},
		{"additive-chi2-sampler", "sample_steps", int64(0), "sample_steps=0"},
	}
	for _, test := range tests {
		t.Run(test.model+" "+test.attribute, func(t *testing.T) {
			file := decoded(t, test.model)
			at := 0
			if test.model == "additive-chi2-sampler" {
				at = 1
			}
			set(t, &pickle.File{Root: step(file, at)}, test.attribute, test.value)
			_, err := Open(file)
			wantInvalid(t, err, test.want)
		})
	}
}

// TestLostInRounding: components that are mostly what rounding left of them.
func TestLostInRounding(t *testing.T) {
	file := decoded(t, "kernel-pca")
	set(t, &pickle.File{Root: step(file, 0)}, "eigenvalues_", &pickle.List{Items: []any{4.0, 1.0, 1e-13}})
	_, err := Open(file)
	wantInvalid(t, err, "it is lost in rounding")
}

// TestModelWithinItself: an estimator that holds itself is refused.
func TestModelWithinItself(t *testing.T) {
	file := decoded(t, "gaussian-process-matern")
	kernel, _ := file.Root.(*pickle.Object).Attr("kernel_")
	set(t, file, "kernel_.k1", kernel)
	_, err := Open(file)
	wantInvalid(t, err, "more than 1000 deep")
}

// TestModelThatReadsNothing takes any columns, in any number.
func TestModelThatReadsNothing(t *testing.T) {
	m, err := Open(decoded(t, "dummy-classifier"))
	if err != nil {
		t.Fatal(err)
	}
	for _, columns := range [][]string{{}, {"a"}, {"a", "b", "c"}} {
		features, err := m.Bind(columns)
		if err != nil || len(features) != len(columns) {
			t.Errorf("%v are bound as %v, %v", columns, features, err)
		}
		for _, f := range features {
			if f.Kind != frame.Unused {
				t.Errorf("%s is read as %s", f.Name, f.Kind)
			}
		}
	}
	_, err = m.Bind(nil)
	wantInvalid(t, err, "does not say which features")
}
