package asl

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Machine is a checked definition of a state machine. It is safe for many
// executions at once.
type Machine struct {
	flow      *flow
	timeout   time.Duration // 0: none
	functions []string
}

// Functions lists the ARNs of the Lambda functions that the tasks call.
func (m *Machine) Functions() []string { return m.functions }

// flow is the States of a machine, or of a Map's ItemProcessor.
type flow struct {
	startAt string
	states  map[string]state
}

var placeholder = regexp.MustCompile(`\$\{[^}]*\}`)

// Substitute puts values in the place of each ${Name}, as CloudFormation's
// DefinitionSubstitutions do. A name without a value is an error.
func Substitute(definition string, values map[string]string) (string, error) {
	var err error
	text := placeholder.ReplaceAllStringFunc(definition, func(match string) string {
		v, ok := values[match[2:len(match)-1]]
		if !ok && err == nil {
			err = fmt.Errorf("%s has no value; values are known for %s", match, joined(values))
		}
		return v
	})
	return text, err
}

// builder parses the states of a definition.
type builder struct {
	*parser
	names     map[string]bool // of all states: they are unique across the Maps too
	labels    map[string]bool
	functions map[string]bool
}

// Parse reads a definition and checks all of it. The error says where the
// first thing is that is wrong, or that this interpreter does not do.
func Parse(definition string) (*Machine, error) {
	v, err := decode(strings.NewReader(definition))
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	b := builder{&parser{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	o := b.object("", v)
	o.text("Comment")
	o.choice("Version", "1.0")
	o.choice("QueryLanguage", "JSONPath")
	m := &Machine{timeout: o.seconds("TimeoutSeconds")}
	m.flow = b.flow(o)
	o.done()
	if b.err != nil {
		return nil, b.err
	}
	m.functions = sortedKeys(b.functions)
	return m, nil
}

func (o object) seconds(field string) time.Duration {
	return time.Duration(o.integer(field, 0, 1, 99_999_999)) * time.Second
}

func (b *builder) flow(o object) *flow {
	o.need("StartAt")
	o.need("States")
	v, _ := o.take("States")
	states := b.object(o.at("States"), v)
	f := &flow{startAt: o.text("StartAt"), states: map[string]state{}}
	targets := map[string][]target{"": {{o.at("StartAt"), f.startAt}}}
	for _, name := range sortedKeys(states.fields) {
		where := states.at(name)
		if n := utf8.RuneCountInString(name); n < 1 || n > 80 {
			b.fail(where, "the name must have 1 to 80 characters")
		}
		if b.names[name] {
			b.fail(where, "another state has the same name")
		}
		b.names[name] = true
		f.states[name], targets[name] = b.state(name, b.object(where, states.fields[name]))
	}
	b.connected(f, states, targets)
	return f
}

// target is a name that a Next, Default or StartAt gives, and where it stands.
type target struct{ where, name string }

// connected checks that each target exists and that each state is reached.
func (b *builder) connected(f *flow, states object, targets map[string][]target) {
	for _, from := range sortedKeys(targets) {
		for _, to := range targets[from] {
			if _, ok := f.states[to.name]; !ok {
				b.fail(to.where, "there is no state %q; there are %s", to.name, joined(f.states))
			}
		}
	}
	reached := map[string]bool{}
	for queue := targets[""]; len(queue) > 0; queue = queue[1:] {
		if name := queue[0].name; !reached[name] {
			reached[name] = true
			queue = append(queue, targets[name]...)
		}
	}
	for _, name := range sortedKeys(f.states) {
		if !reached[name] {
			b.fail(states.at(name), "no state leads here")
		}
	}
}

// state parses one state, and where it leads to.
func (b *builder) state(name string, o object) (state, []target) {
	defer o.done()
	o.text("Comment")
	o.need("Type")
	kind := o.text("Type")
	f := frame{kind: kind, name: name}
	switch kind {
	case "Task", "Pass", "Map", "Choice", "Succeed":
		f.input = o.filter("InputPath", outsideMap)
		f.output = o.filter("OutputPath", outsideMap)
	}
	var targets []target
	if slices.Contains([]string{"Task", "Pass", "Map"}, kind) {
		f.next, targets = o.next()
		f.result = o.filter("ResultPath", path.settable)
	}
	switch kind {
	case "Task":
		s := &task{frame: f, arn: b.function(o), parameters: o.template("Parameters", outsideMap), timeout: o.seconds("TimeoutSeconds")}
		s.selector = o.template("ResultSelector", dataOnly)
		s.handlers, targets = o.handlers(targets)
		return s, targets
	case "Map":
		s := &mapState{frame: f}
		b.mapState(s, o)
		s.selector = o.template("ResultSelector", dataOnly)
		s.handlers, targets = o.handlers(targets)
		return s, targets
	case "Pass":
		return b.pass(f, o), targets
	case "Choice":
		return o.choiceState(f)
	case "Succeed":
		return &succeed{f}, nil
	case "Fail":
		return o.fail(f), nil
	}
	b.fail(o.at("Type"), "%q is not supported: a state is a Task, Map, Choice, Pass, Succeed or Fail", kind)
	clear(o.fields)
	return nil, nil
}

func (o object) next() (string, []target) {
	next, end := o.text("Next"), o.boolean("End")
	if (next == "") != end {
		o.p.fail(o.where, "must have either Next or \"End\": true")
	}
	if next == "" {
		return "", nil
	}
	return next, []target{{o.at("Next"), next}}
}

var functionARN = regexp.MustCompile(`^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}$`)

func (b *builder) function(o object) string {
	o.need("Resource")
	arn := o.text("Resource")
	if !functionARN.MatchString(arn) {
		b.fail(o.at("Resource"), "%q is not supported: a Task calls a Lambda function by its ARN, without a version", arn)
	}
	b.functions[arn] = true
	return arn
}

func (b *builder) pass(f frame, o object) state {
	s := &pass{frame: f, parameters: o.template("Parameters", outsideMap)}
	if v, ok := o.take("Result"); ok {
		s.value = &literal{v}
	}
	return s
}

func (o object) choiceState(f frame) (state, []target) {
	s := &choice{frame: f}
	o.need("Choices")
	var targets []target
	for _, c := range o.objects("Choices") {
		c.text("Comment")
		c.need("Next")
		targets = append(targets, target{c.at("Next"), c.text("Next")})
		s.branches = append(s.branches, branch{targets[len(targets)-1].name, c.rule()})
		c.done()
	}
	if s.otherwise = o.text("Default"); s.otherwise != "" {
		targets = append(targets, target{o.at("Default"), s.otherwise})
	}
	return s, targets
}

func (o object) fail(f frame) state {
	s := &fail{frame: f}
	s.errorName = o.textOrPath("Error")
	s.cause = o.textOrPath("Cause")
	return s
}

// textOrPath takes a text, or the path that may stand in its place.
func (o object) textOrPath(field string) node {
	text := o.text(field)
	if _, ok := o.fields[field+"Path"]; !ok {
		return literal{text}
	}
	if text != "" {
		o.p.fail(o.where, "has both %s and %sPath", field, field)
	}
	return o.path(field+"Path", outsideMap)
}

func (o object) handlers(targets []target) (handlers, []target) {
	var h handlers
	retry := o.objects("Retry")
	for i, r := range retry {
		h.retry = append(h.retry, r.retrier(i == len(retry)-1))
	}
	catch := o.objects("Catch")
	for i, c := range catch {
		c.text("Comment")
		c.need("Next")
		caught := catcher{names: c.errorEquals(i == len(catch)-1), result: c.filter("ResultPath", path.settable), next: c.text("Next")}
		targets = append(targets, target{c.at("Next"), caught.next})
		h.catch = append(h.catch, caught)
		c.done()
	}
	return h, targets
}

func (o object) retrier(last bool) retrier {
	defer o.done()
	o.text("Comment")
	const longest = 31_622_400 // seconds: a year and a day
	r := retrier{
		names:    o.errorEquals(last),
		interval: float64(o.integer("IntervalSeconds", 1, 1, longest)),
		rate:     o.number("BackoffRate", 2, 1),
		attempts: o.integer("MaxAttempts", 3, 0, 99_999_999),
		longest:  float64(o.integer("MaxDelaySeconds", longest, 1, longest)),
		jitter:   o.choice("JitterStrategy", "NONE", "FULL") == "FULL",
	}
	if r.longest < r.interval {
		o.p.fail(o.at("MaxDelaySeconds"), "must be more than IntervalSeconds")
	}
	return r
}

// errorEquals takes the error names of a Retry or Catch. A wildcard stands
// alone, and States.ALL in the last of them.
func (o object) errorEquals(last bool) []string {
	o.need("ErrorEquals")
	v, _ := o.take("ErrorEquals")
	where := o.at("ErrorEquals")
	array, _ := v.([]any)
	if len(array) == 0 {
		o.p.fail(where, "must be an array of error names that is not empty")
	}
	names := make([]string, len(array))
	for i, item := range array {
		names[i], _ = item.(string)
		if err := checkErrorName(names[i]); err != nil {
			o.p.fail(index(where, i), "%v", err)
		}
		if (names[i] == All || names[i] == TaskFailed) && len(array) > 1 {
			o.p.fail(index(where, i), "%s must stand alone", names[i])
		}
	}
	if slices.Contains(names, All) && !last {
		o.p.fail(where, "States.ALL must be in the last one: what follows is never reached")
	}
	return names
}

func checkErrorName(name string) error {
	if name == "" {
		return errors.New("must be an error's name")
	}
	for _, prefix := range []string{"States.", "Lambda."} {
		if strings.HasPrefix(strings.ToLower(name), strings.ToLower(prefix)) && !slices.Contains(reserved, name) {
			return fmt.Errorf("there is no error %q", name)
		}
	}
	return nil
}

func (b *builder) mapState(s *mapState, o object) {
	o.need("ItemProcessor")
	v, _ := o.take("ItemProcessor")
	processor := b.object(o.at("ItemProcessor"), v)
	v, _ = processor.take("ProcessorConfig")
	config := b.object(processor.at("ProcessorConfig"), v)
	if mode := config.text("Mode"); mode != "DISTRIBUTED" {
		if _, ok := o.fields["ItemReader"]; ok {
			b.fail(o.at("ItemReader"), "only a Map in DISTRIBUTED mode reads its items")
		}
		b.fail(config.at("Mode"), "%q is not supported: it must be DISTRIBUTED", mode)
	}
	config.choice("ExecutionType", "STANDARD")
	config.done()
	processor.text("Comment")
	s.processor = b.flow(processor)
	processor.done()

	s.label = o.text("Label")
	if len(s.label) > 40 || strings.ContainsAny(s.label, " ?*<>{}[]:;,\\|^~$#%&`\"") || b.labels[s.label] {
		b.fail(o.at("Label"), "must have at most 40 characters, none of them special, and be the only one of its name")
	}
	if s.label == "" {
		s.label = s.name
	}
	b.labels[s.label] = true
	s.selectItem = o.template("ItemSelector", anywhere)
	s.concurrency = o.integer("MaxConcurrency", 0, 0, maxChildren)
	if s.concurrency == 0 {
		s.concurrency = maxChildren
	}
	s.items = b.items(o)
}

// items takes where a Map's items come from: an object in a bucket, or the input.
func (b *builder) items(o object) items {
	if _, ok := o.fields["ItemsPath"]; ok {
		return items{path: o.path("ItemsPath", outsideMap)}
	}
	v, ok := o.take("ItemReader")
	if !ok {
		return items{path: path{text: "$"}}
	}
	r := b.object(o.at("ItemReader"), v)
	defer r.done()
	r.need("Resource")
	r.choice("Resource", "arn:aws:states:::s3:getObject")
	r.need("ReaderConfig")
	v, _ = r.take("ReaderConfig")
	config := b.object(r.at("ReaderConfig"), v)
	config.need("InputType")
	config.choice("InputType", "JSON")
	config.done()
	r.need("Parameters")
	t := r.template("Parameters", outsideMap)
	if node, ok := t.node.(objectNode); !ok || len(node) != 2 || node["Bucket"] == nil || node["Key"] == nil {
		b.fail(r.at("Parameters"), "must have Bucket and Key, or Bucket.$ and Key.$, and nothing else")
	}
	return items{object: &t}
}
