package sklearn

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// TestWork: real models read but a small part of the values that their size
// allows, whatever wrote them.
func TestWork(t *testing.T) {
	var paths []string
	for _, pattern := range []string{"models/*/model.pkl", "versions/*/*/model.pkl", "boosters/*/*/model.pkl"} {
		found, err := filepath.Glob(filepath.Join(testdata, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		paths = append(paths, found...)
	}
	opened := 0
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, err := pickle.Decode(data)
		if err != nil {
			continue
		}
		root := estimator.NewObject(file.Root.(*pickle.Object), registry, file.Size)
		_, err = estimator.Build(root)
		if err != nil {
			continue
		}
		opened++
		if work := root.Work(); work == 0 || work > estimator.MostWork(file.Size)/50 {
			t.Errorf("%s: %d values read of a pickle of %d bytes", path, work, file.Size)
		}
	}
	if opened < 700 {
		t.Errorf("only %d models", opened)
	}
}

// TestUnfolding: a file whose parts are shared over and over, or that says that
// it is large, is refused before that is paid for.
func TestUnfolding(t *testing.T) {
	for _, tt := range []struct {
		name, model string
		class       string // of the object in it that is changed
		change      func(o *pickle.Object)
	}{
		{"one array in many estimators", "multi-output-regressor", "MultiOutputRegressor", func(o *pickle.Object) {
			member := &pickle.Object{
				Class: pickle.Global{Module: "sklearn.linear_model._base", Name: "LinearRegression"}, State: &pickle.Dict{},
			}
			replace(member, "coef_", zeros(100_000))
			replace(member, "intercept_", 0.0)
			replace(member, "n_features_in_", int64(100_000))
			var many []any
			for range 10_000 {
				many = append(many, &pickle.Object{Class: member.Class, State: member.State})
			}
			replace(o, "estimators_", &pickle.List{Items: many})
		}},
		{"one estimator over and over", "bagging-regressor", "BaggingRegressor", func(o *pickle.Object) {
			repeat(o, "estimators_", 100_000)
			repeat(o, "estimators_features_", 100_000)
		}},
		{"features of many trees", "bagging-regressor", "BaggingRegressor", func(o *pickle.Object) {
			replace(attr(o, "estimators_").(*pickle.List).Items[0].(*pickle.Object), "n_features_in_", int64(1<<21))
			repeat(o, "estimators_", 1000)
			repeat(o, "estimators_features_", 1000)
		}},
		{"one tree over and over", "random-forest-regressor", "RandomForestRegressor", func(o *pickle.Object) { repeat(o, "estimators_", 100_000) }},
		{"one list of categories", "one-hot-encoder", "OneHotEncoder", func(o *pickle.Object) {
			many := &pickle.Array{Dtype: pickle.Dtype{Kind: 'O', Size: 8}, Shape: []int{20_000}}
			for i := range 20_000 {
				many.Objects = append(many.Objects, fmt.Sprint(i))
			}
			replace(o, "categories_", &pickle.List{Items: slices.Repeat([]any{many}, 20_000)})
		}},
		{"lists within lists", "one-hot-encoder", "OneHotEncoder", func(o *pickle.Object) {
			list := &pickle.List{}
			for range 30 {
				list = &pickle.List{Items: []any{list, list}}
			}
			replace(o, "categories_", list)
		}},
		{"a list within itself", "one-hot-encoder", "OneHotEncoder", func(o *pickle.Object) {
			list := &pickle.List{}
			list.Items = []any{list}
			replace(o, "categories_", list)
		}},
		{"columns within themselves", "column-transformer-names", "ColumnTransformer", func(o *pickle.Object) {
			data := &pickle.Dict{Keys: []any{"data"}, Values: []any{nil}}
			columns := &pickle.Object{Class: pickle.Global{Module: "pandas.core.indexes.base", Name: "_new_Index"}, Args: []any{data}}
			data.Values[0] = columns
			first := attr(o, "transformers_").(*pickle.List).Items[0].(pickle.Tuple)
			first[2] = columns
		}},
		{"passed through over and over", "feature-union", "FeatureUnion", func(o *pickle.Object) {
			list := attr(o, "transformer_list").(*pickle.List)
			list.Items = append(list.Items, slices.Repeat([]any{pickle.Tuple{"a", "passthrough"}}, 500_000)...)
		}},
		{"features of a table", "dummy-regressor", "DummyRegressor", func(o *pickle.Object) { replace(o, "n_features_in_", int64(1<<21)) }},
		{"a system of equations", "factor-analysis", "FactorAnalysis", func(o *pickle.Object) {
			replace(o, "components_", zeros(200_000, 1))
			replace(o, "noise_variance_", zeros(1))
			replace(o, "mean_", zeros(1))
			replace(o, "n_features_in_", int64(1))
		}},
		{"a system of ridge equations", "sparse-pca", "SparsePCA", func(o *pickle.Object) {
			replace(o, "components_", zeros(200_000, 1))
			replace(o, "mean_", zeros(1))
			replace(o, "n_features_in_", int64(1))
		}},
		{"products of atoms", "sparse-coder-threshold", "SparseCoder", func(o *pickle.Object) { replace(o, "dictionary", zeros(200_000, 1)) }},
		{"iterations", "latent-dirichlet-allocation", "LatentDirichletAllocation", func(o *pickle.Object) {
			replace(o, "max_doc_update_iter", int64(1<<20))
			replace(o, "mean_change_tol", -1.0)
			rows := attr(o, "exp_dirichlet_component_").(*pickle.Array)
			replace(o, "exp_dirichlet_component_", zeros(1000*rows.Shape[0], rows.Shape[1]))
		}},
		{"steps of a sampler", "additive-chi2-sampler", "AdditiveChi2Sampler", func(o *pickle.Object) {
			replace(o, "sample_steps", int64(1000))
			replace(o, "sample_interval", 0.5)
			replace(o, "n_features_in_", int64(1<<20))
		}},
		{"components of a sketch", "polynomial-count-sketch", "PolynomialCountSketch", func(o *pickle.Object) {
			n := int(attr(o, "n_features_in_").(int64))
			if attr(o, "coef0") != int64(0) {
				n++
			}
			replace(o, "n_components", int64(1<<20))
			replace(o, "degree", int64(10_000))
			replace(o, "indexHash_", zeros(10_000, n))
			replace(o, "bitHash_", zeros(10_000, n))
		}},
		{"neighbours by neighbours", "locally-linear-embedding", "LocallyLinearEmbedding", func(o *pickle.Object) {
			search := attr(o, "nbrs_").(*pickle.Object)
			replace(search, "_fit_method", "brute")
			replace(search, "_fit_X", zeros(20_000, 1))
			replace(search, "n_features_in_", int64(1))
			replace(search, "n_neighbors", int64(20_000))
			replace(o, "embedding_", zeros(20_000, 1))
		}},
		{"steps within steps", "standard-scaler-linear", "Pipeline", func(o *pickle.Object) {
			steps := attr(o, "steps").(*pickle.List)
			scaler := steps.Items[0].(pickle.Tuple)[1]
			for range 40 {
				twice := pickle.Tuple{"a", scaler}
				inner := &pickle.Object{Class: o.Class, State: &pickle.Dict{}}
				replace(inner, "steps", &pickle.List{Items: []any{twice, twice}})
				scaler = inner
			}
			steps.Items[0] = pickle.Tuple{"a", scaler}
		}},
		{"voters within voters", "voting-regressor", "VotingRegressor", func(o *pickle.Object) {
			var voter any = attr(o, "estimators_").(*pickle.List).Items[0]
			for range 40 {
				inner := &pickle.Object{Class: o.Class, State: &pickle.Dict{}}
				replace(inner, "estimators_", &pickle.List{Items: []any{voter, voter}})
				voter = inner
			}
			replace(o, "estimators_", &pickle.List{Items: []any{voter, voter}})
		}},
		{"kernels by training rows", "gaussian-process-matern", "GaussianProcessRegressor", func(o *pickle.Object) {
			kernel := attr(o, "kernel_").(*pickle.Object)
			for range 12 {
				sum := &pickle.Object{Class: kernel.Class, State: &pickle.Dict{}}
				replace(sum, "k1", kernel)
				replace(sum, "k2", kernel)
				kernel = sum
			}
			replace(o, "kernel_", kernel)
			replace(o, "X_train_", zeros(40_000, 6))
			replace(o, "alpha_", zeros(40_000))
		}},
		{"members by classes", "ada-boost-classifier-samme", "AdaBoostClassifier", func(o *pickle.Object) {
			repeat(o, "estimators_", 20_000)
			replace(o, "estimator_weights_", zeros(20_000))
			replace(o, "classes_", zeros(100_000))
		}},
		{"calibrators by classes", "calibrated-isotonic-multi-class", "CalibratedClassifierCV", func(o *pickle.Object) {
			repeat(o, "calibrated_classifiers_", 20_000)
			classes := zeros(100_000)
			for i := range 100_000 {
				binary.LittleEndian.PutUint64(classes.Data[8*i:], math.Float64bits(float64(i)))
			}
			replace(o, "classes_", classes)
		}},
		{"products of features", "linear-regression-cancelling", "Pipeline", func(o *pickle.Object) {
			products := attr(o, "steps").(*pickle.List).Items[0]
			replace(products.(pickle.Tuple)[1].(*pickle.Object), "n_features_in_", int64(130))
			replace(products.(pickle.Tuple)[1].(*pickle.Object), "_max_degree", int64(3))
			replace(o, "steps", &pickle.List{Items: slices.Repeat([]any{products}, 100)})
		}},
		{"a sparse matrix unfolded", "kernel-ridge", "KernelRidge", func(o *pickle.Object) {
			csr := &pickle.Object{Class: pickle.Global{Module: "scipy.sparse._csr", Name: "csr_matrix"}, State: &pickle.Dict{}}
			replace(csr, "_shape", pickle.Tuple{int64(6000), int64(10_000)})
			replace(csr, "data", zeros(0))
			replace(csr, "indices", zeros(0))
			replace(csr, "indptr", zeros(6001))
			replace(o, "X_fit_", csr)
		}},
		{"patterns", "text-tfidf-pattern", "Pipeline", func(o *pickle.Object) {
			vectorizer := attr(o, "steps").(*pickle.List).Items[0]
			replace(vectorizer.(pickle.Tuple)[1].(*pickle.Object), "token_pattern", strings.Repeat(`[\w]`, 200))
			replace(o, "steps", &pickle.List{Items: slices.Repeat([]any{vectorizer}, 1000)})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := decoded(t, tt.model)
			o := find(file.Root, tt.class)
			if o == nil {
				t.Fatalf("%s has no %s", tt.model, tt.class)
			}
			tt.change(o)
			file.Size = sizeOf(file.Root, map[any]bool{})
			var err error
			if allocated := measure(func() { _, err = Open(file) }); allocated > memoryBound(file.Size) {
				t.Errorf("%d bytes allocated for about %d", allocated, file.Size)
			}
			wantInvalid(t, err, "unfolds to far more than its size")
		})
	}
}

// find returns an object of a class that v is or holds, nil if there is none.
func find(v any, class string) *pickle.Object {
	w := newVandal(nil, v)
	for _, v := range append(w.values, v) {
		if o, ok := v.(*pickle.Object); ok && o.Class.Name == class {
			return o
		}
	}
	return nil
}

// TestDescribeBounds: what is told of a file is no more than it has bytes for,
// however its parts lie within each other.
func TestDescribeBounds(t *testing.T) {
	class := pickle.Global{Module: "sklearn.svm", Name: "SVC"}
	holding := func(name string, value any) *pickle.Object {
		return &pickle.Object{Class: class, State: &pickle.Dict{Keys: []any{"_sklearn_version", name}, Values: []any{"1.3.0", value}}}
	}
	deep := holding("inner_", nil)
	for range 100_000 {
		deep = holding("inner_", deep)
	}
	var cuts any
	for range 60 {
		cuts = &pickle.Object{Class: pickle.Global{Module: "builtins", Name: "slice"}, Args: []any{cuts, cuts, cuts}}
	}
	names, many := &pickle.Array{Dtype: pickle.Dtype{Kind: 'U', Size: 400}, Shape: []int{1000}, Data: make([]byte, 400_000)}, &pickle.List{}
	for range 2000 {
		many.Items = append(many.Items, holding("feature_names_in_", names))
	}
	members, alike := &pickle.List{Items: []any{holding("a", nil), &pickle.Object{}}}, &pickle.List{}
	members.Items = append(members.Items, slices.Repeat(members.Items[:1], 2000)...)
	for range 2000 {
		alike.Items = append(alike.Items, holding("members_", members))
	}
	huge := holding("a", new(big.Int).Lsh(big.NewInt(1), 1<<24))
	for name, root := range map[string]any{
		"objects within objects": deep, "slices of slices": holding("a", cuts), "names": many, "members": alike, "a huge number": huge,
	} {
		file := &pickle.File{Root: root, Size: sizeOf(root, map[any]bool{})}
		var node *Node
		if allocated := measure(func() { node = Describe(file) }); allocated > memoryBound(file.Size) {
			t.Errorf("%s: %d bytes allocated for about %d", name, allocated, file.Size)
		}
		var text strings.Builder
		if err := node.WriteText(&text); err != nil || text.Len() > 1<<18+32*file.Size {
			t.Errorf("%s: %d bytes of text, %v", name, text.Len(), err)
		}
	}
}

func attr(o *pickle.Object, name string) any {
	v, ok := o.Attr(name)
	if !ok {
		panic(o.Class.Name + " has no " + name)
	}
	return v
}

// replace sets an attribute that may be absent.
func replace(o *pickle.Object, name string, value any) {
	d := o.State.(*pickle.Dict)
	if i := slices.Index(d.Keys, any(name)); i >= 0 {
		d.Values[i] = value
		return
	}
	d.Keys, d.Values = append(d.Keys, name), append(d.Values, value)
}

// repeat fills a list with its first element.
func repeat(o *pickle.Object, name string, times int) {
	list := attr(o, name).(*pickle.List)
	list.Items = slices.Repeat(list.Items[:1], times)
}

// zeros is an array of float64.
func zeros(shape ...int) *pickle.Array {
	a := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 8}, Shape: shape}
	a.Data = make([]byte, 8*a.Len())
	return a
}

// sizeOf is about the size of a pickle of v: what it shares counts once.
func sizeOf(v any, seen map[any]bool) int {
	var below []any
	n := 2
	var key any
	switch v := v.(type) {
	case string:
		n += len(v)
	case *pickle.List:
		key, below = v, v.Items
	case pickle.Tuple:
		if len(v) > 0 {
			key, below = &v[0], v
		}
	case *pickle.Dict:
		key, below = v, slices.Concat(v.Keys, v.Values)
	case *pickle.Object:
		n += 10
		key, below = v, append(slices.Clone(v.Args), v.State)
	case *pickle.Array:
		n += 20 + len(v.Data)
		key, below = v, v.Objects
	case []byte:
		n += len(v)
	}
	if key != nil && seen[key] {
		return 2
	}
	seen[key] = true
	for _, b := range below {
		n += sizeOf(b, seen)
	}
	return n
}
