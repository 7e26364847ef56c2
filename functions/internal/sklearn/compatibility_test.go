package sklearn

import (
	"bytes"
	"cmp"
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
	if err := os.WriteFile(matrixFile, []byte(r.matrix(t)), 0o644); err != nil {
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
			if ofBooster(a) || ofBooster(b) { // behind scikit-learn
				return cmp.Or(cmp.Compare(strings.Count(a, "-"), strings.Count(b, "-")), cmp.Compare(a, b))
			}
			return slices.Compare(numbersOf(a), numbersOf(b))
		})
	}
	if slice := s.committed && s.version != reference && test != "booster"; !slice {
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

// ofBooster tells the version of a package other than scikit-learn, which has
// the package's name in front.
func ofBooster(version string) bool { return strings.Contains(version, "-") }
