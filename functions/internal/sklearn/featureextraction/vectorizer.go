package featureextraction

import (
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// vectorizer counts the terms of a document.
type vectorizer struct {
	*analyzer
	width int
	// place returns a term's column, -1 for none, and whether it counts as -1.
	place  func(term []byte) (column int, negative bool)
	binary bool     // every count that is there becomes 1
	weigh  *weights // nil to leave the counts as they are
}

// newVectorizer reads what all have; width and place are still to be set.
func newVectorizer(o *estimator.Object) (*vectorizer, error) {
	a, err := newAnalyzer(o)
	if err != nil {
		return nil, err
	}
	d, err := estimator.OutputDtype(o)
	if err != nil {
		return nil, err
	}
	if d.Single || d.Lo > -1<<24 || d.Hi < 1<<24 {
		return nil, o.Refuse("its dtype makes it work in less than 64 bits, which is not supported").
			WithHint("Fit it with dtype=float64")
	}
	return &vectorizer{analyzer: a, binary: truth(o, "binary")}, o.Err()
}

// newCountVectorizer counts the terms of a vocabulary.
// Source: sklearn/feature_extraction/text.py, CountVectorizer.transform.
func newCountVectorizer(o *estimator.Object) (estimator.Estimator, error) {
	v, err := newCounting(o)
	if err != nil {
		return nil, err
	}
	return v, nil
}

func newCounting(o *estimator.Object) (*vectorizer, error) {
	v, err := newVectorizer(o)
	if err != nil {
		return nil, err
	}
	terms, err := vocabulary(o)
	if err != nil {
		return nil, err
	}
	v.width = len(terms)
	v.place = func(term []byte) (int, bool) {
		if column, ok := terms[string(term)]; ok {
			return int(column), false
		}
		return -1, false
	}
	return v, nil
}

// vocabulary reads the column of each term.
func vocabulary(o *estimator.Object) (map[string]int32, error) {
	d, ok := o.Get("vocabulary_").(*pickle.Dict)
	if err := o.Err(); err != nil {
		return nil, err
	}
	if !ok || len(d.Keys) == 0 {
		return nil, o.Refuse("vocabulary_ must be a dict that is not empty")
	}
	terms, taken := make(map[string]int32, len(d.Keys)), make([]bool, len(d.Keys))
	for i, key := range d.Keys {
		term, isText := key.(string)
		column, isInt := d.Values[i].(int64)
		if !isText || !isInt || column < 0 || column >= int64(len(taken)) || taken[column] {
			return nil, o.Refuse("vocabulary_ must give each term a column of its own, found %s: %s",
				estimator.Describe(key), estimator.Describe(d.Values[i]))
		}
		terms[term], taken[column] = int32(column), true
	}
	return terms, nil
}

// newTfidfVectorizer weighs the counts.
// Source: sklearn/feature_extraction/text.py, TfidfVectorizer.transform.
func newTfidfVectorizer(o *estimator.Object) (estimator.Estimator, error) {
	v, err := newCounting(o)
	if err != nil {
		return nil, err
	}
	inner := o.Object("_tfidf")
	if err := o.Err(); err != nil {
		return nil, err
	}
	if v.weigh, err = newWeights(inner, v.width); err != nil {
		return nil, err
	}
	return v, nil
}

// newHashingVectorizer takes a term's column from its hash.
// Source: sklearn/feature_extraction/text.py, HashingVectorizer.transform.
func newHashingVectorizer(o *estimator.Object) (estimator.Estimator, error) {
	v, err := newVectorizer(o)
	if err != nil {
		return nil, err
	}
	v.width = o.Int("n_features")
	alternate := truth(o, "alternate_sign")
	v.weigh = &weights{class: o.Name()}
	if o.Has("norm") {
		if v.weigh.norm, err = oneOf(o, "norm", "l1", "l2"); err != nil {
			return nil, err
		}
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	if v.width < 1 || v.width > mostHashes {
		return nil, o.Refuse("n_features=%d is not supported: at most %d are", v.width, mostHashes)
	}
	v.place = func(term []byte) (int, bool) {
		column, negative := place(term, v.width)
		return column, negative && alternate
	}
	return v, nil
}

// mostHashes bounds the memory that a model's width takes.
const mostHashes = 1 << 24

// Inputs is one text column.
func (v *vectorizer) Inputs() []frame.Kind { return []frame.Kind{frame.Text} }

// Transform returns a sparse frame of a column for each term.
func (v *vectorizer) Transform(x *frame.Frame) (*frame.Frame, error) {
	documents := &x.Cols[0]
	counts := x.NewCSR(v.width)
	var row []int64 // twice the column of each term, and 1 if it counts as -1
	work := v.begin(func(term []byte) {
		column, negative := v.place(term)
		if column < 0 {
			return
		}
		n := int64(column) << 1
		if negative {
			n++
		}
		row = append(row, n)
	})
	for r, document := range documents.Text {
		if documents.Missing != nil && documents.Missing[r] {
			return nil, invalid(documents.Name, r)
		}
		row = row[:0]
		work.analyze(document)
		v.count(counts, row)
		counts.EndRow()
	}
	out := x.Sparsely(counts)
	if v.weigh == nil {
		return out, nil
	}
	return v.weigh.of(out)
}

// invalid is what scikit-learn says of a missing document.
func invalid(column string, row int) error {
	e := job.Invalid("np.nan is an invalid document: the model reads text here, and there is none").
		WithHint("Fill the missing cells, for example with a word such as none")
	e.Row, e.Column = int64(row)+1, column
	return e
}

// count adds up a row's terms. A column whose terms cancel each other out is
// held as 0, and is 1 where counts are binary, as in scikit-learn.
func (v *vectorizer) count(counts *frame.CSR, row []int64) {
	slices.Sort(row)
	for i := 0; i < len(row); {
		column, sum := row[i]>>1, 0
		for ; i < len(row) && row[i]>>1 == column; i++ {
			sum += 1 - 2*int(row[i]&1)
		}
		if v.binary {
			sum = 1
		}
		counts.Add(int32(column), float64(sum))
	}
}
