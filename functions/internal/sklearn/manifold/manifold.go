// Package manifold has the transformers of sklearn.manifold that place new
// rows among those of the training.
package manifold

import "brine/functions/internal/sklearn/estimator"

// Classes are the estimators of sklearn.manifold.
var Classes = estimator.Registry{
	"sklearn.manifold.ClassicalMDS":           onlyFits,
	"sklearn.manifold.Isomap":                 newIsomap,
	"sklearn.manifold.LocallyLinearEmbedding": newLocallyLinear,
	"sklearn.manifold.MDS":                    onlyFits,
	"sklearn.manifold.SpectralEmbedding":      onlyFits,
	"sklearn.manifold.TSNE":                   onlyFits,
}

var onlyFits = estimator.OnlyFits("embedding of this kind")
