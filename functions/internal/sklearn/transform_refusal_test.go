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
	refuses(t, firstStep, []refusal{
		{"knn-imputer", "metric", function, "metric is __main__.closeness: a function"},
		{"knn-imputer", "weights", function, "weights is __main__.closeness: a function"},
		{"knn-imputer", "_fit_X", single, "not of float64"},
		{"knn-imputer", "n_features_in_", int64(5), "do not fit its 5 features"},
		{"knn-imputer", "n_neighbors", int64(0), "do not fit"},
		{"knn-imputer", "missing_values", "?", "do not fit"},
		{"iterative-imputer", "sample_posterior", true, "draws random numbers"},
		{"iterative-imputer", "keep_empty_features", true, "keep_empty_features=True"},
		{"iterative-imputer", "n_features_in_", int64(5), "initial imputer does not fit"},
		{"iterative-imputer", "_min_value", short, "step 0 of its imputation sequence"},
		{"iterative-imputer", "imputation_sequence_", short, ".imputation_sequence_[0] is float64 0.5"},
		{"dictionary-learning", "transform_algorithm", "lasso_lars", `transform_algorithm="lasso_lars"`},
		{"dictionary-learning", "transform_n_nonzero_coefs", int64(9), "cannot take 9 of 4 atoms"},
		{"dictionary-learning", "components_", single, "fitted on float32"},
		{"kernel-centerer", "K_fit_rows_", short, "1 numbers for 6 training rows"},
		{"isomap", "dist_matrix_", single, "dist_matrix_ has shape (1, 6)"},
		{"isomap", "kernel_pca_.eigenvalues_", short, "do not fit together"},
		{"locally-linear-embedding", "reg", 1e-9, "reg=1e-09"},
		{"locally-linear-embedding", "embedding_", single, "do not fit together"},
	})
	refuses(t, lastStep, []refusal{
		{"knn-classifier-sparse", "effective_metric_", "canberra", `metric="canberra" is not supported`},
		{"knn-classifier-sparse", "_fit_X.indices", short, "indices"},
		{"knn-classifier-sparse", "_fit_X.data", single, "only float64"},
		{"knn-classifier-sparse", "_fit_X.data", short, "data"},
	})
}

// TestSingleLambdas: numpy 2 takes 2 - lambda of a float32 in that precision.
func TestSingleLambdas(t *testing.T) {
	single := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 4}, Shape: []int{1}, Data: make([]byte, 4)}
	found := 0
	for _, c := range suites(t)[0].transformerCases(t) {
		if c.Name != "PowerTransformer yeo-johnson alone" && c.Name != "PowerTransformer box-cox" {
			continue
		}
		found++
		file, err := pickle.Decode(c.Model)
		if err != nil {
			t.Fatal(err)
		}
		set(t, file, "lambdas_", single)
		_, err = Open(file)
		wantInvalid(t, err, "fitted on float32: it calculates with its lambdas")
	}
	if found != 2 {
		t.Errorf("%d cases", found)
	}
}
