package linearmodel

import (
	"brine/functions/internal/frame"
	"brine/functions/internal/numpy"
	"brine/functions/internal/sklearn/estimator"
)

// regressor answers with its scores, or with the exponential of them.
type regressor struct {
	*linear
	logLink bool
}

func buildRegressor(o *estimator.Object) (estimator.Estimator, error) {
	l, err := openLinear(o)
	if err != nil {
		return nil, err
	}
	return &regressor{linear: l}, nil
}

// buildGLM builds a generalized linear model with the link of its fitted loss.
// Source: sklearn/linear_model/_glm/glm.py, _GeneralizedLinearRegressor.predict.
func buildGLM(o *estimator.Object) (estimator.Estimator, error) {
	l, err := openLinear(o)
	if err != nil {
		return nil, err
	}
	link := "_link_instance" // up to 1.0
	holder := o
	if o.Has("_base_loss") {
		link, holder = "link", o.Object("_base_loss")
	}
	if err := o.Err(); err != nil {
		return nil, err
	}
	inverse := holder.Object(link)
	if err := holder.Err(); err != nil {
		return nil, err
	}
	switch inverse.Name() {
	case "IdentityLink":
		return &regressor{linear: l}, nil
	case "LogLink":
		return &regressor{linear: l, logLink: true}, nil
	}
	return nil, inverse.Refuse("this link is not supported")
}

func (m *regressor) Outputs() int { return m.coef.Rows }

func (m *regressor) Predict(x *frame.Frame) ([]frame.Column, error) {
	out, err := m.scores(x)
	if err != nil {
		return nil, err
	}
	if !m.logLink {
		return out.Cols, nil
	}
	for _, c := range out.Cols {
		for r, v := range c.Num {
			c.Num[r] = numpy.Exp(v)
		}
	}
	return out.Cols, nil
}
