package sklearn

import (
	"maps"

	"brine/functions/internal/sklearn/estimator"
)

// registry is every class that can be predicted, family by family.
var registry = merge()

func merge(families ...estimator.Registry) estimator.Registry {
	all := estimator.Registry{}
	for _, f := range families {
		maps.Copy(all, f)
	}
	return all
}
