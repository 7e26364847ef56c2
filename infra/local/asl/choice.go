package asl

import (
	"encoding/json"
	"errors"
)

// rule is a condition of a Choice state.
type rule interface {
	holds(data any) (bool, error)
}

type and []rule

func (a and) holds(data any) (bool, error) {
	for _, r := range a {
		if ok, err := r.holds(data); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

type or []rule

func (o or) holds(data any) (bool, error) {
	for _, r := range o {
		if ok, err := r.holds(data); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

type not struct{ rule }

func (n not) holds(data any) (bool, error) {
	ok, err := n.rule.holds(data)
	return !ok, err
}

// comparison compares the value at a variable. A value of another type than
// the operator's does not match; a variable that is missing fails the
// execution, unless IsPresent asks for just that.
type comparison struct {
	variable path
	operator string
	operand  any
}

func (c comparison) holds(data any) (bool, error) {
	v, err := c.variable.eval(scope{data: data})
	if c.operator == "IsPresent" {
		return (err == nil) == c.operand, nil
	}
	if err != nil {
		return false, &Error{Name: Runtime, Cause: "Variable: " + err.Error()}
	}
	switch c.operator {
	case "IsNull":
		return (v == nil) == c.operand, nil
	case "StringEquals", "BooleanEquals":
		return v == c.operand, nil
	}
	number, ok := v.(json.Number)
	if !ok {
		return false, nil
	}
	a, _ := number.Float64()
	b, _ := c.operand.(json.Number).Float64()
	switch c.operator {
	case "NumericEquals":
		return a == b, nil
	case "NumericLessThan":
		return a < b, nil
	case "NumericLessThanEquals":
		return a <= b, nil
	case "NumericGreaterThan":
		return a > b, nil
	default: // NumericGreaterThanEquals: the parser lets no other through
		return a >= b, nil
	}
}

// operators are the comparisons that a definition may use, each with the
// check of its operand.
var operators = map[string]func(any) error{
	"StringEquals":             operand[string]("a string"),
	"NumericEquals":            operand[json.Number]("a number"),
	"NumericLessThan":          operand[json.Number]("a number"),
	"NumericLessThanEquals":    operand[json.Number]("a number"),
	"NumericGreaterThan":       operand[json.Number]("a number"),
	"NumericGreaterThanEquals": operand[json.Number]("a number"),
	"BooleanEquals":            operand[bool]("true or false"),
	"IsNull":                   operand[bool]("true or false"),
	"IsPresent":                operand[bool]("true or false"),
}

func operand[T any](kind string) func(any) error {
	return func(v any) error {
		if _, ok := v.(T); !ok {
			return errors.New("must be " + kind)
		}
		return nil
	}
}

// rule takes a condition: And, Or, Not, or a Variable with one operator.
func (o object) rule() rule {
	if v, ok := o.take("Not"); ok {
		inner := o.p.object(o.at("Not"), v)
		defer inner.done()
		return not{inner.rule()}
	}
	if rules := o.rules("And"); rules != nil {
		return and(rules)
	}
	if rules := o.rules("Or"); rules != nil {
		return or(rules)
	}
	c := comparison{variable: o.path("Variable", dataOnly)}
	for _, name := range sortedKeys(operators) {
		v, ok := o.take(name)
		if !ok {
			continue
		}
		if c.operator != "" {
			o.p.fail(o.where, "has both %s and %s", c.operator, name)
		}
		if err := operators[name](v); err != nil {
			o.p.fail(o.at(name), "%v", err)
		}
		c.operator, c.operand = name, v
	}
	if c.operator == "" {
		o.p.fail(o.where, "has no operator that is supported: And, Or, Not, %s", joined(operators))
	}
	return c
}

func (o object) rules(field string) []rule {
	var rules []rule
	for _, inner := range o.objects(field) {
		rules = append(rules, inner.rule())
		inner.done()
	}
	return rules
}
