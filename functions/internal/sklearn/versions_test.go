package sklearn

import (
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

var (
	update   = flag.Bool("update", false, "write testdata/compatibility.csv and COMPATIBILITY.md anew from what runs")
	versions = flag.String("versions", "", "a folder of further cases: a folder for each scikit-learn version, as testdata/oracle/make.py --out makes it")
)

const (
	testdata  = "../../../testdata"
	models    = testdata + "/models"
	reference = "1.3.0" // the version that has all cases, committed
)

// suite is the cases of one scikit-learn version.
type suite struct {
	version, folder, transformers string
	committed                     bool
}

// suites are the reference, the committed slices of other versions, and those
// that -versions names.
func suites(t *testing.T) []suite {
	t.Helper()
	all := []suite{{reference, models, filepath.Join(testdata, "transformers.jsonl"), true}}
	all = append(all, suitesBelow(t, filepath.Join(testdata, "versions"), true)...)
	if *versions != "" {
		all = append(all, suitesBelow(t, *versions, false)...)
	}
	return all
}

func suitesBelow(t *testing.T, folder string, committed bool) []suite {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) == 0 {
		t.Fatalf("no version in %s (%v)", folder, err)
	}
	var below []suite
	for _, e := range entries {
		at := filepath.Join(folder, e.Name())
		below = append(below, suite{e.Name(), at, filepath.Join(at, "transformers.jsonl"), committed})
	}
	return below
}

// key is what the record calls a case: a booster's with the package in front.
func (s suite) key(name string) string {
	if booster, _, ok := strings.Cut(s.version, "-"); ok {
		return booster + " " + name
	}
	return name
}

// each runs a suite as subtests: those of the reference by their own names.
func (s suite) each(t *testing.T, run func(t *testing.T)) {
	t.Helper()
	if s.version == reference {
		run(t)
		return
	}
	name := s.version
	if s.committed {
		name += " slice"
	}
	t.Run(name, run)
}

// cases are the folders of the suite.
func (s suite) cases(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	if len(names) == 0 {
		t.Fatalf("no case in %s", s.folder)
	}
	return names
}

// absent are the cases that this version of scikit-learn cannot have, and why.
func (s suite) absent(t *testing.T) results {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.folder, "absent.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return results{}
	}
	reasons := map[string]string{}
	if err == nil {
		err = json.Unmarshal(data, &reasons)
	}
	if err != nil {
		t.Fatal(err)
	}
	all := results{}
	for name, reason := range reasons {
		if reason == "" {
			t.Errorf("%s could not be made, and nobody knows why", name)
		}
		all[name] = result{verdict: absent + reason}
	}
	return all
}

// results are what became of the cases of a suite, by name.
type results map[string]result

// result is what became of a case: equal, within, or the reason after refused
// or absent.
type result struct {
	class   string // of the model
	subject string // what the case is about, if that is another class
	verdict string
}

const (
	equal   = "equal"
	within  = "within"
	refused = "refused: "
	absent  = "absent: "
)

func nearness(toTheBit bool) string {
	if toTheBit {
		return equal
	}
	return within
}

// subject is the class that a model is there to show: of a pipeline the last
// step, or the last but one in front of a regression that only passes on.
func subject(root *estimator.Object) string {
	if root.Class() != "sklearn.pipeline.Pipeline" {
		return root.Class()
	}
	steps := root.List("steps")
	for at := len(steps) - 1; at >= 0; at-- {
		step, err := root.Child(steps[at].(pickle.Tuple)[1], "")
		if err == nil && !passesOn(step) {
			return subject(step)
		}
	}
	return root.Class()
}

// passesOn tells a LinearRegression that multiplies by one.
func passesOn(o *estimator.Object) bool {
	if o.Class() != "sklearn.linear_model.LinearRegression" {
		return false
	}
	coef := o.Array("coef_")
	data, err := coef.Floats()
	n := coef.Shape[len(coef.Shape)-1]
	if err != nil || len(data) != n*n {
		return false
	}
	for i, v := range data {
		if one := i%(n+1) == 0; one && v != 1 || !one && v != 0 {
			return false
		}
	}
	return true
}

// TestSubject shows both ends of a pipeline.
func TestSubject(t *testing.T) {
	for name, want := range map[string]string{
		"svc-scaled":     "sklearn.svm.SVC",
		"min-max-scaler": "sklearn.preprocessing.MinMaxScaler",
		"ridge":          "sklearn.linear_model.Ridge",
	} {
		file, err := pickle.Decode(read(t, filepath.Join(models, name), "model.pkl"))
		if err != nil {
			t.Fatal(err)
		}
		if got := subject(estimator.NewObject(file.Root.(*pickle.Object), registry, 0)); got != want {
			t.Errorf("%s is about %s, want %s", name, got, want)
		}
	}
}

// TestSlices asks that each further version is among the committed cases.
func TestSlices(t *testing.T) {
	var have []string
	for _, s := range suitesBelow(t, filepath.Join(testdata, "versions"), true) {
		have = append(have, s.version+".txt")
	}
	pinned, err := filepath.Glob(filepath.Join(testdata, "oracle", "versions", "[0-9]*.txt"))
	if err != nil || len(pinned) == 0 {
		t.Fatalf("no requirements (%v)", err)
	}
	for _, p := range pinned {
		if !slices.Contains(have, filepath.Base(p)) {
			t.Errorf("no committed case of %s", filepath.Base(p))
		}
	}
}
