package sklearn

import (
	"encoding/json"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
)

var boosters = filepath.Join(testdata, "boosters")

// TestBoosters is TestOracle for the models of LightGBM and XGBoost, none of
// which may be refused.
func TestBoosters(t *testing.T) {
	for _, s := range suitesBelow(t, boosters, true) {
		t.Run(s.version, func(t *testing.T) {
			all := results{}
			for _, name := range s.cases(t) {
				t.Run(name, func(t *testing.T) {
					r := s.run(t, name)
					if strings.HasPrefix(r.verdict, refused) {
						t.Error(r.verdict)
					}
					all.note(t, s.key(name), r)
				})
			}
			all.settle(t, s, "booster")
		})
	}
}

func decodedBooster(t *testing.T, name string) *pickle.File {
	t.Helper()
	file, err := pickle.Decode(read(t, filepath.Join(boosters, name), "model.pkl"))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestBoosterCast: which float32 a large whole number becomes, its float64 may
// leave open. LightGBM 4 takes float64.
func TestBoosterCast(t *testing.T) {
	for name, refused := range map[string]bool{
		"lightgbm-3.3.5/binary": true, "lightgbm-4.7.0/binary": false,
		"xgboost-1.7.6/binary": true, "xgboost-3.2.0/binary": true, "xgboost-3.2.0/absolute-error": true,
	} {
		m, err := Open(decodedBooster(t, name))
		if err != nil {
			t.Fatal(err)
		}
		x := ones(m)
		x.Cols[1].Name, x.Cols[1].Num[0] = "second", 1<<60+1<<36
		_, err = m.Predict(x)
		e, ok := err.(*job.Error)
		if refused && (!ok || e.Row != 1 || e.Column != "second") || !refused && err != nil {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// TestBoosterRefusals changes a good model in one place.
func TestBoosterRefusals(t *testing.T) {
	callable := pickle.Global{Module: "__main__", Name: "mine"}
	const old, new, x = "lightgbm-3.3.5/", "lightgbm-4.7.0/", "xgboost-3.2.0/"
	for _, test := range []struct {
		model, attribute string
		was, is          any // strings are exchanged in the attribute's text
		want             string
	}{
		{new + "binary", "_Booster._handle", "is_linear=0", "is_linear=1", "linear models in its leaves"},
		{new + "binary", "_Booster._handle", "version=v4", "version=v5", `version "v5"`},
		{new + "binary", "_Booster._handle", "objective=binary sigmoid:1", "objective=lambdarank", `objective "lambdarank"`},
		{new + "binary", "_Booster._handle", "objective=binary sigmoid:1\n", "", "no objective"},
		{new + "binary", "_Booster._handle", "left_child=1", "left_child=0", "do not form a tree"},
		{new + "binary", "_Booster._handle", "split_feature=0", "split_feature=6", "feature 6 of 6"},
		{new + "binary", "_Booster._handle", "decision_type=2", "decision_type=14", "decision_type 14"},
		{new + "binary", "_Booster._handle", "end of trees", "", "no end of its trees"},
		{new + "codes-gaps", "_Booster._handle", "cat_boundaries=0", "cat_boundaries=9", "set of categories from 9"},
		{new + "categories", "_Booster._handle", "[categorical_feature: 6,7]", "[categorical_feature: 6]", "dtype category"},
		{new + "binary", "_objective", nil, callable, "needs Python"},
		{old + "binary", "_n_features", nil, int64(5), "has 5 features"},
		{new + "binary", "_classes", nil, &pickle.Array{Dtype: pickle.Dtype{Kind: 'O'}, Shape: []int{1}, Objects: []any{"x"}}, "has 1 classes"},
		{x + "binary", "_Booster.handle", "binary:logistic", "binary:mystical", `objective "binary:mystical"`},
		{x + "binary", "_Booster.handle", "gbtree", "gblive", "booster gblive"},
		{x + "binary", "n_classes_", nil, int64(3), "has 3 classes"},
		{x + "binary", "objective", nil, callable, "needs Python"},
		{x + "binary", "_Booster.handle", nil, "binf", "must be bytes"},
		{x + "binary", "_Booster.handle", nil, []byte("{L"), "at byte"},
	} {
		t.Run(test.model+" "+test.want, func(t *testing.T) {
			file := decodedBooster(t, test.model)
			value := test.is
			if was, ok := test.was.(string); ok {
				value = exchange(t, attributeOf(t, file, test.attribute), was, test.is.(string))
			}
			set(t, file, test.attribute, value)
			_, err := Open(file)
			wantInvalid(t, err, test.want)
		})
	}
}

func attributeOf(t *testing.T, file *pickle.File, path string) any {
	t.Helper()
	v := file.Root
	for _, name := range strings.Split(path, ".") {
		v, _ = v.(*pickle.Object).Attr(name)
	}
	return v
}

func exchange(t *testing.T, v any, was, is string) any {
	t.Helper()
	s, text := v.(string)
	if !text {
		s = string(v.([]byte))
	}
	if !strings.Contains(s, was) {
		t.Fatalf("the model has no %q", was)
	}
	if s = strings.ReplaceAll(s, was, is); text {
		return s
	}
	return []byte(s)
}

// TestDamagedBoosters opens models with a few bytes changed, each of which must
// be refused or answer.
func TestDamagedBoosters(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, model := range []string{
		"lightgbm-3.3.5/multiclass-gaps", "lightgbm-4.7.0/codes-gaps", "xgboost-1.7.6/dart", "xgboost-3.2.0/codes-gaps",
	} {
		name := "_Booster.handle"
		if strings.HasPrefix(model, "lightgbm-4") {
			name = "_Booster._handle"
		}
		good := attributeOf(t, decodedBooster(t, model), name)
		refused := 0
		for range 300 {
			file := decodedBooster(t, model)
			set(t, file, name, damaged(r, good))
			m, err := Open(file)
			if err != nil {
				refused++
				if strings.Contains(err.Error(), "attributes do not fit together") {
					t.Errorf("%s: %v", model, err)
				}
				continue
			}
			x := frame.New(1, nil)
			for range m.inputs {
				x.Cols = append(x.Cols, x.NumberColumn(""))
			}
			if _, err := m.Predict(x); err != nil {
				t.Errorf("%s: %v", model, err)
			}
		}
		if refused < 30 {
			t.Errorf("%s: %d of 300 damaged models are refused", model, refused)
		}
	}
}

// damaged changes, takes out or cuts off some bytes.
func damaged(r *rand.Rand, v any) any {
	s, text := v.(string)
	b := []byte(s)
	if !text {
		b = append(b, v.([]byte)...)
	}
	for range 1 + r.IntN(8) {
		at := r.IntN(len(b))
		switch r.IntN(6) {
		case 0:
			b = append(b[:at:at], b[min(len(b), at+1+r.IntN(9)):]...)
		case 1:
			b[at] = byte(r.Uint32())
		case 2:
			b[at] = '-'
		default:
			b[at] ^= 1 << r.IntN(8)
		}
	}
	if text {
		return string(b)
	}
	return b
}

// TestCatBoost is refused by name, wherever it sits.
func TestCatBoost(t *testing.T) {
	file := &pickle.File{Root: &pickle.Object{Class: pickle.Global{Module: "catboost.core", Name: "CatBoostClassifier"}}}
	_, err := Open(file)
	wantInvalid(t, err, "CatBoost models are not supported")
}

// TestXGBoostWithin refuses what scikit-learn computes in float32.
func TestXGBoostWithin(t *testing.T) {
	file := decodedBooster(t, "xgboost-3.2.0/voting")
	voting := file.Root.(*pickle.Object)
	members, _ := voting.Attr("estimators_")
	list := members.(*pickle.List)
	list.Items = list.Items[:1]
	_, err := Open(file)
	wantInvalid(t, err, "computes in float32")

	file = decodedBooster(t, "xgboost-3.2.0/search")
	file.Root.(*pickle.Object).Class.Name = "TunedThresholdClassifierCV"
	if _, err := Open(file); err == nil {
		t.Error("opened")
	}
}

// TestNamesWithSpaces: LightGBM keeps underscores, and takes either, as the
// table has them.
func TestNamesWithSpaces(t *testing.T) {
	m, err := Open(decodedBooster(t, "lightgbm-4.7.0/binary"))
	if err != nil {
		t.Fatal(err)
	}
	var c struct{ Features []string }
	if err := json.Unmarshal(read(t, filepath.Join(boosters, "lightgbm-4.7.0/binary"), "case.json"), &c); err != nil {
		t.Fatal(err)
	}
	if m.names[1] != "Monthly_charges" || c.Features[1] != "Monthly charges" {
		t.Fatalf("the names are %v, in the table %v", m.names, c.Features)
	}
	twice := append([]string{"Monthly_charges"}, c.Features...)
	for _, test := range []struct {
		columns, header []string
		want            string // the second name, "" where it is not told
	}{
		{nil, nil, "Monthly_charges"},
		{nil, m.names, "Monthly_charges"},
		{nil, append([]string{"customerID"}, c.Features...), "Monthly charges"},
		{m.names, c.Features, "Monthly_charges"},
		{c.Features, c.Features, "Monthly charges"},
		{c.Features, twice, "Monthly charges"},
		{nil, twice, ""},
	} {
		features, err := m.Bind(test.columns, test.header)
		if test.want == "" {
			wantInvalid(t, err, "stands for more than one column: Monthly_charges, Monthly charges")
		} else if err != nil || features[1].Name != test.want {
			t.Errorf("%v becomes %v (%v), want %s", test.columns, features, err, test.want)
		}
	}
	if _, err := m.Bind([]string{"Monthly charges", "tenure", "Total charges", "Support calls", "Senior citizen", "Paperless"}, nil); err == nil {
		t.Error("took another order")
	}
}
