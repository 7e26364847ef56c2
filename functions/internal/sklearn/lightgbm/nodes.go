package lightgbm

import (
	"errors"
	"fmt"
	"math"

	"brine/functions/internal/sklearn/tree"
)

// missing says what a split takes for a missing value.
type missing uint8

const (
	none        missing = iota // nothing: NaN counts as zero
	zero                       // NaN and zero
	nan                        // NaN
	categorical                // what is no category; the split has a set in place of a threshold
)

// view is a feature as splits of one kind see it.
type view struct {
	feature int
	missing missing
}

// The bits of decision_type. Source: include/LightGBM/tree.h.
const (
	categoricalMask = 1
	defaultLeftMask = 2
	missingShift    = 2
)

// readTree reads a tree whose node i is split i, and behind the splits the leaves.
// Source: src/io/tree.cpp, Tree::Tree(const char*, size_t*).
func readTree(f fields, features int, v *tree.Views[view]) (*tree.Nodes, []float64, error) {
	if f["is_linear"] != "" && f["is_linear"] != "0" {
		return nil, nil, errors.New("has linear models in its leaves, which are not supported")
	}
	leaves, err := f.int("num_leaves")
	if err != nil {
		return nil, nil, err
	}
	value, err := f.floats("leaf_value", leaves)
	if err != nil {
		return nil, nil, err
	}
	if leaves < 1 {
		return nil, nil, errors.New("has no leaves")
	}
	splits := leaves - 1
	n := &tree.Nodes{
		Left: make([]int32, splits+leaves), Right: make([]int32, splits+leaves),
		Feature: make([]int32, splits+leaves), Threshold: make([]float64, splits+leaves),
		MissingLeft: make([]bool, splits+leaves),
	}
	for i := splits; i < len(n.Left); i++ {
		n.Left[i], n.Right[i] = -1, -1
	}
	if splits == 0 {
		return n, value, nil
	}
	return n, value, readSplits(n, f, splits, features, v)
}

func readSplits(n *tree.Nodes, f fields, splits, features int, v *tree.Views[view]) error {
	left, err := f.ints("left_child", splits)
	if err != nil {
		return err
	}
	right, err := f.ints("right_child", splits)
	if err != nil {
		return err
	}
	feature, err := f.ints("split_feature", splits)
	if err != nil {
		return err
	}
	how, err := f.ints("decision_type", splits)
	if err != nil {
		return err
	}
	threshold, err := f.floats("threshold", splits)
	if err != nil {
		return err
	}
	sets, err := readSets(f)
	if err != nil {
		return err
	}
	n.Categories = sets
	if len(sets) > 0 {
		n.Category = make([]int32, len(n.Left))
	}
	for i := range splits {
		if n.Left[i], err = child(left[i], splits); err != nil {
			return err
		}
		if n.Right[i], err = child(right[i], splits); err != nil {
			return err
		}
		if feature[i] < 0 || feature[i] >= int64(features) {
			return fmt.Errorf("splits at feature %d of %d", feature[i], features)
		}
		w := view{int(feature[i]), missing(how[i] >> missingShift & 3)}
		switch {
		case how[i]&categoricalMask != 0:
			w.missing = categorical
			if !(threshold[i] >= 0 && threshold[i] < float64(len(sets))) {
				return fmt.Errorf("splits by set %v of %d", threshold[i], len(sets))
			}
			n.Category[i] = int32(threshold[i])
		case w.missing > nan || math.IsNaN(threshold[i]):
			return fmt.Errorf("has the decision_type %d with threshold %v", how[i], threshold[i])
		default:
			n.MissingLeft[i] = how[i]&defaultLeftMask != 0
			if n.Category != nil {
				n.Category[i] = -1
			}
		}
		n.Feature[i], n.Threshold[i] = v.Number(w), threshold[i]
	}
	return nil
}

// child is the node of a split, or of the leaf whose complement it is.
func child(c int64, splits int) (int32, error) {
	if c >= int64(splits) || c < -int64(splits)-1 {
		return 0, fmt.Errorf("has the child %d of %d splits", c, splits)
	}
	if c < 0 {
		return int32(int64(splits) + ^c), nil
	}
	return int32(c), nil
}

// readSets reads the sets of categories that go left.
// Source: include/LightGBM/utils/common.h, FindInBitset.
func readSets(f fields) ([]tree.Set, error) {
	count, err := f.int("num_cat")
	if err != nil || count == 0 {
		return nil, err
	}
	bounds, err := f.ints("cat_boundaries", count+1)
	if err != nil {
		return nil, err
	}
	last := bounds[count]
	if last < 0 || last > math.MaxInt32 {
		return nil, fmt.Errorf("ends its sets of categories at %d", last)
	}
	words, err := f.ints("cat_threshold", int(last))
	if err != nil {
		return nil, err
	}
	sets := make([]tree.Set, count)
	for i := range sets {
		from, to := bounds[i], bounds[i+1]
		if from < 0 || from > to || to > last {
			return nil, fmt.Errorf("has a set of categories from %d to %d of %d", from, to, last)
		}
		for at, word := range words[from:to] {
			for bit := range 32 {
				if word>>bit&1 != 0 {
					sets[i].Add(32*at + bit)
				}
			}
		}
	}
	return sets, nil
}
