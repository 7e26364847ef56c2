package pickle

import (
	"slices"
	"strings"
)

// reduce is REDUCE: a callable and a tuple of arguments.
func (m *machine) reduce() {
	args, ok := m.pop().(Tuple)
	if !ok {
		m.fail("the arguments of a call are no tuple")
	}
	m.push(m.call(m.pop(), args))
}

// inst is INST: a class named in the opcode, arguments above the mark.
func (m *machine) inst() {
	g := m.textGlobal()
	m.push(m.call(g, append(Tuple(nil), m.popMark()...)))
}

// obj is OBJ: a class and its arguments above the mark.
func (m *machine) obj() {
	items := append(Tuple(nil), m.popMark()...)
	if len(items) == 0 {
		m.fail("a class is missing on the stack")
		return
	}
	m.push(m.call(items[0], items[1:]))
}

// newObject is NEWOBJ: cls.__new__(cls, *args), which runs no code of the
// class in the usual case, so any class is let through as a description.
func (m *machine) newObject() {
	args, ok := m.pop().(Tuple)
	if !ok {
		m.fail("the arguments of an instance are no tuple")
	}
	m.push(m.instance(m.pop(), args))
}

// newObjectEx is NEWOBJ_EX: cls.__new__(cls, *args, **kwargs). Keywords that
// are there follow the arguments as a dict.
func (m *machine) newObjectEx() {
	kwargs, ok1 := m.pop().(*Dict)
	args, ok2 := m.pop().(Tuple)
	if !ok1 || !ok2 {
		m.fail("the arguments of an instance are no tuple and dict")
		return
	}
	m.push(m.instance(m.pop(), m.withKeywords(args, kwargs)))
}

func (m *machine) withKeywords(args Tuple, kwargs *Dict) Tuple {
	if len(kwargs.Keys) == 0 || !m.spend(16*len(args)) {
		return args
	}
	return append(slices.Clone(args), kwargs)
}

func (m *machine) instance(class any, args Tuple) any {
	g, ok := class.(Global)
	if !ok {
		m.fail("an instance of %s, which is no class", Describe(class))
		return nil
	}
	return &Object{Class: g, Args: args}
}

// call describes the result of a call, or makes it where it is plain data.
func (m *machine) call(callee any, args Tuple) any {
	if m.err != nil {
		return nil
	}
	g, ok := callee.(Global)
	if o, made := callee.(*Object); made {
		g, ok = o.Class, true
		m.refuse(g)
	}
	if !ok {
		m.fail("a call of %s", Describe(callee))
		return nil
	}
	for i := range evaluated {
		if e := &evaluated[i]; e.Global == g {
			return e.result(m, args)
		}
	}
	if !harmless(g) {
		m.refuse(g)
	}
	return &Object{Class: g, Args: args}
}

// build is BUILD: state for the object below it. Only what this machine made
// takes state; given to a class or a function, it would change that for the
// whole program.
func (m *machine) build() {
	state := m.pop()
	switch v := m.top().(type) {
	case *Object:
		if v.State != nil {
			m.fail("%s gets state twice", Describe(v))
			return
		}
		v.State = state
		if m.joblib && isWrapper(v.Class) {
			m.replace(m.wrapped(v))
		}
	case *Array:
		m.setArray(v, state)
	case *Dtype:
		m.setDtype(v, state)
	default:
		m.fail("state for %s", Describe(v))
	}
}

// refuse notes a call that no model makes. Reading goes on, to list them all.
func (m *machine) refuse(g Global) {
	if len(m.refused) < 20 && !slices.Contains(m.refused, g) {
		m.refused = append(m.refused, g)
	}
}

// harmless reports whether models call this by REDUCE: the classes and Cython's
// unpickling helpers of the libraries that models are made of, and what is in
// plain. Functions of those libraries at large are not among them: joblib.load
// or numpy.load are as good as eval.
func harmless(g Global) bool {
	if slices.Contains(plain, g) {
		return true
	}
	root, _, _ := strings.Cut(g.Module, ".")
	if !slices.Contains(libraries, root) || strings.Contains(g.Name, ".") {
		return false
	}
	return isClassName(g.Name) || g.Name == "newObj" || strings.HasPrefix(g.Name, "__pyx_unpickle_")
}

// isClassName follows PEP 8: classes are in CapWords.
func isClassName(name string) bool {
	name = strings.TrimLeft(name, "_")
	return name != "" && name[0] >= 'A' && name[0] <= 'Z'
}

// libraries are what models are made of. _loss is sklearn._loss._loss as
// scikit-learn names it from 1.5 on.
var libraries = []string{"numpy", "scipy", "sklearn", "_loss", "joblib", "pandas", "xgboost", "lightgbm", "catboost"}

// plain lists calls that only make a value of their arguments.
var plain = []Global{
	{"builtins", "complex"}, {"builtins", "object"}, {"builtins", "range"}, {"builtins", "slice"},
	{"collections", "Counter"}, {"collections", "OrderedDict"},
	{"collections", "defaultdict"}, {"collections", "deque"},
	{"datetime", "date"}, {"datetime", "datetime"}, {"datetime", "time"},
	{"datetime", "timedelta"}, {"datetime", "timezone"},
	{"decimal", "Decimal"}, {"fractions", "Fraction"}, {"uuid", "UUID"},
	{"functools", "partial"}, {"operator", "attrgetter"}, {"operator", "itemgetter"},
	{"pathlib", "PosixPath"}, {"pathlib", "WindowsPath"},
	{"pathlib", "PurePosixPath"}, {"pathlib", "PureWindowsPath"},
	{"re", "_compile"},
	{"numpy.random._pickle", "__randomstate_ctor"},
	{"numpy.random._pickle", "__generator_ctor"},
	{"numpy.random._pickle", "__bit_generator_ctor"},
	{"pandas._libs.internals", "_unpickle_block"},
	{"pandas._libs.tslibs.nattype", "__nat_unpickle"},
	{"pandas._libs.tslibs.timedeltas", "_timedelta_unpickle"},
	{"pandas._libs.tslibs.timestamps", "_unpickle_timestamp"},
	{"pandas.core.indexes.base", "_new_Index"},
	{"pandas.core.indexes.datetimes", "_new_DatetimeIndex"},
	{"pandas.core.indexes.period", "_new_PeriodIndex"},
	{"pandas.core.internals.blocks", "new_block"},
}
