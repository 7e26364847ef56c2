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

// additive is what estimators have in common that add up trees.
type additive struct {
	*tree.Additive[float64]
	name    string
	inputs  []frame.Kind
	missing bool // whether NaN is taken
	totals  int  // numbers a row
}

func newAdditive(o *estimator.Object, features, totals int, cuts [][]float64) *additive {
	return &additive{
		Additive: tree.NewAdditive[float64](features, totals, cuts),
		name:     o.Name(),
		inputs:   estimator.AllNumbers(features),
		totals:   totals,
	}
}

// plant compiles a tree, of an estimator that errors name, and returns the
// node of each leaf. The caller goes on to Give what these are worth.
func (a *additive) plant(o *estimator.Object, n *tree.Nodes) ([]int32, error) {
	leaves, err := a.Add(n)
	if err != nil {
		return nil, o.Refuse("its tree %v", err)
	}
	return leaves, nil
}

// compile follows the last tree.
func (a *additive) compile(o *estimator.Object) {
	a.Compile()
	o.Note(a.How())
}

// Inputs implements estimator.Estimator.
func (a *additive) Inputs() []frame.Kind { return a.inputs }

// means returns the mean of all trees, rows × totals.
func (a *additive) means(x *frame.Frame) ([]float64, error) {
	if err := tree.Check(x, a.name, a.missing); err != nil {
		return nil, err
	}
	totals := x.Floats(x.Rows * a.totals)
	a.Sum(x, totals)
	n := float64(a.Trees())
	for i := range totals {
		totals[i] /= n
	}
	return totals, nil
}
