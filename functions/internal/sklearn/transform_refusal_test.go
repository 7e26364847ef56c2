package sklearn

import (
	"math"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
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
		{"dictionary-learning", "positive_code", true, "positive_code=True is not supported"},
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
	for _, name := range []string{"PowerTransformer yeo-johnson alone", "PowerTransformer box-cox"} {
		file := transformer(t, name)
		set(t, file, "lambdas_", single)
		_, err := Open(file)
		wantInvalid(t, err, "fitted on float32: it calculates with its lambdas")
	}
}

// transformer is the model of a line of transformers.jsonl.
func transformer(t *testing.T, name string) *pickle.File {
	t.Helper()
	for _, c := range suites(t)[0].transformerCases(t) {
		if c.Name != name {
			continue
		}
		file, err := pickle.Decode(c.Model)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	t.Fatalf("no case %s", name)
	return nil
}

// TestPowerToInfinity: the scaler in a PowerTransformer takes what is too large for
// a float64 no more than any other does.
func TestPowerToInfinity(t *testing.T) {
	for name, want := range map[string]string{"PowerTransformer yeo-johnson": "row 1", "PowerTransformer yeo-johnson alone": ""} {
		file := transformer(t, name)
		set(t, file, "lambdas_", floats([]int{4}, 1, 2, 2, 2))
		e, err := estimator.BuildTransformer(estimator.NewObject(file.Root.(*pickle.Object), registry, file.Size))
		if err != nil {
			t.Fatal(err)
		}
		x := frame.New(1, nil)
		for range 4 {
			col := x.NumberColumn("x")
			col.Num[0] = 1e200
			x.Cols = append(x.Cols, col)
		}
		y, err := estimator.Transform(e, x)
		if want != "" {
			wantInvalid(t, err, want)
		} else if err != nil || !math.IsInf(y.Cols[3].Num[0], 1) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
