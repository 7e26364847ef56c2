package asl

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// parser keeps the first thing that is wrong with a definition; what is
// parsed after that is not used.
type parser struct {
	err error
}

func (p *parser) fail(where, format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf("%s: "+format, append([]any{where}, args...)...)
	}
}

// object is a JSON object of a definition. Its fields are taken one by one;
// what is left when it is done is an unknown field.
type object struct {
	p      *parser
	where  string
	fields map[string]any
}

func (p *parser) object(where string, v any) object {
	fields, ok := v.(map[string]any)
	if !ok {
		p.fail(where, "must be an object")
	}
	return object{p, where, fields}
}

func (o object) at(field string) string {
	if o.where == "" {
		return field
	}
	return o.where + "." + field
}

func (o object) take(field string) (any, bool) {
	v, ok := o.fields[field]
	delete(o.fields, field)
	return v, ok
}

// done fails on each field that was not taken.
func (o object) done() {
	for _, field := range sortedKeys(o.fields) {
		o.p.fail(o.at(field), "unknown or unsupported field")
	}
}

// need fails if the object has no such field.
func (o object) need(field string) {
	if _, ok := o.fields[field]; !ok {
		o.p.fail(o.where, "%s is missing", field)
	}
}

// text takes an optional string; "" if it is absent.
func (o object) text(field string) string {
	v, ok := o.take(field)
	if !ok {
		return ""
	}
	text, ok := v.(string)
	if !ok || text == "" {
		o.p.fail(o.at(field), "must be a string that is not empty")
	}
	return text
}

// choice takes a string that must be one of the values; the first one is the default.
func (o object) choice(field string, values ...string) string {
	text := o.text(field)
	if text == "" {
		return values[0]
	}
	if !slices.Contains(values, text) {
		o.p.fail(o.at(field), "%q is not supported: it must be %s", text, strings.Join(values, " or "))
	}
	return text
}

func (o object) boolean(field string) bool {
	v, ok := o.take(field)
	b, isBool := v.(bool)
	if ok && !isBool {
		o.p.fail(o.at(field), "must be true or false")
	}
	return b
}

// integer takes a whole number between low and high, or the value for an absent one.
func (o object) integer(field string, absent, low, high int) int {
	v, ok := o.take(field)
	if !ok {
		return absent
	}
	number, _ := v.(json.Number)
	n, err := strconv.Atoi(string(number))
	if err != nil || n < low || n > high {
		o.p.fail(o.at(field), "must be a whole number from %d to %d", low, high)
	}
	return n
}

// number takes a number of at least low, or the value for an absent one.
func (o object) number(field string, absent, low float64) float64 {
	v, ok := o.take(field)
	if !ok {
		return absent
	}
	number, _ := v.(json.Number)
	n, err := number.Float64()
	if err != nil || n < low {
		o.p.fail(o.at(field), "must be a number of at least %g", low)
	}
	return n
}

// objects takes an optional array of objects that is not empty.
func (o object) objects(field string) []object {
	v, ok := o.take(field)
	if !ok {
		return nil
	}
	array, _ := v.([]any)
	if len(array) == 0 {
		o.p.fail(o.at(field), "must be an array that is not empty")
	}
	objects := make([]object, len(array))
	for i, item := range array {
		objects[i] = o.p.object(index(o.at(field), i), item)
	}
	return objects
}

// path takes a path that must be there.
func (o object) path(field string, allow func(path) error) path {
	o.need(field)
	v, _ := o.take(field)
	return o.p.path(o.at(field), v, allow)
}

// filter takes a path that may be null; $ if it is absent.
func (o object) filter(field string, allow func(path) error) filter {
	v, ok := o.take(field)
	if !ok {
		return filter{path: path{text: "$"}}
	}
	if v == nil {
		return filter{null: true}
	}
	return filter{path: o.p.path(o.at(field), v, allow)}
}

func (p *parser) path(where string, v any, allow func(path) error) path {
	text, ok := v.(string)
	if !ok {
		p.fail(where, "must be a path")
		return path{}
	}
	parsed, err := parsePath(text)
	if err == nil {
		err = allow(parsed)
	}
	if err != nil {
		p.fail(where, "%v", err)
	}
	return parsed
}

// dataOnly allows paths into a state's data, not into the context object.
func dataOnly(p path) error {
	if p.context {
		return fmt.Errorf("path %q: the context object can't be read here", p.text)
	}
	return nil
}

// outsideMap allows the context object, but for the item of a Map.
func outsideMap(p path) error {
	if p.within("Map.Item.Index") || p.within("Map.Item.Value") {
		return fmt.Errorf("path %q: there is an item in an ItemSelector only", p.text)
	}
	return nil
}

// anywhere allows every path.
func anywhere(path) error { return nil }

func index(where string, i int) string { return fmt.Sprintf("%s[%d]", where, i) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func joined[V any](m map[string]V) string { return strings.Join(sortedKeys(m), ", ") }
