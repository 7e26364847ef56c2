package sklearn

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// TestCompatibility asks that COMPATIBILITY.md shows what the record holds.
func TestCompatibility(t *testing.T) {
	r := readRecord(t)
	shown, err := os.ReadFile(matrixFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if !*update && string(shown) != r.matrix(t) {
		t.Error("COMPATIBILITY.md is stale: run the tests of this package with -update")
	}
}

const matrixIntro = `# Compatibility

What became of the test cases of each class, by the version of scikit-learn that trained, stored and answered them.
The tests of functions/internal/sklearn write this file and testdata/compatibility.csv, which has each case by name, from their runs (` + "`-update`" + `).
They always run all cases of ` + reference + ` and a slice of each other version (testdata/versions), and fail when a result is not the one here; the rest is run after ` + "`make oracle-VERSION`" + ` has made it.

A case counts for the class that it is about, and for that of the whole model (Pipeline).

- **=** n: all n cases equal to the bit
- **≈** n: all n cases within [the bar of their family](#bars); k/n: k of them are equal to the bit
- **refused** n: n cases [refused](#refused-cases) when the model is opened, or at a row that scikit-learn itself answers differently from machine to machine
- **–**: not in that version of scikit-learn
- empty: no case

`

const barsIntro = `
## Bars

How near a case must come to scikit-learn's answer, in the prediction and in the probabilities and decision values that the model has. Labels are always equal.
A number is multiplied by the largest number of the answer, if that is above 1. Where the terms of a sum cancel each other out, scikit-learn's own answers differ from machine to machine and from one row to many, by the rounding of the largest terms:
there it is multiplied by the sum of their magnitudes. A row of which that leaves fewer than five digits of a kernel's sum, or four of a linear score, is refused; so is one whose prediction is
another when components of PCA, TruncatedSVD or PolynomialCountSketch that are nothing but rounding are rounded otherwise.

| prediction | probabilities | why | classes |
|---|---|---|---|
`

// matrix is the text of COMPATIBILITY.md.
func (r *record) matrix(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(matrixIntro)
	r.table(&b, false)
	b.WriteString("\n## Boosters\n\nOf the models that LightGBM and XGBoost dump through joblib, alone and within scikit-learn's.\n\n")
	r.table(&b, true)
	b.WriteString(barsIntro)
	r.bars(t, &b)
	r.refusedClasses(t, &b)
	r.refusals(&b)
	return b.String()
}

// table writes a row for each class that has cases, of scikit-learn's versions
// or of the boosters'.
func (r *record) table(b *strings.Builder, boosters bool) {
	versions := slices.DeleteFunc(slices.Clone(r.versions), func(v string) bool { return ofBooster(v) != boosters })
	b.WriteString("| class | " + strings.Join(versions, " | ") + " |\n|---|" + strings.Repeat("---|", len(versions)) + "\n")
	tallies := r.tallies()
	for _, class := range slices.Sorted(maps.Keys(tallies)) {
		var row string
		for _, v := range versions {
			row += tallies[class][v].cell()
		}
		if strings.Trim(row, " |") != "" {
			fmt.Fprintf(b, "| %s |%s\n", strings.TrimPrefix(class, "sklearn."), row)
		}
	}
	b.WriteString("| **all cases** |")
	for _, v := range versions {
		var sum tally
		for _, row := range r.rows {
			sum.add(row.verdicts[v])
		}
		b.WriteString(sum.cell())
	}
	b.WriteString("\n")
}

// tallies counts by class and version. A case counts for the class that it is
// about and for that of the whole model.
func (r *record) tallies() map[string]map[string]*tally {
	all := map[string]map[string]*tally{}
	for class := range registry {
		all[class] = map[string]*tally{}
		for _, v := range r.versions {
			all[class][v] = &tally{}
		}
	}
	for _, row := range r.rows {
		for _, class := range slices.Compact([]string{row.class, row.subject}) {
			for v, verdict := range row.verdicts {
				if all[class] != nil {
					all[class][v].add(verdict)
				}
			}
		}
	}
	return all
}

type tally struct{ equal, within, refused, absent int }

func (c *tally) add(verdict string) {
	switch {
	case verdict == equal:
		c.equal++
	case verdict == within:
		c.within++
	case strings.HasPrefix(verdict, refused):
		c.refused++
	case strings.HasPrefix(verdict, absent):
		c.absent++
	}
}

func (c *tally) cell() string {
	var parts []string
	switch {
	case c.within > 0 && c.equal > 0:
		parts = append(parts, fmt.Sprintf("≈ %d/%d", c.equal, c.equal+c.within))
	case c.within > 0:
		parts = append(parts, fmt.Sprintf("≈ %d", c.within))
	case c.equal > 0:
		parts = append(parts, fmt.Sprintf("= %d", c.equal))
	}
	if c.refused > 0 {
		parts = append(parts, fmt.Sprintf("refused %d", c.refused))
	}
	if len(parts) == 0 && c.absent > 0 {
		parts = append(parts, "–")
	}
	return " " + strings.Join(parts, ", ") + " |"
}

// bars writes the bars of all committed cases and the classes that they are about.
func (r *record) bars(t *testing.T, b *strings.Builder) {
	t.Helper()
	classes := map[string][]string{}
	for _, s := range append(suitesBelow(t, boosters, true), suites(t)[0]) {
		for _, name := range s.cases(t) {
			var c struct {
				Bar   any `json:"bar"`
				Proba any `json:"proba_bar"`
				Why   string
			}
			if err := json.Unmarshal(read(t, filepath.Join(s.folder, name), "case.json"), &c); err != nil {
				t.Fatal(err)
			}
			if c.Proba == nil {
				c.Proba = c.Bar
			}
			bar := fmt.Sprintf("| %v | %v | %s |", c.Bar, c.Proba, c.Why)
			if row := r.rows[s.key(name)]; row != nil {
				classes[bar] = append(classes[bar], strings.TrimPrefix(row.subject, "sklearn."))
			}
		}
	}
	for _, bar := range slices.Sorted(maps.Keys(classes)) {
		slices.Sort(classes[bar])
		fmt.Fprintf(b, "%s %s |\n", bar, strings.Join(slices.Compact(classes[bar]), ", "))
	}
}

// refusedClasses writes the classes that have no case: those that are refused
// whatever their attributes, by reason, and those within other classes' models.
func (r *record) refusedClasses(t *testing.T, b *strings.Builder) {
	t.Helper()
	tallies := r.tallies()
	reasons := map[string][]string{}
	var inner []string
	for class := range registry {
		if slices.ContainsFunc(slices.Collect(maps.Values(tallies[class])), func(c *tally) bool { return *c != tally{} }) {
			continue
		}
		name := strings.TrimPrefix(class, "sklearn.")
		if reason := classRefusal(class); reason != "" {
			reasons[reason] = append(reasons[reason], name)
		} else {
			inner = append(inner, name)
		}
	}
	b.WriteString("\n## Refused classes\n\n")
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		slices.Sort(reasons[reason])
		fmt.Fprintf(b, "- %s: %s\n", strings.Join(reasons[reason], ", "), reason)
	}
	slices.Sort(inner)
	fmt.Fprintf(b, "\nSupported, and shown within the cases of other classes: %s.\n", strings.Join(inner, ", "))
}

// classRefusal is why an instance without attributes is refused, and what to
// do; "" if that is only because it has none.
func classRefusal(class string) string {
	module, name, _ := cutLast(class)
	raw := &pickle.Object{Class: pickle.Global{Module: module, Name: name}, State: &pickle.Dict{}}
	_, err := estimator.Build(estimator.NewObject(raw, registry, 0))
	var e *job.Error
	if !errors.As(err, &e) || e.Hint == "" || strings.HasSuffix(e.Message, " is missing") {
		return ""
	}
	_, reason, _ := strings.Cut(err.Error(), "): ")
	return reason
}

// refusals writes the cases that are refused, and why.
func (r *record) refusals(b *strings.Builder) {
	b.WriteString("\n## Refused cases\n\n")
	for _, name := range slices.Sorted(maps.Keys(r.rows)) {
		versions := map[string][]string{} // by reason
		for _, v := range r.versions {
			if reason, ok := strings.CutPrefix(r.rows[name].verdicts[v], refused); ok {
				versions[reason] = append(versions[reason], v)
			}
		}
		for _, reason := range slices.Sorted(maps.Keys(versions)) {
			fmt.Fprintf(b, "- %s (%s): %s\n", name, strings.Join(versions[reason], ", "), reason)
		}
	}
}
