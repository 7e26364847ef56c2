package sklearn

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// transformCase is a line of testdata/transformers.jsonl.
type transformCase struct {
	Name   string
	Model  []byte
	Names  []string
	Cells  [][]*string // by column; nil is a missing value
	Bar    any         // "equal", or a distance
	Answer [][]any
	Error  string
	Absent string // why this version of scikit-learn has no such transformer
}

// TestTransformers compares every transformer with scikit-learn's own answer.
func TestTransformers(t *testing.T) {
	for _, s := range suites(t) {
		s.each(t, func(t *testing.T) {
			all := results{}
			for _, c := range s.transformerCases(t) {
				t.Run(c.Name, func(t *testing.T) { all.note(t, c.Name, c.run(t, s)) })
			}
			all.settle(t, s, "transformer")
		})
	}
}

// transformerCases may be none in a slice.
func (s suite) transformerCases(t *testing.T) []transformCase {
	t.Helper()
	file, err := os.Open(s.transformers)
	if errors.Is(err, fs.ErrNotExist) && s.committed && s.version != reference {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	var all []transformCase
	for lines.Scan() {
		var c transformCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if err := lines.Err(); err != nil || len(all) == 0 {
		t.Fatalf("%d cases: %v", len(all), err)
	}
	return all
}

// run answers one case. Only the reference may not be refused.
func (c *transformCase) run(t *testing.T, s suite) result {
	t.Helper()
	if c.Absent != "" {
		return result{verdict: absent + c.Absent}
	}
	decoded, err := pickle.Decode(c.Model)
	if err != nil {
		t.Fatal(err)
	}
	root := estimator.NewObject(decoded.Root.(*pickle.Object), registry, 0)
	r := result{class: root.Class(), subject: subject(root)}
	transformer, err := estimator.BuildTransformer(root)
	if err != nil {
		if s.version == reference {
			t.Fatal(err)
		}
		r.verdict = refused + err.Error()
		return r
	}
	names := c.Names
	if estimator.SelectsByName(transformer) {
		names = featureNames(root)
	}
	got, err := transformer.Transform(c.frame(t, transformer.Inputs(), names))
	if c.Error != "" {
		c.wantError(t, err)
		r.verdict = equal
		return r
	}
	if err != nil {
		t.Fatal(err)
	}
	r.verdict = nearness(c.compare(t, got))
	return r
}

// frame reads the cells in the kinds that the transformer wants.
func (c *transformCase) frame(t *testing.T, kinds []frame.Kind, names []string) *frame.Frame {
	if len(kinds) != len(names) {
		t.Fatalf("reads %d columns, want %d", len(kinds), len(names))
	}
	x := frame.New(len(c.Cells[0]), nil)
	for i, kind := range kinds {
		if kind == frame.Any {
			kind = frame.Number
		}
		col := frame.Column{Name: names[i], Kind: kind}
		if kind != frame.Unused {
			for _, cell := range c.Cells[slices.Index(c.Names, names[i])] {
				if kind == frame.Number {
					col.Num = append(col.Num, parsed(t, cell))
					continue
				}
				col.Missing = append(col.Missing, cell == nil)
				if cell == nil {
					cell = new(string)
				}
				col.Text = append(col.Text, *cell)
			}
		}
		x.Cols = append(x.Cols, col)
	}
	return x
}

func parsed(t *testing.T, cell *string) float64 {
	switch {
	case cell == nil:
		return math.NaN()
	case *cell == "True":
		return 1
	case *cell == "False":
		return 0
	}
	v, err := strconv.ParseFloat(*cell, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// wantError asks for a ValidationError that names row and column, and for
// scikit-learn's words about categories.
func (c *transformCase) wantError(t *testing.T, err error) {
	e, ok := err.(*job.Error)
	if !ok || e.Type != job.ValidationError || e.Row == 0 || !slices.Contains(c.Names, e.Column) {
		t.Fatalf("error %#v, want one with row and column for: %s", err, c.Error)
	}
	if strings.Contains(c.Error, "categories") && !strings.Contains(e.Message, c.Error) {
		t.Fatalf("error %q, want %q", e.Message, c.Error)
	}
}

// compare asks that all cells are within the bar, and says whether they are
// equal to the bit.
func (c *transformCase) compare(t *testing.T, got *frame.Frame) (toTheBit bool) {
	t.Helper()
	toTheBit = true
	if len(got.Cols) != len(c.Answer[0]) {
		t.Fatalf("%d columns, want %d", len(got.Cols), len(c.Answer[0]))
	}
	largest := 1.0
	for _, row := range c.Answer {
		for _, v := range row {
			if f, ok := v.(float64); ok {
				largest = max(largest, math.Abs(f))
			}
		}
	}
	for r, row := range c.Answer {
		for i, want := range row {
			if !near(&got.Cols[i], r, want, c.distance()*largest) {
				t.Fatalf("row %d, column %d: %s, want %v", r+1, i, shown(&got.Cols[i], r), want)
			}
			toTheBit = toTheBit && near(&got.Cols[i], r, want, 0)
		}
	}
	return toTheBit
}

// distance is the bar as a number.
func (c *transformCase) distance() float64 {
	distance, _ := c.Bar.(float64)
	return distance
}

func near(col *frame.Column, r int, want any, distance float64) bool {
	if col.Kind == frame.Text {
		missing := col.Missing != nil && col.Missing[r]
		return missing && want == nil || !missing && want == col.Text[r]
	}
	v := col.Num[r]
	w, ok := want.(float64)
	if !ok {
		return want == nil && v != v
	}
	return v == w || math.Abs(v-w) <= distance
}

func shown(col *frame.Column, r int) string {
	if col.Kind == frame.Text {
		return col.Text[r]
	}
	return strconv.FormatFloat(col.Num[r], 'g', -1, 64)
}

// TestWarnedUnknown: what handle_unknown="warn" does with an unknown category has
// changed in 1.8.
func TestWarnedUnknown(t *testing.T) {
	for version, want := range map[string]float64{"1.7.2": 0, "1.8.0": 2} {
		file := decoded(t, "one-hot-encoder-infrequent")
		setOn(t, step(file, 0), "handle_unknown", "warn")
		setOn(t, step(file, 0), "_sklearn_version", version)
		m, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		x := frame.New(1, nil)
		for range m.inputs {
			c := x.TextColumn("")
			c.Text[0] = "never seen"
			x.Cols = append(x.Cols, c)
		}
		columns, err := m.Predict(x)
		if err != nil {
			t.Fatal(err)
		}
		ones := 0.0
		for _, c := range columns {
			ones += c.Num[0]
		}
		if ones != want {
			t.Errorf("%s: %v infrequent columns are set, want %v", version, ones, want)
		}
	}
}
