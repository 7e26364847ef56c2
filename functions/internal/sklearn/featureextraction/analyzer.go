package featureextraction

import (
	_ "embed" // the English stop words
	"strings"

	"brine/functions/internal/pickle"
	"brine/functions/internal/python/re"
	"brine/functions/internal/sklearn/estimator"
)

// analyzer makes terms of a document: n-grams of its words or characters.
// Source: sklearn/feature_extraction/text.py, _VectorizerMixin.build_analyzer.
type analyzer struct {
	lower    bool
	accents  string // "unicode" or "ascii" to strip them, "" to keep them
	unit     string // of which terms consist: word, char or char_wb
	pattern  *re.Pattern
	stop     map[string]bool
	min, max int // the lengths of terms, in units
}

// defaultPattern is matched by hand.
const defaultPattern = `(?u)\b\w\w+\b`

// longestTerm bounds what a damaged model can make a document cost.
const longestTerm = 1000

const (
	longestPattern = 1000 // in bytes
	// patternValues is how many values a byte of a pattern counts for: it may
	// stand for all the ranges of characters that \w has.
	patternValues = 2500
)

func newAnalyzer(o *estimator.Object) (*analyzer, error) {
	for _, name := range []string{"preprocessor", "tokenizer"} {
		if o.Has(name) {
			return nil, code(o, name)
		}
	}
	if input := o.Str("input"); o.Err() == nil && input != "content" {
		return nil, o.Refuse("input=%q is not supported: documents come from the table", input)
	}
	a := &analyzer{lower: truth(o, "lowercase")}
	var err error
	if a.unit, err = oneOf(o, "analyzer", "word", "char", "char_wb"); err != nil {
		return nil, err
	}
	if o.Has("strip_accents") {
		if a.accents, err = oneOf(o, "strip_accents", "unicode", "ascii"); err != nil {
			return nil, err
		}
	}
	lengths := o.Floats("ngram_range")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if len(lengths) != 2 || lengths[0] < 1 || lengths[1] < lengths[0] || lengths[1] > longestTerm {
		return nil, o.Refuse("ngram_range=%v is not supported", lengths)
	}
	a.min, a.max = int(lengths[0]), int(lengths[1])
	if a.unit != "word" {
		return a, nil
	}
	if a.stop, err = stopWords(o); err != nil {
		return nil, err
	}
	if pattern := o.Str("token_pattern"); o.Err() == nil && pattern != defaultPattern {
		if len(pattern) > longestPattern {
			return nil, o.Refuse("token_pattern of %d bytes is not supported", len(pattern))
		}
		if !o.Spend(len(pattern), patternValues) {
			return nil, o.Err()
		}
		if a.pattern, err = re.Compile(pattern); err != nil {
			return nil, o.Refuse("token_pattern=%q is not supported: %v", pattern, err)
		}
	}
	return a, o.Err()
}

// truth reads a parameter of Python's truth: False, 0 and None are false.
func truth(o *estimator.Object, name string) bool {
	v := o.Get(name)
	number, ok := estimator.Number(v)
	if !ok && v != nil && o.Err() == nil {
		o.Fail(name, "must be True or False, found %s", estimator.Describe(v))
	}
	return number != 0
}

// oneOf reads a parameter that is one of some strings or a function.
func oneOf(o *estimator.Object, name string, values ...string) (string, error) {
	v := o.Get(name)
	if err := o.Err(); err != nil {
		return "", err
	}
	for _, value := range values {
		if v == value {
			return value, nil
		}
	}
	if _, ok := v.(string); !ok {
		return "", code(o, name)
	}
	return "", o.Refuse("%s=%q is not supported", name, v)
}

func code(o *estimator.Object, name string) error {
	return o.Refuse("%s is %s, which only Python can run", name, estimator.Describe(o.Get(name))).
		WithHint("Fit with the parameters that scikit-learn has: analyzer, token_pattern, strip_accents, lowercase, stop_words")
}

//go:embed english.txt
var english string

// stopWords reads the words that are left out, nil for none.
// Source: sklearn/feature_extraction/text.py, _check_stop_list.
func stopWords(o *estimator.Object) (map[string]bool, error) {
	var words []any
	switch v := o.Get("stop_words").(type) {
	case nil:
		return nil, o.Err()
	case string:
		if v != "english" {
			return nil, o.Refuse("stop_words=%q is not supported", v)
		}
		return setOf(strings.Fields(english)), nil
	case *pickle.List:
		words = v.Items
	case pickle.Tuple:
		words = v
	case *pickle.Set:
		words = v.Items
	case *pickle.Array:
		text, err := v.Strings()
		if err != nil {
			return nil, o.Refuse("stop_words: %v", err)
		}
		return setOf(text), nil
	default:
		return nil, o.Refuse("stop_words given as %s are not supported", estimator.Describe(v))
	}
	stop := make([]string, len(words))
	for i, word := range words {
		s, ok := word.(string)
		if !ok {
			return nil, o.Refuse("stop_words must be strings, found %s", estimator.Describe(word))
		}
		stop[i] = s
	}
	return setOf(stop), nil
}

func setOf(words []string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, word := range words {
		set[word] = true
	}
	return set
}
