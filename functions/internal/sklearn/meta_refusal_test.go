package sklearn

import (
	"slices"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
)

// TestMetaRefusals changes one attribute of a good model at a time.
func TestMetaRefusals(t *testing.T) {
	callable := pickle.Global{Module: "__main__", Name: "mine"}
	unknown := &pickle.Object{Class: pickle.Global{Module: "__main__", Name: "Mine"}}
	wide := floats([]int{1, 1}, 0)
	single := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 4}, Shape: []int{1, 1}, Data: make([]byte, 4)}
	singles := &pickle.List{Items: []any{single, single, single}}
	none := &pickle.List{}
	refuses(t, lastStep, []refusal{
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
		{"quadratic-discriminant", "rotations_", singles, "fitted on float32"},
		{"gaussian-mixture", "precisions_cholesky_", single, "fitted on float32: it projects its means"},
		{"gaussian-nb", "var_", single, "fitted on float32: it takes logarithms"},
		{"gaussian-mixture", "covariance_type", "round", `covariance_type="round" is not supported`},
		{"gaussian-mixture", "covariance_type", "diag", "precisions_cholesky_ has"},
		{"bayesian-mixture", "weight_concentration_prior_type", "mine", `"mine"`},
		{"elliptic-envelope", "precision_", nil, "store_precision"},
		{"kernel-ridge-rbf", "kernel", callable, "a callable kernel needs Python"},
		{"kernel-ridge-rbf", "kernel", "precomputed", `kernel "precomputed" is not supported`},
		{"gaussian-process-matern", "X_train_", single, "fitted on float32: it scales its training rows"},
		{"gaussian-process-classifier", "base_estimator_.X_train_", single, "fitted on float32: it scales its training rows"},
		{"gaussian-process-matern", "kernel_.k1.nu", 3.5, "nu=3.5 is not supported"},
		{"gaussian-process-matern", "kernel_.k2", unknown, "this kernel is not supported"},
		{"gaussian-process-pairwise", "kernel_.k1.metric", callable, "metric must be a string"},
		{"gaussian-process-classifier", "base_estimator_.pi_", wide, "do not fit its 40 training rows"},
		{"label-propagation", "kernel", callable, "a callable kernel needs Python"},
		{"label-propagation", "kernel", "cosine", `kernel="cosine" is not supported`},
	})
}

// TestComponentRefusals does so with the first step of a pipeline.
func TestComponentRefusals(t *testing.T) {
	callable := pickle.Global{Module: "__main__", Name: "mine"}
	unknown := &pickle.Object{Class: pickle.Global{Module: "__main__", Name: "Mine"}}
	wide := floats([]int{1, 1}, 1e6)
	single := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 4}, Shape: []int{1, 1}, Data: make([]byte, 4)}
	refuses(t, firstStep, []refusal{
		{"additive-chi2-sampler-sparse", "dtype", pickle.Global{Module: "numpy", Name: "int64"}, "the OneHotEncoder in front of it makes whole numbers"},
		{"pca", "components_", wide, "its components do not fit its 6 features"},
		{"pca", "explained_variance_", wide, "explained_variance_ does not fit its 3 components"},
		{"truncated-svd", "singular_values_", wide, "singular_values_ does not fit its"},
		{"sparse-pca", "components_", single, "fitted on float32: it answers in that precision"},
		{"sparse-pca", "ridge_alpha", 0.0, "ridge_alpha=0 is not supported"},
		{"factor-analysis", "noise_variance_", wide, "noise_variance_ has 1 numbers"},
		{"kernel-pca", "kernel", callable, "a callable kernel needs Python"},
		{"kernel-pca", "eigenvectors_", wide, "do not fit together"},
		{"kernel-pca", "eigenvectors_", single, "fitted on float32: it scales its eigenvectors"},
		{"isomap", "kernel_pca_.eigenvalues_", single, "fitted on float32: it scales its eigenvectors"},
		{"nystroem", "kernel", callable, "only scikit-learn's own kernels"},
		{"nystroem", "kernel", "mine", `kernel "mine" is not supported`},
		{"nystroem", "normalization_", wide, "do not fit"},
		{"feature-agglomeration", "pooling_func", callable, "only numpy.mean is supported"},
		{"random-trees-embedding", "estimators_", &pickle.List{}, "has 0 trees"},
		{"select-from-model", "estimator_", unknown, "importances of features are not known"},
		{"select-from-model", "importance_getter", callable, "importance_getter is __main__.mine"},
		{"select-from-model", "threshold", "most", `threshold="most" is not supported`},
	})
	second := func(file *pickle.File) *pickle.Object { return step(file, 1) }
	refuses(t, second, []refusal{
		{"additive-chi2-sampler", "sample_steps", int64(0), "sample_steps=0"},
		{"pca-whiten", "explained_variance_", single, "fitted on float32: it whitens in that precision"},
	})
}

// TestSingleMean: a mean of float32 is widened exactly where it is taken off the
// features, up to 1.4, and not where it is projected.
func TestSingleMean(t *testing.T) {
	single := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 4}, Shape: []int{6}, Data: make([]byte, 24)}
	for version, want := range map[string]string{"1.3.0": "", "1.5.2": "fitted on float32: it projects its mean in that precision"} {
		file := decoded(t, "pca")
		set(t, &pickle.File{Root: step(file, 0)}, "mean_", single)
		set(t, &pickle.File{Root: step(file, 0)}, "_sklearn_version", version)
		if _, err := Open(file); want != "" {
			wantInvalid(t, err, want)
		} else if err != nil {
			t.Errorf("%s: %v", version, err)
		}
	}
}

// TestWholeRows: without a scaler in front a sampler does not know whether the
// table is one of whole numbers, unless a row has another.
func TestWholeRows(t *testing.T) {
	for _, passing := range []bool{false, true} {
		file := decoded(t, "additive-chi2-sampler")
		if passing {
			steps, _ := file.Root.(*pickle.Object).Attr("steps")
			steps.(*pickle.List).Items[0].(pickle.Tuple)[1] = "passthrough"
		}
		m, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			rows  [2][2]float64 // of the first column and all others
			whole bool
		}{
			{[2][2]float64{{0.5, 1}, {0, 0}}, false},
			{[2][2]float64{{0.5, 1}, {0, 1}}, true},
			{[2][2]float64{{0.5, 1}, {2, 0}}, true},
		} {
			x := frame.New(2, nil)
			for j := range m.inputs {
				c := x.NumberColumn("")
				for r, row := range test.rows {
					c.Num[r] = row[min(j, 1)]
				}
				x.Cols = append(x.Cols, c)
			}
			if _, err := m.Predict(x); passing && test.whole {
				wantInvalid(t, err, "row 2: AdditiveChi2Sampler: this row is of whole numbers")
			} else if err != nil {
				t.Errorf("passing=%v %v: %v", passing, test.rows, err)
			}
		}
	}
}

// TestOneMeanForAll: up to 1.0 a Gaussian process that does not normalize its
// targets keeps one mean and deviation for all of them.
func TestOneMeanForAll(t *testing.T) {
	numbers := func(v ...any) *pickle.List { return &pickle.List{Items: v} }
	var want []frame.Column
	for _, test := range []struct {
		version, refused string
		mean, std        any
	}{
		{"1.2.2", "", numbers(0.0, 0.0), numbers(1.0, 1.0)},
		{"1.0.2", "", numbers(0.0), int64(1)},
		{"1.2.2", "do not fit", numbers(0.0), int64(1)},
	} {
		file := decoded(t, "gaussian-process-multi-output")
		set(t, file, "_sklearn_version", test.version)
		set(t, file, "_y_train_mean", test.mean)
		set(t, file, "_y_train_std", test.std)
		m, err := Open(file)
		if test.refused != "" {
			wantInvalid(t, err, test.refused)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.Predict(ones(m))
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		for k := range want {
			if got[k].Num[0] != want[k].Num[0] {
				t.Errorf("%s: output %d is %v, want %v", test.version, k, got[k].Num[0], want[k].Num[0])
			}
		}
	}
}

// TestCollinear: a class that has no variance along an axis but what rounding
// left is refused; one in small units is not.
func TestCollinear(t *testing.T) {
	for want, scale := range map[string]func(axis int) float64{
		"": func(int) float64 { return 1e-20 },
		"scalings_[2][3] is 7.8e-22: features of class": func(axis int) float64 {
			if axis == 3 {
				return 1e-20
			}
			return 1
		},
	} {
		file := decoded(t, "quadratic-discriminant")
		v, _ := file.Root.(*pickle.Object).Attr("scalings_")
		class := v.(*pickle.List).Items[2].(*pickle.Array)
		numbers, err := class.Floats()
		if err != nil {
			t.Fatal(err)
		}
		for axis := range numbers {
			numbers[axis] *= scale(axis)
		}
		v.(*pickle.List).Items[2] = floats(class.Shape, numbers...)
		if _, err := Open(file); want != "" {
			wantInvalid(t, err, want)
		} else if err != nil {
			t.Error(err)
		}
	}
}

// TestWhitenedRounding: components of no variance but rounding's are not whitened,
// those in small units are.
func TestWhitenedRounding(t *testing.T) {
	for _, test := range []struct {
		model           string
		step            int
		attribute, want string
		scale           float64 // of the last axis, or of all
	}{
		{"pca-whiten", 1, "explained_variance_", "of which rounding left a variance of", 1e-25},
		{"pca-whiten", 1, "explained_variance_", "", 1e-25},
		{"fast-ica", 0, "whitening_", "of which rounding left", 1e13},
		{"fast-ica", 0, "whitening_", "", 1e13},
	} {
		file := decoded(t, test.model)
		whitens := step(file, test.step)
		v, _ := whitens.Attr(test.attribute)
		array := v.(*pickle.Array)
		numbers, err := array.Floats()
		if err != nil {
			t.Fatal(err)
		}
		axis := len(numbers) / array.Shape[0]
		for i := range numbers {
			if test.want == "" || i >= len(numbers)-axis {
				numbers[i] *= test.scale
			}
		}
		setOn(t, whitens, test.attribute, floats(array.Shape, numbers...))
		if _, err := Open(file); test.want != "" {
			wantInvalid(t, err, test.want)
		} else if err != nil {
			t.Error(err)
		}
	}
}

// TestLostInRounding: components that are mostly what rounding left of them.
func TestLostInRounding(t *testing.T) {
	file := decoded(t, "kernel-pca")
	set(t, &pickle.File{Root: step(file, 0)}, "eigenvalues_", &pickle.List{Items: []any{4.0, 1.0, 1e-13}})
	_, err := Open(file)
	wantInvalid(t, err, "it is lost in rounding")
}

// TestCancelledKernels: a row of which rounding leaves nothing is named.
func TestCancelledKernels(t *testing.T) {
	rows, coef := floats([]int{2, 6}, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), floats([]int{2}, 1e12, 0.5-1e12)
	for model, names := range map[string][2]string{
		"kernel-ridge-cancelling":     {"X_fit_", "dual_coef_"},
		"gaussian-process-cancelling": {"X_train_", "alpha_"},
	} {
		file := decoded(t, model)
		set(t, file, names[0], rows)
		set(t, file, names[1], coef)
		m, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.Predict(ones(m))
		wantInvalid(t, err, "row 1: the kernels cancel each other out")
	}
}

// TestCancelledScores: a row of whose score rounding leaves too little is named,
// also behind one of which it leaves enough.
func TestCancelledScores(t *testing.T) {
	for model, flat := range map[string]map[string]float64{
		"linear-regression": nil,
		"pls-regression":    {"_x_mean": 0, "_x_std": 1}, // it subtracts and divides
	} {
		file := decoded(t, model)
		m, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		n := len(m.inputs)
		coef := make([]float64, n)
		coef[0], coef[1], coef[n-1] = 1e19, -1e19, 2
		set(t, file, "coef_", floats([]int{1, n}, coef...))
		for name, v := range flat {
			set(t, file, name, floats([]int{n}, slices.Repeat([]float64{v}, n)...))
		}
		if m, err = Open(file); err != nil {
			t.Fatal(err)
		}
		x := frame.New(2, nil)
		for c := range n {
			col := x.NumberColumn("")
			col.Num[1] = 1
			if c == n-1 {
				col.Num[0] = 1
			}
			x.Cols = append(x.Cols, col)
		}
		_, err = m.Predict(x)
		wantInvalid(t, err, "row 2: the terms of the score cancel each other out")
	}
}

// TestIdleComponents: a component of a sketch that no feature reaches is 0 here
// and rounding there. A model that makes much of it is refused at a row, one that
// does not is not (see the case).
func TestIdleComponents(t *testing.T) {
	file := decoded(t, "polynomial-count-sketch-model")
	sketch := step(file, 1)
	hashes, _ := sketch.Attr("indexHash_")
	at, err := hashes.(*pickle.Array).Ints()
	if err != nil {
		t.Fatal(err)
	}
	features := len(at) / 2 // of degree 2
	idle := make([]float64, 20)
	for k := range idle {
		idle[k] = 1e13
	}
	for _, i := range at[:features] {
		for _, j := range at[features:] {
			idle[(i+j)%20] = 0
		}
	}
	set(t, file, "coef_", floats([]int{20}, idle...))
	m, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Predict(ones(m))
	wantInvalid(t, err, "row 1: the prediction depends on how the processor rounds")
}

// TestModelWithinItself: an estimator that holds itself is refused.
func TestModelWithinItself(t *testing.T) {
	file := decoded(t, "gaussian-process-matern")
	kernel, _ := file.Root.(*pickle.Object).Attr("kernel_")
	set(t, file, "kernel_.k1", kernel)
	_, err := Open(file)
	wantInvalid(t, err, "more than 1000 deep")
}

// TestModelOfSharedParts: a part that holds one of its kind twice, which holds
// one twice and so on, would take ages to open.
func TestModelOfSharedParts(t *testing.T) {
	var inner any
	var file *pickle.File
	for range 100 {
		file = decoded(t, "gaussian-process-matern")
		if inner != nil {
			set(t, file, "kernel_.k1", inner)
			set(t, file, "kernel_.k2", inner)
		}
		inner, _ = file.Root.(*pickle.Object).Attr("kernel_")
	}
	_, err := Open(file)
	wantInvalid(t, err, "unfolds to far more than its size")
}

// TestModelThatReadsNothing takes any columns, in any number.
func TestModelThatReadsNothing(t *testing.T) {
	m, err := Open(decoded(t, "dummy-classifier"))
	if err != nil {
		t.Fatal(err)
	}
	for _, columns := range [][]string{{}, {"a"}, {"a", "b", "c"}} {
		features, err := m.Bind(columns, nil)
		if err != nil || len(features) != len(columns) {
			t.Errorf("%v are bound as %v, %v", columns, features, err)
		}
		for _, f := range features {
			if f.Kind != frame.Unused {
				t.Errorf("%s is read as %s", f.Name, f.Kind)
			}
		}
	}
	_, err = m.Bind(nil, nil)
	wantInvalid(t, err, "does not say which features")
}
