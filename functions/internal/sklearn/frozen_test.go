package sklearn

import (
	"encoding/base64"
	"math"
	"slices"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// frozenModel is, by scikit-learn 1.7.2 and joblib's zlib,
// FrozenEstimator(LogisticRegression().fit(x, [0, 0, 1, 0, 1, 1, 0, 1])) with x the table below.
const frozenModel = "" +
	"eNptlEmT0zgYhp00q6HZ1waGtSFsnulmawZmAjTQgCGA2MQqZFuJDY6d11ZgmoIq5tAN4UoVJ05wo/gVnX/ClQv/ACTFgaJAB0n+JL/P+0mf" +
	"/bzs5w9jwbPEqWfpE5E4rDfap81wKpdRk8s0s2Ht/B+lZyhX6HzLskR/AQPfFeIoUSNrpoGIHRanjUht8u3zxYSIRibyPEoTG7OU2OxnmFOh" +
	"c5VYSyQ8lpOYS8vqKR7FPDpLTYI2jzG/QwfUXKYx7Inq0MFPn9eP76UlFRrHgonqF8s0Oqi6eiRZlEiR+aIlsfAlXaqC3wMs97ly2MCgW6IL" +
	"1Yof8zxnj0XUCCUW1Uws40mQNlkuuRRYXKNzVCxP40ciwxI6W5vz6o0cS+k8NW/y/1ik1LHMDegCHWjHMmJGF8uprVMQrUz4SizACpOqUvLS" +
	"XGCla5kNj3lmcJnEqo7BJexB6uVYXTOMeIRlXEYp1tRMOnXBZTsTLOFNkatsGdb6SbvZmnSYn2bCMRZ4lvFJmylymuQya/vSxlBvm50EvVWs" +
	"c60prPfVa4Hwc1skemJjgzlbD38YM7FiJyPYOI1NBJtfYAvB1opbcstT2FYIBnKypd4bNnd3cQzbOy9fYAdBpeIOGK2n2Fmr1c59Vc10blVi" +
	"l9e5i90Vs86xp2DuFRKORxeZUygy7SX5p1s2x2HOVsXwVzgUmgxGQmVrlGBfYWt/2HMSjeGAdnKQ4FDfyVGM/ezEkjjsdcINdIn1o5WKEX+H" +
	"Ku8jBEcl/vHM7SXmvhn+7dOrmn6M4Liml6Zwok/fj3FNP0lwStHDX7mnDVeXuS4DTGjWGYKzEuc8U2l+KuoMbp90XpMuENQMyS1P42LBqo/h" +
	"kmZdJiC/Z10xrFVqb3nmVTMYdLpvqzMfJobXzrzrvu9+rOKqpl8juC5xwzN1+eOzAe1buKkt3CK4XSR7JyRaV1f+cPf15j3dN2us7nPc1WL3" +
	"CJjEfc+cLCv+EExVv/7+wU2GI84hZxRe2wt5qHrnG7tjcWQ="

func TestFrozen(t *testing.T) {
	data, err := base64.StdEncoding.DecodeString(frozenModel)
	if err != nil {
		t.Fatal(err)
	}
	file, err := pickle.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if m.Class != "sklearn.frozen.FrozenEstimator" || !slices.Equal(m.Names(), []string{"a", "b"}) {
		t.Errorf("%s of the features %v", m.Class, m.Names())
	}
	x := frame.New(8, nil).With([]frame.Column{
		{Name: "a", Num: []float64{0, 1, 2, 3, 4, 5, 6, 7}},
		{Name: "b", Num: []float64{1, 0, 1, 0, 1, 1, 0, 0}},
	})
	proba, err := m.predictor.(estimator.Prober).PredictProba(x)
	if err != nil {
		t.Fatal(err)
	}
	// scikit-learn's own
	want := []float64{
		0.24799395417767042, 0.1719575978285068, 0.443068374345212, 0.3337673321095151,
		0.6574392262415654, 0.7487984132360977, 0.6524299635725731, 0.7446061238067074,
	}
	for r, w := range want {
		if got := proba.Cols[1].Num[r]; math.Abs(got-w) > 1e-15 {
			t.Errorf("row %d: %v, want %v", r+1, got, w)
		}
	}
}
