package sklearn

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// refusedClasses are those of the reference that can never be predicted with,
// and words of the reason that is given.
var refusedClasses = map[string]string{
	"sklearn.cluster.AgglomerativeClustering":      "has no predict",
	"sklearn.cluster.DBSCAN":                       "has no predict",
	"sklearn.cluster.HDBSCAN":                      "has no predict",
	"sklearn.cluster.OPTICS":                       "has no predict",
	"sklearn.cluster.SpectralBiclustering":         "has no predict",
	"sklearn.cluster.SpectralClustering":           "has no predict",
	"sklearn.cluster.SpectralCoclustering":         "has no predict",
	"sklearn.covariance.EmpiricalCovariance":       "has no predict",
	"sklearn.covariance.GraphicalLasso":            "has no predict",
	"sklearn.covariance.GraphicalLassoCV":          "has no predict",
	"sklearn.covariance.LedoitWolf":                "has no predict",
	"sklearn.covariance.MinCovDet":                 "has no predict",
	"sklearn.covariance.OAS":                       "has no predict",
	"sklearn.covariance.ShrunkCovariance":          "has no predict",
	"sklearn.decomposition.MiniBatchNMF":           "all rows of a table together",
	"sklearn.decomposition.NMF":                    "all rows of a table together",
	"sklearn.feature_extraction.DictVectorizer":    "reads dicts",
	"sklearn.feature_extraction.FeatureHasher":     "reads dicts, pairs",
	"sklearn.feature_extraction.PatchExtractor":    "reads images",
	"sklearn.manifold.MDS":                         "has no predict",
	"sklearn.manifold.SpectralEmbedding":           "has no predict",
	"sklearn.manifold.TSNE":                        "has no predict",
	"sklearn.neighbors.KNeighborsTransformer":      "graph of distances",
	"sklearn.neighbors.KernelDensity":              "has no predict",
	"sklearn.neighbors.NearestNeighbors":           "has no predict",
	"sklearn.neighbors.RadiusNeighborsTransformer": "graph of distances",
	"sklearn.preprocessing.LabelBinarizer":         "the labels y",
	"sklearn.preprocessing.LabelEncoder":           "the labels y",
	"sklearn.preprocessing.MultiLabelBinarizer":    "the labels y",
}

// TestEveryClass asks that each class of the reference is refused with its own
// reason, or has a case and is built.
func TestEveryClass(t *testing.T) {
	shown := shownClasses(t)
	lines := strings.Fields(strings.ReplaceAll(string(read(t, testdata, "estimators.txt")), " ", ","))
	if len(lines) < 200 {
		t.Fatalf("only %d classes", len(lines))
	}
	for _, line := range lines {
		class, methods, _ := strings.Cut(line, ",")
		reason, refused := refusedClasses[class]
		switch {
		case refused:
			requireRefusal(t, class, reason)
			if predicts := methods != ""; predicts && reason == "has no predict" {
				t.Errorf("%s has %s", class, methods)
			}
		case registry[class] == nil:
			t.Errorf("%s is neither supported nor refused with a reason", class)
		case !shown[class]:
			t.Errorf("%s has no case", class)
		}
	}
}

// TestNewerClasses: classes that came after the reference are refused like its own.
func TestNewerClasses(t *testing.T) {
	for class, reason := range map[string]string{
		"sklearn.manifold.ClassicalMDS":                      "has no predict",
		"sklearn.model_selection.FixedThresholdClassifier":   "a threshold of its own",
		"sklearn.model_selection.TunedThresholdClassifierCV": "a threshold of its own",
	} {
		requireRefusal(t, class, reason)
	}
}

// requireRefusal builds an instance that has no attributes: a refusal of the
// class looks at none.
func requireRefusal(t *testing.T, class, reason string) {
	t.Helper()
	module, name, _ := cutLast(class)
	raw := &pickle.Object{Class: pickle.Global{Module: module, Name: name}, State: &pickle.Dict{}}
	_, err := estimator.Build(estimator.NewObject(raw, registry, 0))
	var e *job.Error
	if !errors.As(err, &e) || !strings.Contains(e.Message, reason) || !strings.Contains(e.Message, "("+class+")") || e.Hint == "" {
		t.Errorf("%s: the error is %v, want a refusal that says %q and what to do", class, err, reason)
	}
}

func cutLast(class string) (module, name string, ok bool) {
	at := strings.LastIndex(class, ".")
	return class[:at], class[at+1:], at >= 0
}

// shownClasses are all that the reference's cases hold.
func shownClasses(t *testing.T) map[string]bool {
	t.Helper()
	shown := map[string]bool{}
	add := func(data []byte) {
		file, err := pickle.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range file.Globals {
			shown[estimator.PublicName(g)] = true
		}
	}
	s := suites(t)[0]
	for _, name := range s.cases(t) {
		add(read(t, filepath.Join(s.folder, name), "model.pkl"))
	}
	for _, c := range s.transformerCases(t) {
		add(c.Model)
	}
	return shown
}
