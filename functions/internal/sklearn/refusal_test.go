package sklearn

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"

	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
)

// refusal is an attribute of a good model that, changed to value, has it
// refused with want.
type refusal struct {
	model, attribute string // a dot leads into an object
	value            any
	want             string
}

// refuses changes one attribute at a time of what of finds in a model.
func refuses(t *testing.T, of func(file *pickle.File) *pickle.Object, tests []refusal) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.model+" "+test.attribute, func(t *testing.T) {
			file := decoded(t, test.model)
			setOn(t, of(file), test.attribute, test.value)
			_, err := Open(file)
			wantInvalid(t, err, test.want)
			var e *job.Error
			if !errors.As(err, &e) || e.Hint == "" {
				t.Errorf("%v does not say what to do", err)
			}
		})
	}
}

// floats is a pickled array of float64.
func floats(shape []int, v ...float64) *pickle.Array {
	a := &pickle.Array{Dtype: pickle.Dtype{Kind: 'f', Size: 8}, Shape: shape}
	for _, v := range v {
		a.Data = binary.LittleEndian.AppendUint64(a.Data, math.Float64bits(v))
	}
	return a
}

// firstStep is a pipeline's.
func firstStep(file *pickle.File) *pickle.Object { return step(file, 0) }

// lastStep is a pipeline's, or the model if it is none.
func lastStep(file *pickle.File) *pickle.Object {
	o := file.Root.(*pickle.Object)
	if steps, ok := o.Attr("steps"); ok {
		o = step(file, len(steps.(*pickle.List).Items)-1)
	}
	return o
}

// set changes an attribute that the model, or a pipeline's last step, has.
func set(t *testing.T, file *pickle.File, attribute string, value any) {
	t.Helper()
	setOn(t, lastStep(file), attribute, value)
}

// setOn changes an attribute; a dot leads into an object.
func setOn(t *testing.T, o *pickle.Object, attribute string, value any) {
	t.Helper()
	for {
		outer, inner, nested := strings.Cut(attribute, ".")
		if !nested {
			break
		}
		v, _ := o.Attr(outer)
		o, attribute = v.(*pickle.Object), inner
	}
	d := o.State.(*pickle.Dict)
	for i, key := range d.Keys {
		if key == attribute {
			d.Values[i] = value
			return
		}
	}
	t.Fatalf("no attribute %s", attribute)
}
