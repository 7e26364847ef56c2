package pickle

import "strings"

// textGlobal reads the two lines of GLOBAL and INST.
func (m *machine) textGlobal() Global {
	module := m.line()
	return m.global(string(module), string(m.line()))
}

func (m *machine) stackGlobal() {
	name, ok1 := m.pop().(string)
	module, ok2 := m.pop().(string)
	if !ok1 || !ok2 {
		m.fail("a name that is no text")
	}
	m.push(m.global(module, name))
}

// maxName bounds the length of a dotted name, in bytes: names are hashed again
// and again.
const maxName = 500

// global notes a name, as Python 3 would resolve it, and returns it with the
// module that numpy before version 2 had for it.
func (m *machine) global(module, name string) Global {
	if len(module)+len(name) > maxName {
		m.fail("a name of %d bytes", len(module)+len(name))
	}
	if m.err != nil {
		return Global{}
	}
	g := Global{module, name}
	if m.protocol < 3 {
		g = python3(g)
	}
	if !m.seen[g] {
		m.seen[g] = true
		m.globals = append(m.globals, g)
	}
	if rest, ok := strings.CutPrefix(g.Module, "numpy._core"); ok && (rest == "" || rest[0] == '.') {
		g.Module = "numpy.core" + rest
	}
	return g
}

// python3 undoes the renaming to Python 2 that pickles of protocols 0 to 2 go
// through. Source: CPython, Lib/_compat_pickle.py.
func python3(g Global) Global {
	if renamed, ok := python2Names[g]; ok {
		return renamed
	}
	if module, ok := python2Modules[g.Module]; ok {
		g.Module = module
	}
	return g
}

var python2Names = map[Global]Global{
	{"__builtin__", "basestring"}: {"builtins", "str"},
	{"__builtin__", "intern"}:     {"sys", "intern"},
	{"__builtin__", "long"}:       {"builtins", "int"},
	{"__builtin__", "reduce"}:     {"functools", "reduce"},
	{"__builtin__", "unichr"}:     {"builtins", "chr"},
	{"__builtin__", "unicode"}:    {"builtins", "str"},
	{"__builtin__", "xrange"}:     {"builtins", "range"},
	{"UserDict", "UserDict"}:      {"collections", "UserDict"},
	{"UserList", "UserList"}:      {"collections", "UserList"},
}

var python2Modules = map[string]string{
	"__builtin__": "builtins",
	"cPickle":     "pickle",
	"commands":    "subprocess",
	"copy_reg":    "copyreg",
	"exceptions":  "builtins",
}
