package sklearn

import (
	"encoding/binary"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
)

// TestNeighborRefusals changes one attribute of a good model at a time.
func TestNeighborRefusals(t *testing.T) {
	callable := pickle.Global{Module: "__main__", Name: "closeness"}
	sparse := &pickle.Object{Class: pickle.Global{Module: "scipy.sparse._csr", Name: "csr_matrix"}}
	single := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 4}, Shape: []int{1, 1}, Data: make([]byte, 4)}
	beyond := &pickle.Array{Dtype: pickle.Dtype{Kind: 'i', Size: 8}, Shape: []int{1},
		Data: binary.LittleEndian.AppendUint64(nil, 99)}
	refuses(t, lastStep, []refusal{
		{"knn-classifier", "weights", callable, "weights is __main__.closeness"},
		{"knn-classifier", "effective_metric_", callable, "metric is __main__.closeness"},
		{"knn-classifier", "n_neighbors", int64(9999), "n_neighbors is 9999"},
		{"knn-classifier", "n_neighbors", int64(0), "n_neighbors is 0"},
		{"knn-classifier", "n_features_in_", int64(99), "its tree of training rows"},
		{"knn-classifier", "_tree", sparse, "csr_matrix has no state"},
		{"knn-classifier", "_fit_method", "lsh", `search method "lsh"`},
		{"knn-classifier", "_y", beyond, "_y has 1 labels"},
		{"knn-classifier-brute", "_fit_X", sparse, "csr_matrix): attribute indptr is missing"},
		{"knn-classifier-brute", "effective_metric_", "precomputed", "takes distances"},
		{"knn-classifier-brute", "effective_metric_", "yule", `metric "yule" is not supported`},
		{"knn-classifier-brute", "effective_metric_", "mahalanobis", "brute force with metric mahalanobis"},
		{"knn-regressor", "_y", single, "targets of float32"},
		{"radius-neighbors-regressor", "radius", -1.0, "radius is -1"},
		{"radius-neighbors-classifier", "outlier_label_", &pickle.List{}, "outlier_label_ has 0 labels"},
		{"nearest-centroid", "metric", "cosine", `metric "cosine" is not supported`},
		{"nearest-centroid", "n_features_in_", int64(99), "centroids_ is"},
		{"k-means", "cluster_centers_", single, "fitted on float32"},
		{"k-means", "n_features_in_", int64(99), "with 99 features"},
		{"birch", "subcluster_labels_", beyond, "1 labels for"},
		{"bisecting-k-means", "_bisecting_tree.left.left", nil, "label is missing"},
		{"bisecting-k-means", "_bisecting_tree.left.center", single, "center has 1 numbers"},
		{"affinity-propagation", "affinity", "precomputed", "has no predict"},
	})
}

// TestEndlessBisection: a tree that leads back into itself is refused.
func TestEndlessBisection(t *testing.T) {
	file := decoded(t, "bisecting-k-means")
	root, _ := file.Root.(*pickle.Object).Attr("_bisecting_tree")
	set(t, file, "_bisecting_tree.left", root)
	set(t, file, "_bisecting_tree.center", &pickle.List{Items: []any{1.0, 2.0, 3.0, 4.0}})
	_, err := Open(file)
	wantInvalid(t, err, "more forks than its 6 clusters")
}

// TestNodesOfNoSize: nodes of no bytes end.
func TestNodesOfNoSize(t *testing.T) {
	file := decoded(t, "knn-classifier")
	tree, _ := file.Root.(*pickle.Object).Attr("_tree")
	nodes := &pickle.Array{Dtype: pickle.Dtype{Kind: 'V'}, Shape: []int{0}}
	for _, name := range []string{"idx_start", "idx_end", "is_leaf", "radius"} {
		nodes.Dtype.Fields = append(nodes.Dtype.Fields, pickle.Field{Name: name, Dtype: pickle.Dtype{Kind: 'f'}})
	}
	tree.(*pickle.Object).State.(pickle.Tuple)[2] = nodes
	_, err := Open(file)
	wantInvalid(t, err, "node_data is an array of numpy kind 'f' and 0 bytes")
}

// TestNoNeighbor: a row without neighbours has the outlier label, or is an
// error that names it; one that no class has comes behind the classes.
func TestNoNeighbor(t *testing.T) {
	for _, test := range []struct {
		label any
		want  string
	}{
		{nil, ""},
		{"dock", "dock"},
		{"lost", "lost"},
	} {
		file := decoded(t, "radius-neighbors-classifier")
		var labels any
		if test.label != nil {
			labels = &pickle.List{Items: []any{test.label}}
		}
		set(t, file, "outlier_label_", labels)
		m, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		x := frame.New(2, nil)
		for range m.names {
			c := x.NumberColumn("")
			c.Num[0], c.Num[1] = 1, 1e6
			x.Cols = append(x.Cols, c)
		}
		cols, err := m.Predict(x)
		if test.label == nil {
			if err == nil || err.Error()[:6] != "row 2:" {
				t.Errorf("without an outlier label: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := cols[0].Classes.Text[cols[0].Code[1]]; got != test.want {
			t.Errorf("outlier label %q: got %q", test.want, got)
		}
	}
}

// TestNoNeighborOfNumbers: without neighbours a regressor answers with NaN; one
// of whole numbers, which has none, with an error.
func TestNoNeighborOfNumbers(t *testing.T) {
	for _, whole := range []bool{false, true} {
		file := decoded(t, "radius-neighbors-regressor")
		if whole {
			y, _ := file.Root.(*pickle.Object).Attr("_y")
			y.(*pickle.Array).Dtype.Kind = 'i'
		}
		m, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		x := frame.New(1, nil)
		for range m.names {
			c := x.NumberColumn("")
			c.Num[0] = 1e6
			x.Cols = append(x.Cols, c)
		}
		cols, err := m.Predict(x)
		switch {
		case whole:
			wantInvalid(t, err, "row 1: no training row lies within the radius 1")
		case err != nil || cols[0].Num[0] == cols[0].Num[0]:
			t.Errorf("answers %v (%v)", cols, err)
		}
	}
}
