package featureextraction

import (
	"unicode"
	"unicode/utf8"

	"brine/functions/internal/python/re"
	"brine/functions/internal/python/unicodedata"
)

// analysis is the work of an analyzer on one document after the other. It
// serves one goroutine at a time.
type analysis struct {
	*analyzer
	finder      *re.Finder
	alnum       *unicode.RangeTable
	found       func(term []byte)
	text, spare []byte
	units       []bounds // the words of a document, or the characters of a text
	term        []byte
}

// bounds are where in a text a unit begins and ends.
type bounds struct{ from, to int }

// begin returns an analysis that calls found with each term of a document, in
// scikit-learn's order. A term is only valid during the call.
func (a *analyzer) begin(found func(term []byte)) *analysis {
	w := &analysis{analyzer: a, alnum: unicodedata.Alnum(), found: found}
	if a.pattern != nil {
		w.finder = a.pattern.Finder()
	}
	return w
}

func (w *analysis) analyze(document string) {
	w.preprocess(document)
	switch w.unit {
	case "char":
		w.collapse()
		w.split(w.text)
		w.slices(w.text)
	case "char_wb":
		w.collapse()
		w.insideWords()
	default:
		w.units = w.units[:0]
		if w.finder != nil {
			w.finder.All(w.text, w.word)
		} else {
			w.words()
		}
		w.phrases()
	}
}

// preprocess sets the text that is looked at.
// Source: sklearn/feature_extraction/text.py, _preprocess.
func (w *analysis) preprocess(document string) {
	if w.lower {
		w.text = unicodedata.AppendLower(w.text[:0], document)
	} else {
		w.text = append(w.text[:0], document...)
	}
	if w.accents == "" {
		return
	}
	w.spare = w.spare[:0]
	for i := 0; i < len(w.text); {
		c, n := utf8.DecodeRune(w.text[i:])
		w.spare = unicodedata.AppendBase(w.spare, c)
		i += n
	}
	w.text, w.spare = w.spare, w.text
	if w.accents == "ascii" {
		kept := w.text[:0]
		for _, b := range w.text {
			if b < utf8.RuneSelf {
				kept = append(kept, b)
			}
		}
		w.text = kept
	}
}

// words finds the matches of defaultPattern: the longest runs of two or more
// letters, digits and underscores.
func (w *analysis) words() {
	from, length := 0, 0
	for i := 0; i < len(w.text); {
		c, n := utf8.DecodeRune(w.text[i:])
		switch {
		case c == '_' || unicode.Is(w.alnum, c):
			if length == 0 {
				from = i
			}
			length++
		default:
			if length > 1 {
				w.word(from, i)
			}
			length = 0
		}
		i += n
	}
	if length > 1 {
		w.word(from, len(w.text))
	}
}

// word keeps a word unless it is a stop word.
func (w *analysis) word(from, to int) {
	if !w.stop[string(w.text[from:to])] {
		w.units = append(w.units, bounds{from, to})
	}
}

// phrases finds the n-grams of the words.
// Source: sklearn/feature_extraction/text.py, _word_ngrams.
func (w *analysis) phrases() {
	for n := w.min; n <= min(w.max, len(w.units)); n++ {
		for i := range len(w.units) - n + 1 {
			w.term = w.term[:0]
			for k, word := range w.units[i : i+n] {
				if k > 0 {
					w.term = append(w.term, ' ')
				}
				w.term = append(w.term, w.text[word.from:word.to]...)
			}
			w.found(w.term)
		}
	}
}

// collapse makes one space of white space that is longer than one character.
func (w *analysis) collapse() {
	w.spare = w.spare[:0]
	spaces, last := 0, 0
	flush := func(to int) {
		if spaces > 1 {
			w.spare = append(w.spare, ' ')
		} else {
			w.spare = append(w.spare, w.text[last:to]...)
		}
		spaces = 0
	}
	for i := 0; i < len(w.text); {
		c, n := utf8.DecodeRune(w.text[i:])
		if unicode.Is(unicodedata.Space, c) {
			if spaces == 0 {
				last = i
			}
			spaces++
		} else {
			if spaces > 0 {
				flush(i)
			}
			w.spare = append(w.spare, w.text[i:i+n]...)
		}
		i += n
	}
	if spaces > 0 {
		flush(len(w.text))
	}
	w.text, w.spare = w.spare, w.text
}

// split makes the characters of a text the units.
func (w *analysis) split(text []byte) {
	w.units = w.units[:0]
	for i := 0; i < len(text); {
		_, n := utf8.DecodeRune(text[i:])
		w.units = append(w.units, bounds{i, i + n})
		i += n
	}
}

// slices finds the n-grams of the characters of a text.
// Source: sklearn/feature_extraction/text.py, _char_ngrams.
func (w *analysis) slices(text []byte) {
	for n := w.min; n <= min(w.max, len(w.units)); n++ {
		for i := range len(w.units) - n + 1 {
			w.found(text[w.units[i].from:w.units[i+n-1].to])
		}
	}
}

// insideWords finds the n-grams of each word with a space on either side; a
// word that is shorter is found as it is, once.
// Source: sklearn/feature_extraction/text.py, _char_wb_ngrams.
func (w *analysis) insideWords() {
	for i := 0; i < len(w.text); {
		from := i
		c, n := utf8.DecodeRune(w.text[i:])
		for i < len(w.text) && !unicode.Is(unicodedata.Space, c) {
			i += n
			c, n = utf8.DecodeRune(w.text[i:])
		}
		if i > from {
			w.insideWord(w.text[from:i])
		}
		i += n
	}
}

func (w *analysis) insideWord(word []byte) {
	w.term = append(append(append(w.term[:0], ' '), word...), ' ')
	w.split(w.term)
	for n := w.min; n <= w.max; n++ {
		if n >= len(w.units) {
			w.found(w.term)
			return
		}
		for i := range len(w.units) - n + 1 {
			w.found(w.term[w.units[i].from:w.units[i+n-1].to])
		}
	}
}
