package sklearn

import (
	"errors"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
)

// TestTextRefusals changes one parameter of a good model's vectorizer at a time.
func TestTextRefusals(t *testing.T) {
	function := pickle.Global{Module: "__main__", Name: "tokenize"}
	short := &pickle.Dict{Keys: []any{"a", "b"}, Values: []any{int64(0), int64(0)}}
	far := &pickle.Dict{Keys: []any{"a"}, Values: []any{int64(1)}}
	float32s := pickle.Global{Module: "numpy", Name: "float32"}
	refuses(t, firstStep, []refusal{
		{"text-tfidf-logistic", "tokenizer", function, "Pipeline.steps[0] (sklearn.feature_extraction.text.TfidfVectorizer): tokenizer is __main__.tokenize"},
		{"text-tfidf-logistic", "preprocessor", function, "preprocessor is __main__.tokenize, which only Python can run"},
		{"text-tfidf-logistic", "analyzer", function, "analyzer is __main__.tokenize"},
		{"text-tfidf-logistic", "analyzer", "line", `analyzer="line" is not supported`},
		{"text-tfidf-logistic", "strip_accents", function, "strip_accents is __main__.tokenize"},
		{"text-tfidf-logistic", "input", "filename", `input="filename" is not supported`},
		{"text-tfidf-logistic", "token_pattern", `(?<=a)\w+`, `token_pattern="(?<=a)\\w+" is not supported: (?<= is not supported`},
		{"text-tfidf-logistic", "token_pattern", `\w*`, "matches the empty string"},
		{"text-tfidf-logistic", "token_pattern", nil, "token_pattern must be a string"},
		{"text-tfidf-logistic", "stop_words", "german", `stop_words="german" is not supported`},
		{"text-tfidf-logistic", "stop_words", &pickle.List{Items: []any{1.5}}, "stop_words must be strings"},
		{"text-tfidf-logistic", "ngram_range", pickle.Tuple{int64(0), int64(2)}, "ngram_range=[0 2]"},
		{"text-tfidf-logistic", "dtype", float32s, "less than 64 bits"},
		{"text-tfidf-logistic", "vocabulary_", short, "a column of its own"},
		{"text-tfidf-logistic", "vocabulary_", far, "a column of its own"},
		{"text-tfidf-logistic", "vocabulary_", &pickle.Dict{}, "not empty"},
		{"text-count-logistic", "vocabulary_", &pickle.Dict{Keys: []any{"a"}, Values: []any{int64(0)}}, "the step before it gives 1"},
		{"text-tfidf-logistic", "_tfidf.norm", "max", `norm="max" is not supported`},
		{"text-tfidf-logistic", "_tfidf._idf_diag.indptr", nil, "_idf_diag"},
		{"text-hashing-wide", "n_features", int64(1 << 30), "n_features=1073741824"},
		{"text-hashing", "n_features", int64(12), "takes 24 columns, but the step before it gives 12"},
	})
}

// TestTextClassesRefused puts another class in a vectorizer's place.
func TestTextClassesRefused(t *testing.T) {
	for _, class := range []pickle.Global{
		{Module: "sklearn.feature_extraction._dict_vectorizer", Name: "DictVectorizer"},
		{Module: "sklearn.feature_extraction._hash", Name: "FeatureHasher"},
	} {
		file := decoded(t, "text-count-logistic")
		step(file, 0).Class = class
		_, err := Open(file)
		wantInvalid(t, err, "Pipeline.steps[0] ("+class.String()+"): it reads dicts")
	}
}

// TestMissingDocument names the cell, in a column transformer too.
func TestMissingDocument(t *testing.T) {
	for _, name := range []string{"text-tfidf-logistic", "text-hashing", "text-columns"} {
		m, err := Open(decoded(t, name))
		if err != nil {
			t.Fatal(err)
		}
		features, err := m.Bind(m.names, nil)
		if m.names == nil {
			features, err = m.Bind([]string{"comment"}, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		x := frame.New(3, nil)
		for _, f := range features {
			col := x.NumberColumn(f.Name)
			if f.Kind == frame.Text {
				col = x.TextColumn(f.Name)
				col.Missing = []bool{false, false, f.Name == "comment"}
			}
			x.Cols = append(x.Cols, col)
		}
		_, err = m.Predict(x)
		wantInvalid(t, err, "np.nan is an invalid document")
		var e *job.Error
		if errors.As(err, &e) && (e.Row != 3 || e.Column != "comment") {
			t.Errorf("%s: row %d, column %q", name, e.Row, e.Column)
		}
	}
}
