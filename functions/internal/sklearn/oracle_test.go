package sklearn

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/python"
	"brine/functions/internal/sklearn/estimator"
)

// TestOracle compares every row of every case with scikit-learn's own answer,
// which testdata/oracle wrote. It does so in blocks of several sizes, whose
// numbers must not differ in a bit.
func TestOracle(t *testing.T) {
	for _, s := range suites(t) {
		s.each(t, func(t *testing.T) {
			all := s.absent(t)
			for _, name := range s.cases(t) {
				t.Run(name, func(t *testing.T) { all.note(t, name, s.run(t, name)) })
			}
			all.settle(t, s, "model")
		})
	}
}

// run answers one case. Only the reference may not be refused.
func (s suite) run(t *testing.T, name string) result {
	t.Helper()
	o, err := openOracle(t, filepath.Join(s.folder, name))
	r := result{class: o.root.Class(), subject: subject(o.root)}
	if r.class != o.Class {
		t.Errorf("class is %s, want %s", r.class, o.Class)
	}
	if err != nil {
		if s.version == reference {
			t.Fatal(err)
		}
		r.verdict = refused + err.Error()
		return r
	}
	got, err := o.answer(t, len(o.data))
	if err != nil {
		if s.version == reference {
			t.Fatal(err)
		}
		r.verdict = refused + err.Error()
		return r
	}
	r.verdict = nearness(o.compare(t, got))
	for _, size := range []int{1, 7} {
		blocks, err := o.answer(t, size)
		if err != nil {
			t.Fatal(err)
		}
		requireSame(t, got, blocks, size)
	}
	return r
}

// oracle is one case: a model, rows and scikit-learn's answer.
type oracle struct {
	Class    string   `json:"class"`
	Names    []string `json:"features"`
	Bar      bar      `json:"bar"`
	ProbaBar *bar     `json:"proba_bar"`
	Scale    float64  `json:"scale"` // of the terms that cancel, 0 where none do

	root     *estimator.Object
	model    *Model
	features []Feature
	header   []string
	data     [][]string // rows of cells
	expected []answer
}

// answer is a column of an answer. Labels have no numbers.
type answer struct {
	name    string
	text    []string
	numbers []float64
}

// bar is how near a number must come: equal to the bit, or within a distance
// that is multiplied by the largest number of the answer, if above 1, or by
// the case's own scale, if that is larger.
type bar struct {
	equal    bool
	distance float64
}

func (b *bar) UnmarshalJSON(data []byte) error {
	if string(data) == `"equal"` {
		b.equal = true
		return nil
	}
	return json.Unmarshal(data, &b.distance)
}

// openOracle reads a case. The error says that the model is refused.
func openOracle(t *testing.T, folder string) (*oracle, error) {
	t.Helper()
	o := &oracle{}
	if err := json.Unmarshal(read(t, folder, "case.json"), o); err != nil {
		t.Fatal(err)
	}
	data := read(t, folder, "model.pkl")
	file, err := pickle.Decode(slices.Clone(data))
	if err != nil {
		t.Fatal(err)
	}
	o.root = estimator.NewObject(file.Root.(*pickle.Object), registry, 0)
	if file, err = pickle.Decode(data); err != nil {
		t.Fatal(err)
	}
	o.model, err = Open(file)
	clear(data) // a model keeps no part of its file
	if err != nil {
		return o, err
	}
	if o.features, err = o.model.Bind(o.Names, nil); err != nil {
		t.Fatal(err)
	}
	o.header, o.data = records(t, read(t, folder, "data.csv"))
	names, rows := records(t, read(t, folder, "expected.csv"))
	if len(rows) < 20 || len(rows) != len(o.data) {
		t.Fatalf("%d rows are expected of %d; a case has 20 or more", len(rows), len(o.data))
	}
	for c, name := range names {
		o.expected = append(o.expected, answer{name: name, text: column(rows, c)})
	}
	return o, nil
}

func read(t *testing.T, folder, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func records(t *testing.T, data []byte) (header []string, rows [][]string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("not a table: %v", err)
	}
	return all[0], all[1:]
}

func column(rows [][]string, c int) []string {
	cells := make([]string, len(rows))
	for r := range rows {
		cells[r] = rows[r][c]
	}
	return cells
}

// answer predicts the data in blocks of size rows.
func (o *oracle) answer(t *testing.T, size int) (all []answer, err error) {
	t.Helper()
	mem := new(frame.Arena)
	for rows := range slices.Chunk(o.data, size) {
		mem.Reset()
		block, err := ask(o.model, o.frame(t, rows, mem))
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = block
			continue
		}
		for c := range all {
			all[c].text = append(all[c].text, block[c].text...)
			all[c].numbers = append(all[c].numbers, block[c].numbers...)
		}
	}
	return all, nil
}

// frame holds the features of some rows as pandas would read them.
func (o *oracle) frame(t *testing.T, rows [][]string, mem *frame.Arena) *frame.Frame {
	t.Helper()
	x := frame.New(len(rows), mem)
	for _, f := range o.features {
		col := frame.Column{Name: f.Name, Kind: f.Kind}
		at := slices.Index(o.header, f.Name)
		if at < 0 && f.Kind != frame.Unused {
			t.Fatalf("no column %q", f.Name)
		}
		switch f.Kind {
		case frame.Number:
			col = x.NumberColumn(f.Name)
			for r, row := range rows {
				col.Num[r] = number(t, row[at])
				col.Narrow = col.Narrow || row[at] == "True" || row[at] == "False"
			}
		case frame.Text:
			col.Text, col.Missing = column(rows, at), make([]bool, len(rows))
			for r, cell := range col.Text {
				col.Missing[r] = missing(cell)
			}
		}
		x.Cols = append(x.Cols, col)
	}
	return x
}

func number(t *testing.T, cell string) float64 {
	t.Helper()
	switch {
	case missing(cell):
		return math.NaN()
	case cell == "True":
		return 1
	case cell == "False":
		return 0
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// missing tells pandas' default na_values.
func missing(cell string) bool {
	return slices.Contains([]string{
		"", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
		"<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
	}, cell)
}

// ask returns the prediction and, of a model with one output, the
// probabilities, decision values and scores that it offers: those that scikit-learn does.
func ask(m *Model, x *frame.Frame) ([]answer, error) {
	cols, err := m.Predict(x)
	if err != nil {
		return nil, err
	}
	if len(cols) == 1 {
		return askMore(m, x, answerOf("prediction", cols[0]))
	}
	return numbered(nil, "prediction", cols), nil
}

func askMore(m *Model, x *frame.Frame, prediction answer) ([]answer, error) {
	all := []answer{prediction}
	if p, ok := m.predictor.(estimator.Prober); ok {
		f, err := p.PredictProba(x)
		if err != nil {
			return nil, err
		}
		all = numbered(all, "proba", f.Cols)
	}
	if d, ok := m.predictor.(estimator.Decider); ok {
		f, err := d.Decision(x)
		if err != nil {
			return nil, err
		}
		all = numbered(all, "decision", f.Cols)
	}
	if s, ok := m.predictor.(estimator.Scorer); ok {
		f, err := s.ScoreSamples(x)
		if err != nil {
			return nil, err
		}
		all = numbered(all, "score", f.Cols)
	}
	return all, nil
}

func numbered(all []answer, name string, cols []frame.Column) []answer {
	for i, col := range cols {
		all = append(all, answerOf(fmt.Sprintf("%s_%d", name, i), col))
	}
	return all
}

// answerOf copies a column: its frame's memory is used again.
func answerOf(name string, col frame.Column) answer {
	a := answer{name: name, numbers: slices.Clone(col.Num)}
	bits := 64
	if col.Single {
		bits = 32
	}
	for _, v := range col.Num {
		a.text = append(a.text, string(python.AppendFloat(nil, v, bits)))
	}
	for _, code := range col.Code {
		a.text = append(a.text, col.Classes.Text[code])
	}
	return a
}

// compare reports an error for each column that is further from the expected
// one than its bar allows, and whether all are equal to the bit.
func (o *oracle) compare(t *testing.T, got []answer) (toTheBit bool) {
	t.Helper()
	toTheBit = true
	for _, group := range []string{"prediction", "proba", "decision", "score"} {
		want, have := only(o.expected, group), only(got, group)
		if len(want) != len(have) {
			t.Errorf("%d columns of %s, want %d", len(have), group, len(want))
			continue
		}
		b := o.Bar
		if group == "proba" && o.ProbaBar != nil {
			b = *o.ProbaBar
		}
		b.distance *= max(scale(want), o.Scale)
		for i := range want {
			toTheBit = slices.Equal(want[i].text, have[i].text) && toTheBit
			if err := b.hold(want[i], have[i]); err != nil {
				t.Error(err)
			}
		}
	}
	return toTheBit
}

func only(all []answer, group string) []answer {
	return slices.Collect(func(yield func(answer) bool) {
		for _, a := range all {
			if name, _, _ := strings.Cut(a.name, "_"); name == group && !yield(a) {
				return
			}
		}
	})
}

// scale is the largest number of an answer, at least 1.
func scale(all []answer) float64 {
	largest := 1.0
	for _, a := range all {
		for _, cell := range a.text {
			if v, err := strconv.ParseFloat(cell, 64); err == nil {
				largest = max(largest, math.Abs(v))
			}
		}
	}
	return largest
}

// hold says how many rows do not keep the bar, and names the first.
func (b bar) hold(want, got answer) error {
	if want.name != got.name || len(want.text) != len(got.text) {
		return fmt.Errorf("%d rows of %s, want %d of %s", len(got.text), got.name, len(want.text), want.name)
	}
	wrong, first := 0, 0
	for r := range want.text {
		if !b.near(want.text[r], got, r) {
			if wrong == 0 {
				first = r
			}
			wrong++
		}
	}
	if wrong == 0 {
		return nil
	}
	return fmt.Errorf("%s: %d of %d rows differ; row %d is %s, want %s",
		got.name, wrong, len(want.text), first+1, got.text[first], want.text[first])
}

// near compares as text, or as numbers of the same type within the distance.
func (b bar) near(want string, got answer, r int) bool {
	if want == got.text[r] {
		return true
	}
	if b.equal || got.numbers == nil {
		return false
	}
	v, err := strconv.ParseFloat(want, 64)
	isFloat := err == nil && string(python.AppendFloat(nil, v, 64)) == want
	return isFloat && math.Abs(v-got.numbers[r]) <= b.distance
}

// requireSame compares two answers to the bit.
func requireSame(t *testing.T, whole, blocks []answer, size int) {
	t.Helper()
	for c := range whole {
		for r := range whole[c].text {
			if whole[c].text[r] != blocks[c].text[r] {
				t.Errorf("%s, row %d: %s in one block, %s in blocks of %d",
					whole[c].name, r+1, whole[c].text[r], blocks[c].text[r], size)
				return
			}
		}
	}
}
