package preprocessing

import (
	"math"

	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// newKBinsDiscretizer is searchsorted among the inner bin edges, then one-hot
// unless encode is "ordinal".
// Source: sklearn/preprocessing/_discretization.py, KBinsDiscretizer.transform.
func newKBinsDiscretizer(o *estimator.Object) (estimator.Estimator, error) {
	n, encode := o.Features(), o.Str("encode")
	edges := o.Matrices("bin_edges_")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(edges) != n {
		return nil, o.Refuse("has edges of %d features, expected %d", len(edges), n)
	}
	widths := make([]int, n)
	for i, e := range edges {
		if widths[i] = len(e.Data) - 1; widths[i] < 1 {
			return nil, o.Refuse("feature %d has no bins", i)
		}
		if !o.Columns(widths[i]) {
			return nil, o.Err()
		}
	}
	if o.Has("dtype") {
		d, err := estimator.OutputDtype(o)
		if err != nil {
			return nil, err
		}
		if d.Single {
			return nil, o.Refuse("dtype=float32 is not supported: the numbers are cut before they are binned")
		}
	}
	blurred := o.Before(1, 1) // what is just below an edge counts as above it
	bins := &columnwise{
		class: o.Name(), inputs: estimator.AllNumbers(n), check: estimator.CheckFinite,
		forward: func(dst, src []float64, c int) {
			inner := edges[c].Data[1:widths[c]]
			for i, v := range src {
				if blurred {
					v += 1e-8 + float64(1e-5*math.Abs(v))
				}
				dst[i] = float64(countUpTo(inner, v))
			}
		},
	}
	switch encode {
	case "ordinal":
		return bins, nil
	case "onehot", "onehot-dense":
		return &hotBins{columnwise: *bins, widths: widths, onehot: encode == "onehot"}, nil
	}
	return nil, o.Refuse("encode=%q is not supported", encode)
}

// countUpTo is numpy.searchsorted(sorted, v, side="right").
func countUpTo(sorted []float64, v float64) int {
	lo, hi := 0, len(sorted)
	for lo < hi {
		if mid := (lo + hi) / 2; sorted[mid] <= v {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// hotBins is KBinsDiscretizer with a one-hot output.
type hotBins struct {
	columnwise
	widths []int
	onehot bool // as a sparse matrix
}

// Transform has a column for each bin.
func (t *hotBins) Transform(x *frame.Frame) (*frame.Frame, error) {
	bins, err := t.columnwise.Transform(x)
	if err != nil {
		return nil, err
	}
	var cols []frame.Column
	for i, width := range t.widths {
		start := len(cols)
		for range width {
			cols = append(cols, x.NumberColumn(x.Cols[i].Name))
		}
		for r, bin := range bins.Cols[i].Num {
			cols[start+int(bin)].Num[r] = 1
		}
	}
	out := x.With(cols)
	out.Sparse = t.onehot
	return out, nil
}
