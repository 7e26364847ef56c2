package table

import (
	"fmt"
	"slices"
	"strings"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
)

// Column is a table column that a model reads: a Number, Text or Unused.
type Column struct {
	Name string
	Kind frame.Kind
}

// Layout says how the records of one job are read and written. It follows
// from its arguments alone, is immutable and serves many goroutines.
type Layout struct {
	dialect
	header   *Header
	features []Column
	alias    []int // a feature → the first of the same name
	fields   []field
	outputs  []string // the prediction columns' names
	order    []int    // outputs in the order of a record's cuts
	appended int      // the last of order, which are behind the record
}

// field is what a table column is to the job.
type field struct {
	use      use
	feature  int  // for number and text
	replaced bool // by a prediction
}

type use uint8

const (
	unread use = iota
	number
	text
)

// NewLayout reads the features' columns and writes outputs prediction columns:
// one is called predictionColumn, several predictionColumn_0 and so on. A
// column of that name is replaced in its place, others go behind the record.
//
// Errors are ValidationErrors: one names all features that the header lacks,
// one a name that is needed and occurs twice.
func NewLayout(h *Header, features []Column, predictionColumn string, outputs int) (*Layout, error) {
	l := &Layout{
		dialect:  newDialect(h.Delimiter),
		header:   h,
		features: features,
		alias:    make([]int, len(features)),
		fields:   make([]field, len(h.Names)),
		outputs:  []string{predictionColumn},
	}
	if outputs != 1 {
		l.outputs = make([]string, outputs)
		for i := range l.outputs {
			l.outputs[i] = fmt.Sprintf("%s_%d", predictionColumn, i)
		}
	}
	at, twice := map[string]int{}, map[string]bool{}
	for i, name := range h.Names {
		if _, ok := at[name]; ok {
			twice[name] = true
		}
		at[name] = i
	}
	if err := l.read(at); err != nil {
		return nil, err
	}
	l.write(at)
	for _, f := range l.features {
		if twice[f.Name] && f.Kind != frame.Unused {
			return nil, occursTwice(f.Name, "a feature")
		}
	}
	for _, name := range l.outputs {
		if twice[name] {
			return nil, occursTwice(name, "to be replaced by the prediction")
		}
	}
	return l, nil
}

func occursTwice(name, role string) error {
	e := job.Invalid("the header has this name more than once, and the column is %s", role).
		WithHint("Rename or remove the others")
	e.Column = name
	return e
}

// read finds the features' columns.
func (l *Layout) read(at map[string]int) error {
	var missing []string
	for i, f := range l.features {
		l.alias[i] = i
		if f.Kind == frame.Unused {
			continue
		}
		c, ok := at[f.Name]
		switch {
		case !ok:
			if !slices.Contains(missing, f.Name) {
				missing = append(missing, f.Name)
			}
		case l.fields[c].use == unread:
			l.fields[c] = field{use: number, feature: i}
			if f.Kind == frame.Text {
				l.fields[c].use = text
			}
		case l.features[l.fields[c].feature].Kind != f.Kind:
			e := job.Invalid("the model reads the column both as numbers and as text")
			e.Column = f.Name
			return e
		default:
			l.alias[i] = l.fields[c].feature
		}
	}
	if len(missing) > 0 {
		return MissingColumns(missing)
	}
	return nil
}

// cuts is how many places of a record AppendRows needs.
func (l *Layout) cuts() int {
	n := 2 * (len(l.order) - l.appended)
	if l.appended > 0 {
		n++
	}
	return n
}

// MissingColumns is the error of a table that lacks feature columns; it names
// all of them.
func MissingColumns(names []string) error {
	return job.Invalid("Missing required feature columns: %s", strings.Join(names, ", "))
}

// write finds the outputs' places.
func (l *Layout) write(at map[string]int) {
	replacedBy := make(map[int]int)
	var behind []int
	for i, name := range l.outputs {
		if c, ok := at[name]; ok {
			l.fields[c].replaced = true
			replacedBy[c] = i
		} else {
			behind = append(behind, i)
		}
	}
	for c := range l.fields {
		if l.fields[c].replaced {
			l.order = append(l.order, replacedBy[c])
		}
	}
	l.order = append(l.order, behind...)
	l.appended = len(behind)
}

// Columns is how many columns the result has.
func (l *Layout) Columns() int { return len(l.fields) + l.appended }

// AppendHeader appends the header as it was, its byte order mark and line end
// included, with the names of the new columns behind it.
func (l *Layout) AppendHeader(dst []byte) []byte {
	dst = append(dst, l.header.raw...)
	for _, i := range l.order[len(l.order)-l.appended:] {
		dst = append(dst, l.delimiter)
		dst = append(dst, l.quote(l.outputs[i])...)
	}
	return append(dst, l.header.Newline...)
}
