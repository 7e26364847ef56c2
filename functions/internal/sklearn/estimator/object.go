package estimator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/python"
)

// Object reads the attributes of one pickled instance. The first attribute
// that is missing or of another type is remembered: read all that is needed,
// then ask Err once. Accessors return zero values after an error.
type Object struct {
	raw     *pickle.Object
	path    string // where in the model, such as Pipeline.steps[1]
	version [2]int // of the scikit-learn that wrote it
	opening *opening
	owner   *Object
	depth   int // how many instances it sits in
	err     error
}

// opening is what the objects of one model share while it is opened.
type opening struct {
	registry Registry
	made     map[*pickle.Object]made
	work     float64 // values read, see Spend
	most     int     // of them
	notes    []Note
}

type made struct {
	value any
	err   error
}

// NewObject wraps the root of a model that was decoded from a pickle of size
// bytes.
func NewObject(raw *pickle.Object, registry Registry, size int) *Object {
	return newObject(raw, raw.Class.Name, [2]int{}, &opening{registry: registry, made: map[*pickle.Object]made{}, most: MostWork(size)})
}

func newObject(raw *pickle.Object, path string, inherited [2]int, opening *opening) *Object {
	o := &Object{raw: raw, path: path, version: inherited, opening: opening}
	if v, ok := raw.Attr("_sklearn_version"); ok {
		if s, ok := v.(string); ok {
			o.version = parseVersion(s)
		}
	}
	return o
}

func parseVersion(s string) (v [2]int) {
	for i := range v {
		part, rest, _ := strings.Cut(s, ".")
		v[i], _ = strconv.Atoi(part)
		s = rest
	}
	return v
}

// Err returns the first error of any accessor.
func (o *Object) Err() error { return o.err }

// Raw returns the decoded object.
func (o *Object) Raw() *pickle.Object { return o.raw }

// Path says where in the model the object sits, such as Pipeline.steps[1].
func (o *Object) Path() string { return o.path }

// Owner returns the instance that o sits in, nil for the root.
func (o *Object) Owner() *Object { return o.owner }

// Name returns the bare class name, such as SVC.
func (o *Object) Name() string { return o.raw.Class.Name }

// Class returns the public name of the object's class, such as sklearn.svm.SVC.
func (o *Object) Class() string { return PublicName(o.raw.Class) }

// PublicName drops the private modules between a scikit-learn subpackage and
// the class, which move between versions: sklearn.svm._classes.SVC is
// sklearn.svm.SVC.
func PublicName(g pickle.Global) string {
	module := g.Module
	if inner, ok := strings.CutPrefix(module, "sklearn."); ok {
		subpackage, _, _ := strings.Cut(inner, ".")
		module = module[:len("sklearn.")+len(subpackage)]
	}
	return module + "." + g.Name
}

// oldest and newest are the versions of scikit-learn whose arithmetic is known:
// another may come without any other sign, as when MaxAbsScaler learnt to clip.
var oldest, newest = [2]int{0, 24}, [2]int{1, 9}

// Before reports whether the object was written by a scikit-learn older than
// major.minor. An unknown version counts as new.
func (o *Object) Before(major, minor int) bool {
	if o.version == [2]int{} {
		return false
	}
	return slices.Compare(o.version[:], []int{major, minor}) < 0
}

// Refuse returns the error for something here that cannot be predicted
// exactly, naming module, class and place.
func (o *Object) Refuse(format string, args ...any) *job.Error {
	return job.Invalid("%s (%s): %s", o.path, o.raw.Class, fmt.Sprintf(format, args...))
}

// Fail remembers an error about an attribute, unless there was one before: Err
// returns the first.
func (o *Object) Fail(name, format string, args ...any) {
	if o.err == nil {
		o.err = o.Refuse("attribute %s %s", name, fmt.Sprintf(format, args...))
	}
}

// Note is how an instance is evaluated where its shape decides on that.
type Note struct {
	Place string `json:"place"` // such as Pipeline.steps[1]
	How   string `json:"how"`
}

// Note keeps how o is evaluated, for Notes.
func (o *Object) Note(how string) { o.opening.notes = append(o.opening.notes, Note{o.path, how}) }

// Notes returns those of the whole model that o is of.
func (o *Object) Notes() []Note { return o.opening.notes }

// Has reports whether the attribute is there and not None.
func (o *Object) Has(name string) bool {
	v, ok := o.raw.Attr(name)
	return ok && v != nil
}

// unfitted is what to do about a model that lacks what its fit makes.
const unfitted = "Fit the model before it is stored"

// Get returns an attribute's decoded value, nil for None. A missing one is an
// error, and so is one that the model is refused for, see Spend.
func (o *Object) Get(name string) any {
	v, ok := o.raw.Attr(name)
	if !ok && o.err == nil {
		o.err = o.Refuse("attribute %s is missing", name).WithHint(unfitted)
	}
	if !o.Spend(weigh(v, o.opening.most-o.Work(), 0)) {
		return nil
	}
	return v
}

// Object returns an attribute that is itself an instance, or nil and an error.
func (o *Object) Object(name string) *Object {
	child, err := o.Child(o.Get(name), "."+name)
	if err != nil && o.err == nil {
		o.err = err
	}
	return child
}

// Objects returns an attribute that is a list, tuple or object array of instances.
func (o *Object) Objects(name string) []*Object {
	list := o.List(name)
	children := make([]*Object, 0, len(list))
	for i, v := range list {
		child, err := o.Child(v, "."+name+"["+strconv.Itoa(i)+"]")
		if err != nil {
			if o.err == nil {
				o.err = err
			}
			return nil
		}
		children = append(children, child)
	}
	return children
}

// deepest is how far instances may be nested, so that a model that holds itself
// ends in an error.
const deepest = 1000

// Child wraps a decoded value found at a place below o, such as ".steps[1]".
func (o *Object) Child(v any, place string) (*Object, error) {
	raw, ok := v.(*pickle.Object)
	if !ok {
		return nil, job.Invalid("%s%s: expected an estimator, found %s", o.path, place, Describe(v))
	}
	if o.depth == deepest {
		return nil, job.Invalid("the model holds estimators within estimators more than %d deep", deepest)
	}
	// The path is as long as the instance lies deep, and each level above may go
	// through what is below it once more.
	if !o.Spend(len(o.path) + len(place)) {
		return nil, o.err
	}
	child := newObject(raw, o.path+place, o.version, o.opening)
	child.owner, child.depth = o, o.depth+1
	return child, nil
}

// Inner returns the estimator that o hands its input to unchanged: the first
// step of a pipeline or first part of a union that is no passthrough, a
// search's best estimator, what was frozen. nil if there is none.
func (o *Object) Inner() *Object {
	if o.Has("best_estimator_") {
		return o.Object("best_estimator_")
	}
	if o.Class() == "sklearn.frozen.FrozenEstimator" {
		return o.Object("estimator")
	}
	for _, name := range []string{"steps", "transformer_list"} {
		if !o.Has(name) {
			continue
		}
		for i, entry := range o.List(name) {
			pair, ok := entry.(pickle.Tuple)
			if !ok || len(pair) != 2 {
				return nil
			}
			if child, err := o.Child(pair[1], fmt.Sprintf(".%s[%d]", name, i)); err == nil {
				return child
			}
		}
	}
	return nil
}

// Once returns what make returned when an Object of the same instance first
// asked, so that what takes long is done once.
func (o *Object) Once(make func() (any, error)) (any, error) {
	m, ok := o.opening.made[o.raw]
	if !ok {
		m.value, m.err = make()
		o.opening.made[o.raw] = m
	}
	return m.value, m.err
}

// Build makes the estimator that an attribute holds.
func (o *Object) Build(name string) (Estimator, error) {
	child := o.Object(name)
	if child == nil {
		return nil, o.err
	}
	return Build(child)
}

// Build makes an estimator by the registry that o came with.
func Build(o *Object) (Estimator, error) {
	if v := o.version; o.Before(oldest[0], oldest[1]) || slices.Compare(v[:], newest[:]) > 0 {
		return nil, o.Refuse("it is of scikit-learn %d.%d, and what that calculates in another way than %d.%d to %d.%d is not known here",
			v[0], v[1], oldest[0], oldest[1], newest[0], newest[1]).
			WithHint("Fit it with a version between these, or look for a newer brine")
	}
	build, ok := o.opening.registry[o.Class()]
	if !ok {
		return nil, o.Refuse("this class is not supported").
			WithHint("brine inspect lists what the file holds; the README lists the supported classes")
	}
	return build(o)
}

// BuildPredictor is Build for a place where scikit-learn calls predict.
func BuildPredictor(o *Object) (Predictor, error) { return buildAs[Predictor](o, "predict") }

// BuildTransformer is Build for a place where scikit-learn calls transform.
func BuildTransformer(o *Object) (Transformer, error) { return buildAs[Transformer](o, "transform") }

func buildAs[T Estimator](o *Object, method string) (T, error) {
	var none T
	e, err := Build(o)
	if err != nil {
		return none, err
	}
	t, ok := e.(T)
	if !ok {
		return none, o.Refuse("has no %s", method)
	}
	return t, nil
}

// Describe names a decoded value for an error message: a short one as it is, else
// by its kind.
func Describe(v any) string {
	const longest = 80
	switch v := v.(type) {
	case pickle.Global:
		return v.String()
	case string:
		if len(v) > longest {
			return fmt.Sprintf("text of %d bytes", len(v))
		}
		return strconv.Quote(v)
	case bool:
		return python.Bool(v)
	case int64, float64, float32:
		return fmt.Sprintf("%T %v", v, v)
	case *pickle.Array:
		return fmt.Sprintf("an array of shape %v", v.Shape)
	}
	return pickle.Describe(v)
}
