package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"brine/functions/internal/sklearn/estimator"
)

const testdata = "../../testdata"

// run calls the command line and returns what it printed.
func run(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := command()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&errs)
	err = cmd.ExecuteContext(t.Context())
	return out.String(), errs.String(), err
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestPredict(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.csv")
	model, data := filepath.Join(testdata, "sample/house-prices/model.pkl"), filepath.Join(testdata, "sample/house-prices.csv")
	want := read(t, filepath.Join(testdata, "sample/expected.csv"))
	for range 2 { // the second time over the first result
		_, stderr, err := run(t, "predict", model, data, "-o", out)
		if err != nil || !strings.Contains(stderr, "1000 predictions by sklearn.pipeline.Pipeline in "+out) {
			t.Fatalf("%v: %s", err, stderr)
		}
		if !bytes.Equal(read(t, out), want) {
			t.Fatal("another result than scikit-learn's")
		}
	}
	if _, _, err := run(t, "predict", model, data, "-o", out, "--column", "price"); err != nil {
		t.Fatal(err)
	}
	if renamed := bytes.Replace(want, []byte(",prediction\n"), []byte(",price\n"), 1); !bytes.Equal(read(t, out), renamed) {
		t.Error("--column changes more than the header")
	}
	if _, _, err := run(t, "predict", model, data, "-o", out+".gz"); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(read(t, out+".gz")))
	if err != nil {
		t.Fatal(err)
	}
	var plain bytes.Buffer
	if _, err := plain.ReadFrom(z); err != nil || !bytes.Equal(plain.Bytes(), want) {
		t.Errorf("%v, or another result in the gzip", err)
	}
}

func TestPredictFeatures(t *testing.T) {
	dir := filepath.Join(testdata, "models/linear-regression-unnamed")
	model, data, out := filepath.Join(dir, "model.pkl"), filepath.Join(dir, "data.csv"), filepath.Join(t.TempDir(), "out.csv")
	_, _, err := run(t, "predict", model, data, "-o", out)
	if err == nil || !strings.Contains(err.Error(), "fitted without feature names. Name its 6 feature columns") {
		t.Errorf("without --features: %v", err)
	}
	_, _, err = run(t, "predict", model, data, "-o", out, "--features", "bedrooms")
	if err == nil || !strings.Contains(err.Error(), "the model expects 6 features, not 1") {
		t.Errorf("with one feature: %v", err)
	}
	if _, _, err = run(t, "predict", model, data, "-o", out, "--features", "Living area,bedrooms,bathrooms,Year built,Lot size (acres),quality"); err != nil {
		t.Error(err)
	}
}

// TestPredictRefused: nothing is left where the result would have been.
func TestPredictRefused(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.csv")
	if err := os.WriteFile(bad, []byte("Living area,bedrooms,bathrooms,Year built,Lot size (acres),quality\n1,2,x,4,5,6\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	model := filepath.Join(testdata, "models/linear-regression/model.pkl")
	out := filepath.Join(dir, "out.csv")
	for want, args := range map[string][]string{
		`row 1, column "bathrooms", value "x": not a number`: {model, bad, "-o", out},
		"Data file not found: ":                              {model, filepath.Join(dir, "none.csv"), "-o", out},
		"Model file not found: ":                             {filepath.Join(dir, "none.pkl"), bad, "-o", out},
		"is not a file":                                      {dir, bad, "-o", out},
		"would overwrite the data":                           {model, bad, "-o", bad},
		"cannot write":                                       {model, filepath.Join(testdata, "models/linear-regression/data.csv"), "-o", filepath.Join(dir, "no/folder.csv")},
		`required flag(s) "output" not set`:                  {model, bad},
		"accepts 2 arg(s), received 1":                       {model, "-o", out},
		"--features names \"a\" twice":                       {model, bad, "-o", out, "--features", "a,a"},
	} {
		if _, _, err := run(t, append([]string{"predict"}, args...)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left: %v, %v", entries, err)
	}
}

// TestPredictOverwrites: what is written is none of the files that are read, nor
// the same file twice, whatever it is called.
func TestPredictOverwrites(t *testing.T) {
	model := read(t, filepath.Join(testdata, "models/linear-regression/model.pkl"))
	t.Chdir(t.TempDir())
	const data = "Living area,bedrooms,bathrooms,Year built,Lot size (acres),quality\n1500,2,1,1990,0.5,5\n1,2,x,4,5,6\n"
	files := map[string][]byte{"model.pkl": model, "data.csv": []byte(data), "new.csv.rejects.csv": []byte(data)}
	for name, content := range files {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"link.csv": "data.csv", "again": dir, "twice.csv.rejects.csv": filepath.Join(dir, "twice.csv")} {
		if err := os.Symlink(to, from); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link("data.csv", "hard.csv"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		data, out, want string
	}{
		{"data.csv", "data.csv", "the result data.csv would overwrite the data data.csv: they are the same file. Name another file for the result"},
		{"data.csv", "./data.csv", "the result ./data.csv would overwrite the data data.csv"},
		{"data.csv", dir + "/data.csv", "would overwrite the data data.csv"},
		{"data.csv", "again/data.csv", "would overwrite the data data.csv"},
		{"data.csv", "link.csv", "would overwrite the data data.csv"},
		{"link.csv", "data.csv", "would overwrite the data link.csv"},
		{"data.csv", "hard.csv", "would overwrite the data data.csv"},
		{"data.csv", "./model.pkl", "the result ./model.pkl would overwrite the model model.pkl"},
		{"new.csv.rejects.csv", "./new.csv", "the rejects ./new.csv.rejects.csv would overwrite the data new.csv.rejects.csv"},
		{"data.csv", "twice.csv", "the rejects twice.csv.rejects.csv would overwrite the result twice.csv"},
	} {
		_, _, err := run(t, "predict", "model.pkl", c.data, "-o", c.out, "--on-error", "reject", "--max-error-rate", "1")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("-o %s: got %v, want %s", c.out, err, c.want)
		}
	}
	for name, content := range files {
		if !bytes.Equal(read(t, name), content) {
			t.Errorf("%s has been overwritten", name)
		}
	}
	// Rows that are not rejected are not written anywhere.
	if _, _, err := run(t, "predict", "model.pkl", "new.csv.rejects.csv", "-o", "new.csv"); err == nil || !strings.Contains(err.Error(), "not a number") {
		t.Errorf("got %v", err)
	}
}

// TestPredictReject: bad rows are left out and told beside the result.
func TestPredictReject(t *testing.T) {
	dir := t.TempDir()
	model, data, out := filepath.Join(testdata, "models/linear-regression/model.pkl"), filepath.Join(dir, "data.csv"), filepath.Join(dir, "out.csv")
	if err := os.WriteFile(data, []byte("Living area,bedrooms,bathrooms,Year built,Lot size (acres),quality\n1500,2,1,1990,0.5,5\n1,2,x,4,5,6\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := run(t, "predict", model, data, "-o", out, "--on-error", "reject")
	if err == nil || !strings.Contains(err.Error(), "1 of 2 rows cannot be predicted (50 %), more than max_error_rate 0.01 allows") {
		t.Errorf("got %v", err)
	}
	_, stderr, err := run(t, "predict", model, data, "-o", out, "--on-error", "reject", "--max-error-rate", "0.5")
	if err != nil || !strings.Contains(stderr, "1 predictions by sklearn.linear_model.LinearRegression in "+out) || !strings.Contains(stderr, "1 of 2 rows were rejected: "+out+".rejects.csv") {
		t.Errorf("%v: %s", err, stderr)
	}
	want := "line,byte_offset,column,value,reason,rejected_record\n3,87,bathrooms,x,not a number,\"1,2,x,4,5,6\"\n"
	if got := read(t, out+".rejects.csv"); string(got) != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if _, _, err := run(t, "predict", model, data, "-o", out, "--on-error", "skip"); err == nil || !strings.Contains(err.Error(), `on_error must be "fail" or "reject", found "skip"`) {
		t.Errorf("got %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("left: %v, %v", entries, err)
	}
}

func TestInspect(t *testing.T) {
	model := filepath.Join(testdata, "sample/house-prices/model.pkl")
	text, _, err := run(t, "inspect", model)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"sklearn.pipeline.Pipeline (scikit-learn 1.3.0)", "supported: yes", "GradientBoostingRegressor", "Neighborhood (text)", "nothing was run", "sklearn.impute._base.SimpleImputer"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	text, _, err = run(t, "inspect", model, "--json")
	if err != nil {
		t.Fatal(err)
	}
	var in struct {
		Model struct {
			Class   string
			Verdict struct{ Engines []estimator.Note }
		}
		Globals []any
	}
	if err := json.Unmarshal([]byte(text), &in); err != nil || in.Model.Class != "sklearn.pipeline.Pipeline" || len(in.Globals) < 10 {
		t.Errorf("%v in %s", err, text)
	}
	want := []estimator.Note{{Place: "Pipeline.steps[1]", How: "60 trees, 900 nodes: all splits at once, by masks of leaves"}}
	if got := in.Model.Verdict.Engines; !slices.Equal(got, want) {
		t.Errorf("its engines are %+v, want %+v", got, want)
	}
}

// TestInspectHostile: what a file would have run is told, not run.
func TestInspectHostile(t *testing.T) {
	dir := t.TempDir()
	owned, model := filepath.Join(dir, "owned"), filepath.Join(dir, "model.pkl")
	if err := os.WriteFile(model, []byte("cposix\nsystem\n(S'touch "+owned+"'\ntR."), 0o600); err != nil {
		t.Fatal(err)
	}
	text, _, err := run(t, "inspect", model)
	if err != nil || !strings.Contains(text, "refused:") || !strings.Contains(text, "posix.system") {
		t.Errorf("%v: %s", err, text)
	}
	if _, err := os.Stat(owned); err == nil {
		t.Error("it was run")
	}
}
