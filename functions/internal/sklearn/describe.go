package sklearn

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn/estimator"
)

// Node describes one estimator of a decoded file, or whatever else the file
// holds, and what is inside it.
type Node struct {
	// Place says where the object sits, such as Pipeline.steps[1].
	Place string `json:"place"`
	// Name is what its owner calls it, such as a step's name.
	Name string `json:"name,omitempty"`
	// Class is the public name of the class, or the Python type of what is no estimator.
	Class string `json:"class"`
	// Version is the scikit-learn that wrote it.
	Version string `json:"sklearn_version,omitempty"`
	// Columns are those that a ColumnTransformer gives it.
	Columns []string `json:"columns,omitempty"`
	// Params are the constructor's parameters, as Python would write them.
	Params map[string]string `json:"params,omitempty"`
	// Features is n_features_in_.
	Features int `json:"n_features_in,omitempty"`
	// FeatureNames is feature_names_in_.
	FeatureNames []string `json:"feature_names_in,omitempty"`
	// Classes are the labels of classes_.
	Classes []string `json:"classes,omitempty"`
	// Fitted are the other fitted attributes: a small value, or an array's type and shape.
	Fitted map[string]string `json:"fitted,omitempty"`
	// Estimators counts the members of an ensemble, which are not among Children
	// when they are many and alike.
	Estimators int     `json:"n_estimators,omitempty"`
	Children   []*Node `json:"children,omitempty"`
	// Unknown says that the model is refused and this build has no such class.
	Unknown bool `json:"unknown,omitempty"`
	// Verdict is on the root only.
	Verdict *Verdict `json:"verdict,omitempty"`
}

// Verdict says whether this build predicts with the model.
type Verdict struct {
	Supported bool   `json:"supported"`
	Reason    string `json:"reason,omitempty"` // why not
	// Reads are the columns that it reads, if the model knows their names.
	Reads []Feature `json:"reads,omitempty"`
	// Engines say how its parts are evaluated that can be in several ways.
	Engines []estimator.Note `json:"engines,omitempty"`
}

// mostAlike is how many members of an ensemble are described one by one.
const mostAlike = 3

// Describe returns the tree of what a decoded file holds, a model or not. What
// lies too deep for a reader is left out, and so is the rest of a file that
// shares its parts so often that they would be far more than it has bytes.
func Describe(file *pickle.File) *Node {
	v := verdict(file)
	d := describer{refused: !v.Supported, seen: map[*pickle.Object]bool{}, left: 16*file.Size + 1<<16}
	root := d.value(file.Root, "", rootPlace(file.Root))
	root.Verdict = v
	return root
}

func verdict(file *pickle.File) *Verdict {
	m, err := Open(file)
	if err != nil {
		return &Verdict{Reason: err.Error()}
	}
	v := &Verdict{Supported: true, Engines: m.Engines}
	if m.names != nil {
		v.Reads, _ = m.Bind(nil, nil)
	}
	return v
}

func rootPlace(v any) string {
	if o, ok := v.(*pickle.Object); ok {
		return o.Class.Name
	}
	return typeName(v)
}

// describer walks a decoded value; an object that it met before is not
// described again.
type describer struct {
	refused bool // the model
	seen    map[*pickle.Object]bool
	left    int // how much more is told, see spend
	depth   int // of objects within objects
}

const (
	deepest   = 100 // objects within objects are described
	nodeBytes = 64  // about what a Node takes beside its place
)

// spend accounts for n values or bytes that are told; false says that it is
// enough.
func (d *describer) spend(n int) bool {
	d.left -= n
	return d.left >= 0
}

func (d *describer) value(v any, name, place string) *Node {
	if o, ok := v.(*pickle.Object); ok {
		return d.object(o, name, place)
	}
	n := &Node{Place: place, Name: name, Class: typeName(v)}
	switch v := v.(type) {
	case *pickle.Dict:
		n.Params = map[string]string{}
		for i, key := range v.Keys {
			if !d.spend(1) {
				break
			}
			at := fmt.Sprintf("%s[%s]", place, repr(key))
			if child := d.estimator(v.Values[i], repr(key), at); child != nil {
				n.Children = append(n.Children, child)
			} else {
				n.Params[repr(key)] = repr(v.Values[i])
			}
		}
	case *pickle.List, pickle.Tuple:
		for i, item := range elements(v) {
			if !d.spend(1) {
				break
			}
			if child := d.estimator(item, "", fmt.Sprintf("%s[%d]", place, i)); child != nil {
				n.Children = append(n.Children, child)
			}
		}
	}
	return n
}

// estimator describes a value if scikit-learn wrote it as an estimator.
func (d *describer) estimator(v any, name, place string) *Node {
	o, ok := v.(*pickle.Object)
	if !ok || d.seen[o] {
		return nil
	}
	if _, ok := o.Attr("_sklearn_version"); !ok {
		return nil
	}
	return d.object(o, name, place)
}

func (d *describer) object(raw *pickle.Object, name, place string) *Node {
	n := &Node{Place: place, Name: name, Class: estimator.PublicName(raw.Class)}
	_, known := registry[n.Class]
	n.Unknown = d.refused && !known && !isPandas(raw)
	if d.seen[raw] || d.depth == deepest {
		return n
	}
	d.seen[raw] = true
	d.depth++
	defer func() { d.depth-- }()
	state, ok := raw.State.(*pickle.Dict)
	if !ok {
		return n
	}
	n.Version, _ = attrString(raw, "_sklearn_version")
	n.Params, n.Fitted = map[string]string{}, map[string]string{}
	for i, key := range state.Keys {
		if key, ok := key.(string); ok && !strings.HasPrefix(key, "_") && d.spend(1+len(n.Place)+len(key)) {
			d.attribute(n, raw, key, state.Values[i])
		}
	}
	return n
}

// attribute sorts one attribute into what a Node tells.
func (d *describer) attribute(n *Node, raw *pickle.Object, key string, v any) {
	switch key {
	case "n_features_in_":
		if i, ok := v.(int64); ok {
			n.Features = int(i)
		}
		return
	case "feature_names_in_":
		if a, ok := v.(*pickle.Array); ok && d.spend(a.Len()+len(a.Data)) {
			n.FeatureNames, _ = a.Strings()
		}
		return
	case "classes_":
		if a, ok := v.(*pickle.Array); ok && d.spend(a.Len()+len(a.Data)) {
			if c, err := estimator.ClassesOf(a); err == nil {
				n.Classes = c.Text
				return
			}
		}
	case "steps", "transformer_list", "transformers_":
		for i, entry := range elements(v) {
			if !d.spend(nodeBytes + len(n.Place)) {
				break
			}
			d.member(n, entry, fmt.Sprintf("%s.%s[%d]", n.Place, key, i))
		}
		return
	case "transformers":
		if _, fitted := raw.Attr("transformers_"); fitted {
			return
		}
	case "estimator_":
		if _, ensemble := raw.Attr("estimators_"); ensemble {
			return // only what its members were made from
		}
	}
	if !strings.HasSuffix(key, "_") {
		n.Params[key] = repr(v)
		return
	}
	if !d.inside(n, key, v) {
		n.Fitted[key] = repr(v)
	}
}

// member describes a step: (name, estimator) or (name, transformer, columns).
func (d *describer) member(n *Node, entry any, place string) {
	parts := elements(entry)
	if len(parts) < 2 {
		return
	}
	name, _ := parts[0].(string)
	child := d.value(parts[1], name, place)
	if s, ok := parts[1].(string); ok {
		child.Class = s // "passthrough" or "drop"
	}
	if len(parts) > 2 {
		for _, c := range elements(parts[2]) {
			if !d.spend(1) {
				break
			}
			child.Columns = append(child.Columns, plain(c))
		}
		if child.Columns == nil {
			child.Columns = []string{plain(parts[2])}
		}
	}
	n.Children = append(n.Children, child)
}

// inside describes a fitted attribute that is an estimator or several of them.
func (d *describer) inside(n *Node, key string, v any) bool {
	place := n.Place + "." + key
	if _, ok := v.(*pickle.Object); ok {
		child := d.estimator(v, strings.TrimSuffix(key, "_"), place)
		if child == nil {
			return false
		}
		n.Children = append(n.Children, child)
		return true
	}
	items := elements(v)
	if !d.spend(len(items) + len(place)) {
		return false
	}
	classes := map[pickle.Global]bool{}
	for _, item := range items {
		o, ok := item.(*pickle.Object)
		if !ok {
			return false
		}
		classes[o.Class] = true
	}
	if len(items) == 0 {
		return false
	}
	n.Estimators = len(items)
	if len(items) > mostAlike && len(classes) == 1 {
		n.Fitted[key] = fmt.Sprintf("%d × %s", len(items), items[0].(*pickle.Object).Class.Name)
		return true
	}
	for i, item := range items {
		if !d.spend(nodeBytes + len(place)) {
			break
		}
		n.Children = append(n.Children, d.value(item, "", fmt.Sprintf("%s[%d]", place, i)))
	}
	return true
}

// WriteText writes the tree for a terminal, two spaces a level.
func (n *Node) WriteText(w io.Writer) error {
	var b strings.Builder
	n.text(&b, "")
	_, err := io.WriteString(w, b.String())
	return err
}

func (n *Node) text(b *strings.Builder, indent string) {
	b.WriteString(indent)
	if n.Name != "" {
		b.WriteString(n.Name + ": ")
	}
	b.WriteString(n.Class)
	if n.Version != "" && indent == "" {
		b.WriteString(" (scikit-learn " + n.Version + ")")
	}
	if n.Unknown {
		b.WriteString("  [not known to this build]")
	}
	b.WriteByte('\n')
	indent += "  "
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(b, "%s%s: %s\n", indent, label, text)
		}
	}
	if v := n.Verdict; v != nil && v.Supported {
		line("supported", "yes")
		line("reads", v.reads())
		line("engines", v.engines())
	} else if v != nil {
		line("supported", "no: "+v.Reason)
	}
	line("columns", few(n.Columns))
	if n.Features > 0 {
		line("features", strings.TrimSuffix(fmt.Sprintf("%d: %s", n.Features, few(n.FeatureNames)), ": "))
	}
	line("classes", few(n.Classes))
	line("params", pairs(n.Params))
	line("fitted", pairs(n.Fitted))
	for _, c := range n.Children {
		c.text(b, indent)
	}
}

func (v *Verdict) reads() string {
	out := make([]string, len(v.Reads))
	for i, f := range v.Reads {
		out[i] = f.Name + " (" + f.Kind.String() + ")"
	}
	return few(out)
}

func (v *Verdict) engines() string {
	out := make([]string, len(v.Engines))
	for i, e := range v.Engines {
		out[i] = e.Place + ": " + e.How
	}
	return few(out)
}

// few lists names, but not more than a reader wants to see.
func few(names []string) string {
	const most = 20
	if len(names) > most {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("… (%d in all)", len(names)))
	}
	return strings.Join(names, ", ")
}

func pairs(m map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+"="+m[k])
	}
	return strings.Join(out, ", ")
}
