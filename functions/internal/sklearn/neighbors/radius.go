package neighbors

import (
	"slices"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/numpy"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// ball is a RadiusNeighborsClassifier of any number of outputs.
// Source: sklearn/neighbors/_classification.py.
type ball struct {
	*search
	labels   []labels
	outliers []outlier // an output; nil refuses a row without neighbours
}

// outlier is the label of rows without neighbours.
type outlier struct {
	answers *frame.Classes // the classes, and the label if it is none of them
	class   int            // its index in answers
}

func newRadiusNeighborsClassifier(o *estimator.Object) (estimator.Estimator, error) {
	s, err := newSearch(o)
	if err != nil {
		return nil, err
	}
	if err := s.readRadius(o); err != nil {
		return nil, err
	}
	b := &ball{search: s}
	if b.labels, err = readLabels(o, s.index.size()); err != nil {
		return nil, err
	}
	if o.Has("outlier_label_") {
		if err := b.readOutliers(o); err != nil {
			return nil, err
		}
	}
	if o.Bool("outputs_2d_") || b.answersMore() {
		return b, nil
	}
	return &ballVoter{*b}, nil
}

// answersMore tells an outlier label that is none of the classes: then predict
// answers with more labels than predict_proba has columns.
func (b *ball) answersMore() bool {
	return b.outliers != nil && b.outliers[0].class == b.labels[0].classes.Len()
}

func (b *ball) readOutliers(o *estimator.Object) error {
	list := o.List("outlier_label_")
	if err := o.Err(); err != nil {
		return err
	}
	if len(list) != len(b.labels) {
		return o.Refuse("outlier_label_ has %d labels for %d outputs", len(list), len(b.labels))
	}
	for k, v := range list {
		label, err := estimator.ClassesOf(&pickle.Array{
			Dtype: pickle.Dtype{Kind: 'O'}, Shape: []int{1}, Objects: []any{v},
		})
		if err != nil {
			return o.Refuse("outlier_label_[%d]: %v", k, err)
		}
		b.outliers = append(b.outliers, newOutlier(b.labels[k].classes, label))
	}
	return nil
}

func newOutlier(classes, label *frame.Classes) outlier {
	find := func(text string) bool { return text == label.Text[0] }
	if classes.Num != nil && label.Num != nil {
		if i := slices.Index(classes.Num, label.Num[0]); i >= 0 {
			return outlier{classes, i}
		}
	} else if i := slices.IndexFunc(classes.Text, find); i >= 0 {
		return outlier{classes, i}
	}
	return outlier{&frame.Classes{
		Dtype: classes.Dtype,
		Text:  append(slices.Clone(classes.Text), label.Text[0]),
		Num:   append(slices.Clone(classes.Num), label.Num...),
	}, classes.Len()}
}

func (b *ball) noNeighbour(row int) *job.Error {
	return noNeighbour(row, b.radius, "Fit with a larger radius or an outlier_label, or leave such rows out")
}

func (b *ball) Inputs() []frame.Kind { return estimator.AllNumbers(b.features) }
func (b *ball) Outputs() int         { return len(b.labels) }

// Predict returns the class that has most votes within the radius, the first
// of several such; a row without neighbours has the outlier label, or is an error.
func (b *ball) Predict(x *frame.Frame) ([]frame.Column, error) {
	cols := make([]frame.Column, len(b.labels))
	votes := make([][]float64, len(b.labels))
	for k, l := range b.labels {
		cols[k] = x.LabelColumn(l.classes)
		if b.outliers != nil {
			cols[k].Classes = b.outliers[k].answers
		}
		votes[k] = x.Floats(l.classes.Len())
	}
	err := b.each(x, func(row int, f *found) error {
		if len(f.at) == 0 && b.outliers == nil {
			return b.noNeighbour(row)
		}
		for k, l := range b.labels {
			if len(f.at) == 0 {
				cols[k].Code[row] = int32(b.outliers[k].class)
				continue
			}
			l.probabilities(votes[k], f, b.byDistance)
			cols[k].Code[row] = int32(numpy.ArgMax(votes[k]))
		}
		return nil
	})
	return cols, err
}

// ballVoter is a RadiusNeighborsClassifier of a single output whose outlier
// label, if it has one, is one of the classes.
type ballVoter struct{ ball }

// Classes are classes_.
func (b *ballVoter) Classes() *frame.Classes { return b.labels[0].classes }

// PredictProba returns each class's share of the votes within the radius.
func (b *ballVoter) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	n := b.Classes().Len()
	all := x.Floats(x.Rows * n)
	err := b.each(x, func(row int, f *found) error {
		p := all[row*n : (row+1)*n]
		switch {
		case len(f.at) > 0:
			b.labels[0].probabilities(p, f, b.byDistance)
		case b.outliers == nil:
			return b.noNeighbour(row)
		default:
			p[b.outliers[0].class] = 1
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return x.Numbers(all, n), nil
}
