// Package featureextraction has the transformers of
// sklearn.feature_extraction.text: documents, one a row of a text column,
// become sparse rows of numbers, one for each term.
package featureextraction

import "brine/functions/internal/sklearn/estimator"

// Classes are the transformers of this package.
var Classes = estimator.Registry{
	"sklearn.feature_extraction.CountVectorizer":   newCountVectorizer,
	"sklearn.feature_extraction.TfidfVectorizer":   newTfidfVectorizer,
	"sklearn.feature_extraction.HashingVectorizer": newHashingVectorizer,
	"sklearn.feature_extraction.TfidfTransformer":  newTfidfTransformer,
	"sklearn.feature_extraction.DictVectorizer":    estimator.Refusing("it reads dicts, and a table's cells are none", encode),
	"sklearn.feature_extraction.FeatureHasher":     estimator.Refusing("it reads dicts, pairs or lists of strings, and a table's cells are none", encode),
	"sklearn.feature_extraction.PatchExtractor":    estimator.Refusing("it reads images, and a table's cells are none", "Store a model of columns of numbers, such as one a pixel"),
}

const encode = "Encode columns with OneHotEncoder, or documents with a HashingVectorizer"
