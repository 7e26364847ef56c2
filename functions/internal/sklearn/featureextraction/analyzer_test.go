package featureextraction

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// TestAnalyzers compares the terms of whole documents with those of
// scikit-learn's own analyzers.
func TestAnalyzers(t *testing.T) {
	file, err := os.Open("../../../../testdata/text/documents.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	type kind struct {
		Options string
		Pickle  []byte
	}
	var kinds []kind
	var terms []string
	var works []*analysis
	count := 0
	for lines.Scan() {
		var d struct {
			Analyzers []kind
			Text      string
			Analyzed  [][]string
		}
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		for _, k := range d.Analyzers { // the first line
			a, err := newAnalyzer(open(t, k.Pickle))
			if err != nil {
				t.Fatalf("%s: %v", k.Options, err)
			}
			kinds = append(kinds, k)
			works = append(works, a.begin(func(term []byte) { terms = append(terms, string(term)) }))
		}
		for i, want := range d.Analyzed {
			terms = nil
			works[i].analyze(d.Text)
			if !slices.Equal(terms, want) {
				t.Errorf("%s of %q: %q, want %q", kinds[i].Options, d.Text, terms, want)
			}
			count++
		}
	}
	if err := lines.Err(); err != nil || count == 0 {
		t.Fatalf("%d documents: %v", count, err)
	}
}

func open(t *testing.T, data []byte) *estimator.Object {
	t.Helper()
	file, err := pickle.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return estimator.NewObject(file.Root.(*pickle.Object), Classes, 0)
}
