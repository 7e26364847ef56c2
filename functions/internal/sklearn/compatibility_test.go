package sklearn

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const matrixFile = "../../../COMPATIBILITY.md"

// record is testdata/compatibility.csv: what became of every case in every
// version when it was last run with -update.
type record struct {
	versions []string
	rows     map[string]*recordRow
}

type recordRow struct {
	test, class, subject string
	verdicts             map[string]string // by version; none where no such case was made
}

var recordHead = []string{"case", "test", "class", "subject"}

func recordFile() string { return filepath.Join(testdata, "compatibility.csv") }

func readRecord(t *testing.T) *record {
	t.Helper()
	r := &record{rows: map[string]*recordRow{}}
	data, err := os.ReadFile(recordFile())
	if os.IsNotExist(err) && *update {
		return r
	}
	if err != nil {
		t.Fatal(err)
	}
	head, rows := records(t, data)
	r.versions = head[len(recordHead):]
	for _, cells := range rows {
		row := &recordRow{cells[1], cells[2], cells[3], map[string]string{}}
		for i, v := range r.versions {
			if cell := cells[len(recordHead)+i]; cell != "" {
				row.verdicts[v] = cell
			}
		}
		r.rows[cells[0]] = row
	}
	return r
}

func (r *record) write(t *testing.T) {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(append(slices.Clone(recordHead), r.versions...))
	for _, name := range slices.Sorted(maps.Keys(r.rows)) {
		row := r.rows[name]
		cells := []string{name, row.test, row.class, row.subject}
		for _, v := range r.versions {
			cells = append(cells, row.verdicts[v])
		}
		w.Write(cells)
	}
	w.Flush()
	if err := os.WriteFile(recordFile(), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(matrixFile, []byte(r.matrix()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// note keeps the result of a case that has not failed.
func (all results) note(t *testing.T, name string, r result) {
	if !t.Failed() {
		all[name] = r
	}
}

// settle compares the results of a suite with the record, or with -update puts
// them there. test names the kind of case.
func (all results) settle(t *testing.T, s suite, test string) {
	t.Helper()
	r := readRecord(t)
	if *update && !t.Failed() {
		r.put(s, test, all)
		r.write(t)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		known := ""
		if row, ok := r.rows[name]; ok {
			known = row.verdicts[s.version]
		}
		if got := all[name].verdict; !s.agree(known, got) {
			t.Errorf("testdata/compatibility.csv is stale: of %s in %s it says %q, now it is %q; run this test with -update",
				name, s.version, known, got)
		}
	}
}

// agree says whether a verdict is that of the record. Answers that another
// machine made anew, or that are calculated on one, may differ in the last bit.
func (s suite) agree(known, got string) bool {
	exactly := s.committed && runtime.GOARCH == "amd64"
	ran := []string{equal, within}
	return known == got || !exactly && slices.Contains(ran, known) && slices.Contains(ran, got)
}

// put takes the results of a suite; those of a whole suite replace what was known of its version.
func (r *record) put(s suite, test string, all results) {
	if !slices.Contains(r.versions, s.version) {
		r.versions = append(r.versions, s.version)
		slices.SortFunc(r.versions, func(a, b string) int {
			return slices.Compare(numbersOf(a), numbersOf(b))
		})
	}
	if s.version == reference || !s.committed {
		for name, row := range r.rows {
			if row.test == test {
				delete(row.verdicts, s.version)
			}
			if len(row.verdicts) == 0 {
				delete(r.rows, name)
			}
		}
	}
	for name, got := range all {
		row, ok := r.rows[name]
		if !ok {
			row = &recordRow{test: test, verdicts: map[string]string{}}
			r.rows[name] = row
		}
		if got.class != "" {
			row.class, row.subject = got.class, got.subject
		}
		row.verdicts[s.version] = got.verdict
	}
}

func numbersOf(version string) []int {
	var n [3]int
	fmt.Sscanf(version, "%d.%d.%d", &n[0], &n[1], &n[2])
	return n[:]
}

// TestCompatibility asks that COMPATIBILITY.md shows what the record holds.
func TestCompatibility(t *testing.T) {
	r := readRecord(t)
	shown, err := os.ReadFile(matrixFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if !*update && string(shown) != r.matrix() {
		t.Error("COMPATIBILITY.md is stale: run the tests of this package with -update")
	}
}

const matrixIntro = `# Compatibility

What became of the test cases of each class, by the version of scikit-learn that trained, stored and answered them.
The tests of functions/internal/sklearn write this file and testdata/compatibility.csv, which has each case by name, from their runs (` + "`-update`" + `).
They always run all cases of ` + reference + ` and a slice of each other version (testdata/versions), and fail when a result is not the one here; the rest is run after ` + "`make oracle-VERSION`" + ` has made it.

A case counts for the class that it is about, and for that of the whole model (Pipeline).

- **=** n: all n cases equal to the bit
- **≈** n: all n cases within the bar of their family (testdata/oracle/case.py); k/n: k of them are equal to the bit
- **refused** n: n cases refused when the model is opened, or at a row that scikit-learn itself answers differently from machine to machine; the reasons are below
- **–**: not in that version of scikit-learn
- empty: no case

`

// matrix is the text of COMPATIBILITY.md.
func (r *record) matrix() string {
	var b strings.Builder
	b.WriteString(matrixIntro)
	b.WriteString("| class | " + strings.Join(r.versions, " | ") + " |\n|---|" + strings.Repeat("---|", len(r.versions)) + "\n")
	tallies := r.tallies()
	for _, class := range slices.Sorted(maps.Keys(tallies)) {
		fmt.Fprintf(&b, "| %s |", strings.TrimPrefix(class, "sklearn."))
		for _, v := range r.versions {
			b.WriteString(tallies[class][v].cell())
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "| **all cases** |")
	for _, v := range r.versions {
		var sum tally
		for _, row := range r.rows {
			sum.add(row.verdicts[v])
		}
		b.WriteString(sum.cell())
	}
	b.WriteString("\n")
	b.WriteString(r.refusals())
	return b.String()
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

// refusals lists the cases that are refused, and why.
func (r *record) refusals() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.rows)) {
		versions := map[string][]string{} // by reason
		for _, v := range r.versions {
			if reason, ok := strings.CutPrefix(r.rows[name].verdicts[v], refused); ok {
				versions[reason] = append(versions[reason], v)
			}
		}
		for _, reason := range slices.Sorted(maps.Keys(versions)) {
			fmt.Fprintf(&b, "- %s (%s): %s\n", name, strings.Join(versions[reason], ", "), reason)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n## Refused\n\n" + b.String()
}
