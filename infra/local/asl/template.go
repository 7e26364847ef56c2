package asl

import "strings"

// node is a part of a payload template, or a path: it makes a value out of a scope.
type node interface {
	eval(scope) (any, error)
}

type literal struct{ value any }

func (l literal) eval(scope) (any, error) { return l.value, nil }

type objectNode map[string]node

func (o objectNode) eval(s scope) (any, error) {
	object := make(map[string]any, len(o))
	for name, n := range o {
		v, err := n.eval(s)
		if err != nil {
			return nil, err
		}
		object[name] = v
	}
	return object, nil
}

type arrayNode []node

func (a arrayNode) eval(s scope) (any, error) {
	array := make([]any, len(a))
	for i, n := range a {
		v, err := n.eval(s)
		if err != nil {
			return nil, err
		}
		array[i] = v
	}
	return array, nil
}

// template is Parameters, ResultSelector or ItemSelector; without one, what
// would have been chosen from is taken as it is.
type template struct {
	field string
	node  node
}

func (t template) fill(s scope) (any, error) {
	if t.node == nil {
		return s.data, nil
	}
	v, err := t.node.eval(s)
	if err != nil {
		return nil, &Error{Name: Runtime, Cause: t.field + ": " + err.Error() + " in the input " + string(encode(s.data))}
	}
	return v, nil
}

// template takes a payload template; allow says which paths it may hold.
func (o object) template(field string, allow func(path) error) template {
	v, ok := o.take(field)
	if !ok {
		return template{field: field}
	}
	where := o.at(field)
	fields, ok := v.(map[string]any)
	if !ok {
		o.p.fail(where, "must be an object")
		return template{field: field}
	}
	return template{field, o.p.objectNode(where, fields, allow)}
}

func (p *parser) node(where string, v any, allow func(path) error) node {
	switch v := v.(type) {
	case map[string]any:
		return p.objectNode(where, v, allow)
	case []any:
		array := make(arrayNode, len(v))
		for i, item := range v {
			array[i] = p.node(index(where, i), item, allow)
		}
		return array
	case string:
		if strings.HasPrefix(v, "$") {
			p.fail(where, "%q is not read as a path: the name must end with .$", v)
		}
	}
	return literal{v}
}

func (p *parser) objectNode(where string, fields map[string]any, allow func(path) error) node {
	node := objectNode{}
	for _, field := range sortedKeys(fields) {
		v, at := fields[field], where+"."+field
		name, isPath := strings.CutSuffix(field, ".$")
		if _, twice := fields[name]; isPath && twice {
			p.fail(at, "%q is given twice", name)
		}
		if isPath {
			node[name] = p.path(at, v, allow)
			continue
		}
		node[name] = p.node(at, v, allow)
	}
	return node
}
