package estimator

import "brine/functions/internal/frame"

// Behind is an estimator that predicts as last does with what first made of the
// table, and transforms as whole does. It has those of Classes, PredictProba,
// Decision and ScoreSamples that last has. classes, if not nil, are what last stands for
// with its own. The caller has checked that last takes the columns of first.
func Behind(first Transformer, last Predictor, whole Transformer, classes *frame.Classes) Estimator {
	p := predictBehind{whole, first, last, classes}
	decider, decides := last.(Decider)
	d := decideBehind{first, last, decider}
	classifier, classifies := last.(Classifier)
	if classifies && classes == nil {
		p.classes = classifier.Classes()
	}
	c := classifyBehind{p}
	prober, probes := last.(Prober)
	pr := probeBehind{first, prober}
	scorer, scores := last.(Scorer)
	s := scoreBehind{first, last, scorer}
	switch {
	case probes && scores: // a mixture
		return struct {
			classifyBehind
			probeBehind
			scoreBehind
		}{c, pr, s}
	case decides && scores: // an outlier detector
		return struct {
			predictBehind
			decideBehind
			scoreBehind
		}{p, d, s}
	case probes && decides:
		return struct {
			classifyBehind
			probeBehind
			decideBehind
		}{c, pr, d}
	case probes:
		return struct {
			classifyBehind
			probeBehind
		}{c, pr}
	case classifies && decides:
		return struct {
			classifyBehind
			decideBehind
		}{c, d}
	case classifies:
		return c
	case decides:
		return struct {
			predictBehind
			decideBehind
		}{p, d}
	}
	return p
}

type predictBehind struct {
	Transformer
	first   Transformer
	last    Predictor
	classes *frame.Classes // nil unless last is a Classifier
}

func (p predictBehind) SelectsByName() bool { return SelectsByName(p.Transformer) }

func (p predictBehind) TakesSparse() bool { return TakesSparse(p.Transformer) }

func (p predictBehind) Outputs() int { return p.last.Outputs() }

func (p predictBehind) Predict(x *frame.Frame) ([]frame.Column, error) {
	x, err := p.first.Transform(x)
	if err != nil {
		return nil, err
	}
	columns, err := Predict(p.last, x)
	if err != nil || p.classes == nil {
		return columns, err
	}
	label := columns[0]
	label.Classes = p.classes
	return []frame.Column{label}, nil
}

type classifyBehind struct{ predictBehind }

func (c classifyBehind) Classes() *frame.Classes { return c.classes }

type probeBehind struct {
	first Transformer
	last  Prober
}

func (p probeBehind) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	return behind(p.first, p.last, x, p.last.PredictProba)
}

type decideBehind struct {
	first   Transformer
	last    Estimator
	decider Decider // the same
}

func (d decideBehind) Decision(x *frame.Frame) (*frame.Frame, error) {
	return behind(d.first, d.last, x, d.decider.Decision)
}

type scoreBehind struct {
	first  Transformer
	last   Estimator
	scorer Scorer // the same
}

func (s scoreBehind) ScoreSamples(x *frame.Frame) (*frame.Frame, error) {
	return behind(s.first, s.last, x, s.scorer.ScoreSamples)
}

// behind gives what first makes of x to a method of last.
func behind(first Transformer, last Estimator, x *frame.Frame, method func(*frame.Frame) (*frame.Frame, error)) (*frame.Frame, error) {
	x, err := first.Transform(x)
	if err != nil {
		return nil, err
	}
	return settled(last, x, method)
}
