package neuralnetwork

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/sklearn/estimator"
)

// classifier has one unit for two classes, or one a class.
// Source: sklearn/neural_network/_multilayer_perceptron.py, MLPClassifier;
// sklearn/preprocessing/_label.py, LabelBinarizer.inverse_transform.
type classifier struct {
	*perceptron
	classes *frame.Classes
}

func buildClassifier(o *estimator.Object) (estimator.Estimator, error) {
	p, err := openPerceptron(o)
	if err != nil {
		return nil, err
	}
	binarizer := o.Object("_label_binarizer")
	if err := o.Err(); err != nil {
		return nil, err
	}
	target, classes := binarizer.Str("y_type_"), binarizer.Classes("classes_")
	sparse := binarizer.Bool("sparse_input_")
	if err := binarizer.Err(); err != nil {
		return nil, err
	}
	if sparse {
		return nil, o.Refuse("was fitted with a sparse target and answers with a sparse matrix, which is not supported")
	}
	want := classes.Len()
	switch target {
	case "binary":
		if want != 2 {
			return nil, o.Refuse("a single class is not supported")
		}
		want = 1
	case "multiclass", "multilabel-indicator":
	default:
		return nil, o.Refuse("a target of type %q is not supported", target)
	}
	if p.units() != want {
		return nil, o.Refuse("has %d outputs for %d classes", p.units(), classes.Len())
	}
	if target == "multilabel-indicator" {
		return &multiLabel{perceptron: p, classes: estimator.IntClasses(0, 1)}, nil
	}
	return &classifier{perceptron: p, classes: classes}, nil
}

func (c *classifier) Outputs() int            { return 1 }
func (c *classifier) Classes() *frame.Classes { return c.classes }

func (c *classifier) Predict(x *frame.Frame) ([]frame.Column, error) {
	out, err := c.forward(x)
	if err != nil {
		return nil, err
	}
	if len(out.Cols) == 1 {
		return []frame.Column{estimator.Over(0.5, x, out.Cols[0].Num, c.classes)}, nil
	}
	return []frame.Column{estimator.ArgMax(out, c.classes)}, nil
}

func (c *classifier) PredictProba(x *frame.Frame) (*frame.Frame, error) {
	out, err := c.forward(x)
	if err != nil {
		return nil, err
	}
	if len(out.Cols) > 1 {
		return out, nil
	}
	return estimator.WithComplement(out), nil
}

// multiLabel answers 0 or 1 for each label.
type multiLabel struct {
	*perceptron
	classes *frame.Classes
}

func (m *multiLabel) Outputs() int { return m.units() }

func (m *multiLabel) Predict(x *frame.Frame) ([]frame.Column, error) {
	out, err := m.forward(x)
	if err != nil {
		return nil, err
	}
	labels := make([]frame.Column, len(out.Cols))
	for k, c := range out.Cols {
		labels[k] = estimator.Over(0.5, x, c.Num, m.classes)
	}
	return labels, nil
}
