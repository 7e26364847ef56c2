package lightgbm

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/sklearn/estimator"
	"brine/functions/internal/sklearn/tree"
)

// rounding tells which cells LightGBM 3 rounds to float32. It does so to every
// cell of a table that pandas does not hold as floats: one of whole numbers
// only, or one with bools beside other numbers. A block of rows does not show
// which table it is of, but the model tells what it was fitted on, and a cell
// matters only if its rounding takes it over a threshold.
// Source: lightgbm/basic.py of version 3, _data_from_pandas.
type rounding struct {
	table table
	views []view
	cuts  [][]float64 // the thresholds of each view, in order
}

// table is what a model was fitted on.
type table uint8

const (
	unknown table = iota
	single        // numbers rounded to float32
	double        // float64
)

func newRounding(infos []string, nodes []*tree.Nodes, views []view) *rounding {
	return &rounding{tableOf(infos), views, tree.Cuts(nodes, len(views))}
}

// tableOf looks at the least and largest number of each feature, [a:b].
func tableOf(infos []string) table {
	t := unknown
	for _, info := range infos {
		a, b, ok := strings.Cut(strings.Trim(info, "[]"), ":")
		if !ok || info[0] != '[' {
			continue
		}
		for _, s := range []string{a, b} {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				continue
			}
			if float64(float32(v)) != v {
				return double
			}
			short, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', -1, 32), 64)
			if short != v {
				t = single
			}
		}
	}
	return t
}

// round replaces the columns of cells by rounded ones where the table is known
// to be rounded, and refuses a row whose path depends on what is not known.
func (t *rounding) round(x *frame.Frame, cells [][]float64, name string) error {
	if err := estimator.CheckCast32(x, name); err != nil {
		return err
	}
	if t.table == single {
		for c, column := range cells {
			rounded := x.Floats(len(column))
			for r, v := range column {
				rounded[r] = float64(float32(v))
			}
			cells[c] = rounded
		}
		return nil
	}
	for i, v := range t.views {
		for r, cell := range cells[v.feature] {
			rounded := float64(float32(cell))
			if rounded == cell || cell != cell || rank(t.cuts[i], cell) == rank(t.cuts[i], rounded) {
				continue
			}
			if t.table == double && !wholeRow(cells, r) {
				continue
			}
			e := job.Invalid("%s of LightGBM 3 predicts by whether pandas holds the table as floats, which these rows do not show: "+
				"the value %v and its float32 lie on two sides of a threshold", name, cell).
				WithHint("Train the model with LightGBM 4, which always takes float64")
			e.Row, e.Column = int64(r)+1, x.Cols[v.feature].Name
			return e
		}
	}
	return nil
}

func rank(cuts []float64, v float64) int { return sort.SearchFloat64s(cuts, v) }

func wholeRow(cells [][]float64, r int) bool {
	for _, column := range cells {
		if v := column[r]; v != math.Trunc(v) {
			return false
		}
	}
	return true
}
