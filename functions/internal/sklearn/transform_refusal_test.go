package sklearn

import (
	"testing"

	"brine/functions/internal/pickle"
)

// TestTransformRefusals changes one attribute of a good model's transformer at a time.
func TestTransformRefusals(t *testing.T) {
	function := pickle.Global{Module: "__main__", Name: "closeness"}
	single := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 4}, Shape: []int{1, 6}, Data: make([]byte, 24)}
	short := &pickle.List{Items: []any{0.5}}
	tests := []struct {
		model     string
		step      int
		attribute string
		value     any
		want      string
	}{
		{"knn-imputer", 0, "metric", function, "metric is __main__.closeness: a function"},
		{"knn-imputer", 0, "weights", function, "weights is __main__.closeness: a function"},
		{"knn-imputer", 0, "_fit_X", single, "not of float64"},
		{"knn-imputer", 0, "n_features_in_", int64(5), "do not fit its 5 features"},
		{"knn-imputer", 0, "n_neighbors", int64(0), "do not fit"},
		{"knn-imputer", 0, "missing_values", "?", "do not fit"},
		{"iterative-imputer", 0, "sample_posterior", true, "draws random numbers"},
		{"iterative-imputer", 0, "keep_empty_features", true, "keep_empty_features=True"},
		{"iterative-imputer", 0, "n_features_in_", int64(5), "initial imputer does not fit"},
		{"iterative-imputer", 0, "_min_value", short, "step 0 of its imputation sequence"},
		{"iterative-imputer", 0, "imputation_sequence_", short, ".imputation_sequence_[0] is float64 0.5"},
		{"dictionary-learning", 0, "transform_algorithm", "lasso_lars", `transform_algorithm="lasso_lars"`},
		{"dictionary-learning", 0, "transform_n_nonzero_coefs", int64(9), "cannot take 9 of 4 atoms"},
		{"dictionary-learning", 0, "components_", single, "less than 64 bits"},
		{"kernel-centerer", 0, "K_fit_rows_", short, "1 numbers for 6 training rows"},
		{"isomap", 0, "dist_matrix_", single, "dist_matrix_ has shape (1, 6)"},
		{"isomap", 0, "kernel_pca_.eigenvalues_", short, "do not fit together"},
		{"locally-linear-embedding", 0, "reg", 1e-9, "reg=1e-09"},
		{"locally-linear-embedding", 0, "embedding_", single, "do not fit together"},
		{"knn-classifier-sparse", 1, "effective_metric_", "canberra", `metric="canberra" is not supported`},
		{"knn-classifier-sparse", 1, "_fit_X.indices", short, "indices"},
		{"knn-classifier-sparse", 1, "_fit_X.data", single, "only float64"},
		{"knn-classifier-sparse", 1, "_fit_X.data", short, "data"},
	}
	for _, test := range tests {
		t.Run(test.model+" "+test.attribute, func(t *testing.T) {
			file := decoded(t, test.model)
			setOn(t, step(file, test.step), test.attribute, test.value)
			_, err := Open(file)
			wantInvalid(t, err, test.want)
		})
	}
}
