// Package ensemble has scikit-learn's ensembles: forests and boosting of its
// own trees, and those that combine estimators of any kind.
package ensemble

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/tree"
)

// Classes are the estimators of this package.
var Classes = estimator.Registry{
	"sklearn.ensemble.RandomForestClassifier":         buildForestClassifier,
	"sklearn.ensemble.ExtraTreesClassifier":           buildForestClassifier,
	"sklearn.ensemble.RandomForestRegressor":          buildForestRegressor,
	"sklearn.ensemble.ExtraTreesRegressor":            buildForestRegressor,
	"sklearn.ensemble.GradientBoostingClassifier":     buildGradientClassifier,
	"sklearn.ensemble.GradientBoostingRegressor":      buildGradientRegressor,
	"sklearn.ensemble.HistGradientBoostingClassifier": buildHistogramClassifier,
	"sklearn.ensemble.HistGradientBoostingRegressor":  buildHistogramRegressor,
	"sklearn.ensemble.IsolationForest":                buildIsolationForest,
	"sklearn.ensemble.AdaBoostClassifier":             buildAdaBoostClassifier,
	"sklearn.ensemble.AdaBoostRegressor":              buildAdaBoostRegressor,
	"sklearn.ensemble.BaggingClassifier":              buildBaggingClassifier,
	"sklearn.ensemble.BaggingRegressor":               buildBaggingRegressor,
	"sklearn.ensemble.VotingClassifier":               buildVotingClassifier,
	"sklearn.ensemble.VotingRegressor":                buildVotingRegressor,
}

// additive is a forest whose trees add what their leaves hold to the totals of
// a row, tree after tree: the order that decides the last bit of a sum.
type additive struct {
	name    string
	inputs  []frame.Kind
	missing bool // whether NaN is taken
	forest  *tree.Forest
	terms   []term // of each tree
	totals  int    // numbers a row
}

// term is what a tree adds: width numbers a leaf, from total at on.
type term struct {
	value     []float64
	width, at int
}

func newAdditive(o *estimator.Object, features, totals int, cuts [][]float64) *additive {
	return &additive{
		name:   o.Name(),
		inputs: estimator.AllNumbers(features),
		forest: tree.New(features, cuts),
		totals: totals,
	}
}

// plant compiles a tree, of an estimator that errors name, and returns the
// node of each leaf. The caller follows it with the tree's term.
func (a *additive) plant(o *estimator.Object, n *tree.Nodes) ([]int32, error) {
	leaves, err := a.forest.Add(n)
	if err != nil {
		return nil, o.Refuse("its tree %v", err)
	}
	return leaves, nil
}

// Inputs implements estimator.Estimator.
func (a *additive) Inputs() []frame.Kind { return a.inputs }

// add adds up the trees over rows × totals numbers.
func (a *additive) add(x *frame.Frame, totals []float64) {
	keys, leaves := a.forest.Keys(x), x.Codes(x.Rows)
	for t, term := range a.terms {
		a.forest.Leaves(t, keys, leaves)
		if term.width == 1 {
			i := term.at
			for _, leaf := range leaves {
				totals[i] += term.value[leaf]
				i += a.totals
			}
			continue
		}
		for r, leaf := range leaves {
			value := term.value[int(leaf)*term.width:][:term.width]
			row := totals[r*a.totals+term.at:][:term.width]
			for k, v := range value {
				row[k] += v
			}
		}
	}
}

// means returns the mean of all trees, rows × totals.
func (a *additive) means(x *frame.Frame) ([]float64, error) {
	if err := tree.Check(x, a.name, a.missing); err != nil {
		return nil, err
	}
	totals := x.Floats(x.Rows * a.totals)
	a.add(x, totals)
	n := float64(len(a.terms))
	for i := range totals {
		totals[i] /= n
	}
	return totals, nil
}
