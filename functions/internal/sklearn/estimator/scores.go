package estimator

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
)

// ArgMax labels each row with the class whose column holds its largest number,
// the first of equals. scores has a Number column a class.
func ArgMax(scores *frame.Frame, classes *frame.Classes) frame.Column {
	label := scores.LabelColumn(classes)
	row := scores.Floats(len(scores.Cols))
	for r := range label.Code {
		gather(row, scores, r)
		label.Code[r] = int32(numpy.ArgMax(row))
	}
	return label
}

// Lead is the decision that scores of two classes make: how far the second is
// ahead. Scores of more classes stay as they are.
func Lead(scores *frame.Frame) *frame.Frame {
	if len(scores.Cols) != 2 {
		return scores
	}
	ahead := scores.NumberColumn("")
	for r := range ahead.Num {
		ahead.Num[r] = scores.Cols[1].Num[r] - scores.Cols[0].Num[r]
	}
	return scores.With([]frame.Column{ahead})
}

// Shift adds to the one column of f, in place. An outlier detector's
// decision_function is its score_samples less its offset. Only for a frame whose
// column the caller has made.
func Shift(f *frame.Frame, by float64) *frame.Frame {
	for r := range f.Cols[0].Num {
		f.Cols[0].Num[r] += by
	}
	return f
}

// Over labels each row with the second class where its number is over the
// threshold, else with the first.
func Over(threshold float64, x *frame.Frame, numbers []float64, classes *frame.Classes) frame.Column {
	label := x.LabelColumn(classes)
	for r, v := range numbers {
		if v > threshold {
			label.Code[r] = 1
		}
	}
	return label
}

// WithComplement puts a column 1 - p in front of the one column p: the
// probabilities of two classes from that of the second.
func WithComplement(p *frame.Frame) *frame.Frame {
	rest := p.NumberColumn("")
	for r, v := range p.Cols[0].Num {
		rest.Num[r] = 1 - v
	}
	return p.With([]frame.Column{rest, p.Cols[0]})
}

// EachRow changes the rows of a frame of Number columns in place. Only for a
// frame whose columns the caller has made.
func EachRow(f *frame.Frame, change func(row []float64)) {
	row := f.Floats(len(f.Cols))
	for r := range f.Rows {
		gather(row, f, r)
		change(row)
		for c := range f.Cols {
			f.Cols[c].Num[r] = row[c]
		}
	}
}

func gather(row []float64, f *frame.Frame, r int) {
	for c := range row {
		row[c] = f.Cols[c].Num[r]
	}
}

// Numbers are the cells of a predicted column as numbers: those that its
// labels are, if it has labels. ok is false where they are text.
func Numbers(x *frame.Frame, c frame.Column) (cells []float64, ok bool) {
	if c.Kind == frame.Number {
		return c.Num, true
	}
	if c.Classes.Num == nil {
		return nil, false
	}
	cells = x.Floats(len(c.Code))
	for r, code := range c.Code {
		cells[r] = c.Classes.Num[code]
	}
	return cells, true
}
