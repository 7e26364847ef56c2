package estimator

import (
	"errors"
	"fmt"
	"strconv"

	"brine/functions/internal/frame"
	"brine/functions/internal/pickle"
	"brine/functions/internal/python"
)

// ClassesOf reads an array of class labels. An object array must hold labels
// of one type.
func ClassesOf(a *pickle.Array) (*frame.Classes, error) {
	if len(a.Shape) != 1 {
		return nil, fmt.Errorf("must have one dimension, found shape %v", a.Shape)
	}
	switch a.Dtype.Kind {
	case 'i', 'u':
		ints, err := a.Ints()
		return IntClasses(ints...), err
	case 'b':
		ints, err := a.Ints()
		if err != nil {
			return nil, err
		}
		return boolClasses(ints), nil
	case 'f':
		floats, err := a.Floats()
		return floatClasses(floats, a.Dtype.Size), err
	case 'U':
		text, err := a.Strings()
		return &frame.Classes{Dtype: frame.Str, Text: text}, err
	case 'O':
		return objectClasses(a.Objects)
	}
	return nil, fmt.Errorf("class labels of numpy kind %q are not supported", a.Dtype.Kind)
}

// IntClasses are whole-number labels, such as cluster numbers or -1 and 1.
func IntClasses(labels ...int64) *frame.Classes {
	c := &frame.Classes{Dtype: frame.Int}
	for _, v := range labels {
		c.Text = append(c.Text, strconv.FormatInt(v, 10))
		c.Num = append(c.Num, float64(v))
	}
	return c
}

func boolClasses(labels []int64) *frame.Classes {
	c := &frame.Classes{Dtype: frame.Bool}
	for _, v := range labels {
		c.Text = append(c.Text, python.Bool(v != 0))
		c.Num = append(c.Num, float64(v))
	}
	return c
}

func floatClasses(labels []float64, size int) *frame.Classes {
	c := &frame.Classes{Dtype: frame.Float, Num: labels}
	for _, v := range labels {
		c.Text = append(c.Text, string(python.AppendFloat(nil, v, 8*size)))
	}
	return c
}

func objectClasses(labels []any) (*frame.Classes, error) {
	var c frame.Classes
	for i, v := range labels {
		var dtype frame.Dtype
		var text string
		switch v := v.(type) {
		case string:
			dtype, text = frame.Str, v
		case bool:
			dtype, text = frame.Bool, python.Bool(v)
		case int64:
			dtype, text = frame.Int, strconv.FormatInt(v, 10)
		case float64:
			dtype, text = frame.Float, string(python.AppendFloat(nil, v, 64))
		default:
			return nil, fmt.Errorf("class label %d is %s, which is not supported", i, Describe(v))
		}
		if i > 0 && dtype != c.Dtype {
			return nil, errors.New("class labels of several types are not supported")
		}
		c.Dtype, c.Text = dtype, append(c.Text, text)
		if num, ok := Number(v); ok {
			c.Num = append(c.Num, num)
		}
	}
	return &c, nil
}
