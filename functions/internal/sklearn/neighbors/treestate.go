package neighbors

import (
	"fmt"
	"math"
	"strings"

	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/pairwise"
)

// readTree checks a pickled KDTree or BallTree of the given features.
// Source: sklearn/neighbors/_binary_tree.pxi, BinaryTree.__getstate__.
func readTree(v any, features int) (*tree, error) {
	class, state, err := instance(v)
	if err != nil {
		return nil, err
	}
	if class != "KDTree" && class != "BallTree" || len(state) < 12 {
		return nil, fmt.Errorf("expected a KDTree or BallTree, found %s with a state of %d", class, len(state))
	}
	t := &tree{ball: class == "BallTree"}
	if t.metric, err = readMetric(state[11], features); err != nil {
		return nil, err
	}
	if !t.ball && !kdMetrics[t.metric.Name] {
		return nil, fmt.Errorf("a KDTree cannot search metric %s", t.metric.Name)
	}
	data, err := floats(state[0], -1, features)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	if err := t.readPoints(data, state[1]); err != nil {
		return nil, err
	}
	if err := t.readNodes(state[2]); err != nil {
		return nil, err
	}
	if t.metric.Name == "euclidean" {
		t.sieve = newSieve(numpy.Matrix{Rows: len(t.rows), Cols: features, Data: t.points})
	}
	return t, t.readBounds(state[3], features)
}

var kdMetrics = map[string]bool{"euclidean": true, "manhattan": true, "chebyshev": true, "minkowski": true}

// instance takes an extension type's pickle apart: its bare class name and
// the state that its newObj was given.
func instance(v any) (string, pickle.Tuple, error) {
	o, ok := v.(*pickle.Object)
	if !ok {
		return "", nil, fmt.Errorf("expected an instance, found %s", estimator.Describe(v))
	}
	state, ok := o.State.(pickle.Tuple)
	if !ok {
		return "", nil, fmt.Errorf("%s has no state", o.Class)
	}
	class := o.Class
	if len(o.Args) > 0 && class.Name == "newObj" {
		class, _ = o.Args[0].(pickle.Global)
	}
	return class.Name, state, nil
}

// readMetric reads a pickled DistanceMetric, such as EuclideanDistance64.
// Source: sklearn/metrics/_dist_metrics.pyx.tp, DistanceMetric.__getstate__.
func readMetric(v any, features int) (pairwise.Metric, error) {
	class, state, err := instance(v)
	if err != nil {
		return pairwise.Metric{}, fmt.Errorf("distance metric: %w", err)
	}
	name := strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(class, "64"), "Distance"))
	if len(state) != 3 {
		return pairwise.Metric{}, fmt.Errorf("distance metric %s is not supported", class)
	}
	var p pairwise.Params
	p.P, _ = estimator.Number(state[0])
	vec, err := floats(state[1], -1)
	if err != nil {
		return pairwise.Metric{}, fmt.Errorf("distance metric %s: %w", class, err)
	}
	switch name {
	case "minkowski":
		if len(vec) > 0 && !placeholder(vec) {
			p.W = vec
		}
	case "seuclidean":
		p.V = vec
	case "mahalanobis":
		data, err := floats(state[2], features, features)
		if err != nil {
			return pairwise.Metric{}, fmt.Errorf("distance metric %s: %w", class, err)
		}
		p.Inverse = numpy.Matrix{Rows: features, Cols: features, Data: data}
	}
	return pairwise.NewMetric(name, p, features)
}

// placeholder tells the vector of a metric that has none: Minkowski distances
// had no weights before scikit-learn 1.1.
func placeholder(vec []float64) bool { return len(vec) == 1 && vec[0] == 0 }

// floats reads a numeric array of the given shape; -1 stands for any length.
func floats(v any, shape ...int) ([]float64, error) {
	a, ok := v.(*pickle.Array)
	if !ok {
		return nil, fmt.Errorf("expected an array, found %s", estimator.Describe(v))
	}
	fits := len(a.Shape) == len(shape)
	for i := range shape {
		fits = fits && (shape[i] < 0 || shape[i] == a.Shape[i])
	}
	if !fits {
		return nil, fmt.Errorf("expected an array of shape %v, found %v", shape, a.Shape)
	}
	data, err := a.Floats()
	if err != nil {
		return nil, err
	}
	for _, f := range data {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("expected finite numbers, found %v", f)
		}
	}
	return data, nil
}

// readPoints brings the rows into the order of idx_array, so that a leaf's
// points lie side by side.
func (t *tree) readPoints(data []float64, v any) error {
	a, ok := v.(*pickle.Array)
	if !ok {
		return fmt.Errorf("idx_array: expected an array, found %s", estimator.Describe(v))
	}
	index, err := a.Ints()
	if err != nil {
		return fmt.Errorf("idx_array: %w", err)
	}
	if len(index) == 0 || len(index) > math.MaxInt32 || len(data)%len(index) != 0 {
		return fmt.Errorf("idx_array has %d rows, the data %d numbers", len(index), len(data))
	}
	features := len(data) / len(index)
	t.points = make([]float64, 0, len(data))
	t.rows = make([]int32, len(index))
	seen := make([]bool, len(index))
	for i, row := range index {
		if row < 0 || row >= int64(len(index)) || seen[row] {
			return fmt.Errorf("idx_array is no permutation: element %d is %d", i, row)
		}
		seen[row] = true
		t.rows[i] = int32(row)
		t.points = append(t.points, data[int(row)*features:(int(row)+1)*features]...)
	}
	return nil
}

// readNodes reads node_data and checks that the nodes below the root share out
// its points.
func (t *tree) readNodes(v any) error {
	a, ok := v.(*pickle.Array)
	if !ok {
		return fmt.Errorf("node_data: expected an array, found %s", estimator.Describe(v))
	}
	columns := make([][]float64, 4)
	for i, name := range []string{"idx_start", "idx_end", "is_leaf", "radius"} {
		field, err := a.Field(name)
		if err == nil {
			columns[i], err = field.Floats()
		}
		if err != nil {
			return fmt.Errorf("node_data %w", err)
		}
	}
	n := float64(len(t.rows))
	t.nodes = make([]node, len(columns[0]))
	for i := range t.nodes {
		start, end := columns[0][i], columns[1][i]
		if !(0 <= start && start <= end && end <= n) {
			return fmt.Errorf("node %d covers points %v to %v of %v", i, start, end, n)
		}
		if t.ball && !(columns[3][i] >= 0) {
			return fmt.Errorf("node %d has radius %v", i, columns[3][i])
		}
		t.nodes[i] = node{start: int32(start), end: int32(end), leaf: columns[2][i] != 0, radius: columns[3][i]}
	}
	if len(t.nodes) == 0 || t.nodes[0].start != 0 || int(t.nodes[0].end) != len(t.rows) {
		return fmt.Errorf("the root of %d nodes does not cover all points", len(t.nodes))
	}
	return t.checkBelow(0)
}

func (t *tree) checkBelow(i int) error {
	n := t.nodes[i]
	if n.leaf {
		return nil
	}
	if 2*i+2 >= len(t.nodes) {
		return fmt.Errorf("node %d is no leaf, but its children are missing", i)
	}
	left, right := t.nodes[2*i+1], t.nodes[2*i+2]
	if left.start != n.start || left.end != right.start || right.end != n.end {
		return fmt.Errorf("the children of node %d do not share out its points", i)
	}
	if err := t.checkBelow(2*i + 1); err != nil {
		return err
	}
	return t.checkBelow(2*i + 2)
}

func (t *tree) readBounds(v any, features int) error {
	sides := 2
	if t.ball {
		sides = 1
	}
	bounds, err := floats(v, sides, len(t.nodes), features)
	if err != nil {
		return fmt.Errorf("node_bounds: %w", err)
	}
	half := len(t.nodes) * features
	t.lower, t.upper = bounds[:half], bounds[half:]
	for i := range t.upper {
		if t.lower[i] > t.upper[i] {
			return fmt.Errorf("node_bounds: node %d has a lower bound above its upper", i/features)
		}
	}
	return nil
}
