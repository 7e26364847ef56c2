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
	"sklearn.feature_extraction.DictVectorizer":    refusing("it reads dicts, and a table's cells are none"),
	"sklearn.feature_extraction.FeatureHasher":     refusing("it reads dicts, pairs or lists of strings, and a table's cells are none"),
}

func refusing(reason string) estimator.Builder {
	return func(o *estimator.Object) (estimator.Estimator, error) {
		return nil, o.Refuse("%s", reason).
			WithHint("Encode columns with OneHotEncoder, or documents with a HashingVectorizer")
	}
}
