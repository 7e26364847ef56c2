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
	for _, n := range python2Names {
		if n.was == g {
			return n.is
		}
	}
	for _, m := range python2Modules {
		if m.was == g.Module {
			g.Module = m.is
			break
		}
	}
	return g
}

var python2Names = []struct{ was, is Global }{
	{Global{"__builtin__", "basestring"}, Global{"builtins", "str"}},
	{Global{"__builtin__", "intern"}, Global{"sys", "intern"}},
	{Global{"__builtin__", "long"}, Global{"builtins", "int"}},
	{Global{"__builtin__", "reduce"}, Global{"functools", "reduce"}},
	{Global{"__builtin__", "unichr"}, Global{"builtins", "chr"}},
	{Global{"__builtin__", "unicode"}, Global{"builtins", "str"}},
	{Global{"__builtin__", "xrange"}, Global{"builtins", "range"}},
	{Global{"UserDict", "UserDict"}, Global{"collections", "UserDict"}},
	{Global{"UserList", "UserList"}, Global{"collections", "UserList"}},
}

var python2Modules = []struct{ was, is string }{
	{"__builtin__", "builtins"},
	{"cPickle", "pickle"},
	{"commands", "subprocess"},
	{"copy_reg", "copyreg"},
	{"exceptions", "builtins"},
}
