package job

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
)

// The payload's fields.
const (
	fieldModel    = "model_s3_uri"
	fieldData     = "data_s3_uri"
	fieldOutput   = "output_s3_uri"
	fieldColumn   = "prediction_column_name"
	fieldFeatures = "feature_columns"
	fieldOnError  = "on_error"
	fieldMaxRate  = "max_error_rate"
)

// What a job does with a row that cannot be predicted.
const (
	// Fail names the first one and makes no result, as scikit-learn does.
	Fail = "fail"
	// Reject leaves it out of the result and puts it into a table of its own.
	Reject = "reject"
)

// MaxErrorRate is the share of rows that may be rejected unless a job says
// otherwise.
const MaxErrorRate = 0.01

var requiredFields = []string{fieldModel, fieldData, fieldOutput, fieldColumn, fieldFeatures}

// Payload is a job as a user states it: the documented payload, part of it, or
// a model.json with its defaults. Fields that are not known are ignored.
type Payload map[string]json.RawMessage

// ParsePayload reads a JSON object. what names it in the error.
func ParsePayload(what string, data []byte) (Payload, error) {
	var p Payload
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &p); err != nil || p == nil {
		return nil, Invalid("%s must be a JSON object", what).
			WithHint("The fields are %s", strings.Join(requiredFields, ", "))
	}
	return p, nil
}

// Over returns p with what it leaves out taken from defaults. null counts as
// left out.
func (p Payload) Over(defaults Payload) Payload {
	all := maps.Clone(defaults)
	if all == nil {
		all = Payload{}
	}
	for field := range p {
		if p.has(field) {
			all[field] = p[field]
		}
	}
	return all
}

// Set puts a string into a field.
func (p Payload) Set(field, value string) {
	p[field], _ = json.Marshal(value)
}

func (p Payload) has(field string) bool {
	raw, ok := p[field]
	return ok && string(bytes.TrimSpace(raw)) != "null"
}

// Request is a job whose payload is complete and well-formed.
type Request struct {
	Model  URI    `json:"model_s3_uri"`
	Data   URI    `json:"data_s3_uri"`
	Output URI    `json:"output_s3_uri"`
	Column string `json:"prediction_column_name"`
	// Features are the table's columns in the model's order; nil ("auto" in a
	// payload) asks for the model's own feature_names_in_.
	Features []string `json:"feature_columns"`
	// OnError is Fail or Reject; "" means Fail.
	OnError string `json:"on_error,omitempty"`
	// MaxErrorRate is the share of rows, 0 to 1, beyond which a job that
	// rejects fails.
	MaxErrorRate float64 `json:"max_error_rate,omitempty"`
}

// Rejects reports whether rows that cannot be predicted are left out.
func (r *Request) Rejects() bool { return r.OnError == Reject }

// Ends of the keys beside a result's.
const (
	rejectsSuffix = ".rejects.csv"
	receiptSuffix = ".receipt.json"
)

// RejectsURI is where the rejected rows go.
func (r *Request) RejectsURI() URI { return r.Output.Sibling(rejectsSuffix) }

// ReceiptURI is where the receipt of a result goes. Of all that a job writes it has
// the longest key.
func ReceiptURI(result URI) URI { return result.Sibling(receiptSuffix) }

// Request checks the payload; every missing field is named in one error.
func (p Payload) Request() (*Request, error) {
	missing := slices.DeleteFunc(slices.Clone(requiredFields), p.has)
	if len(missing) > 0 {
		return nil, Invalid("Missing required fields: %s", strings.Join(missing, ", "))
	}
	var r Request
	var err error
	if r.Model, err = p.uri(fieldModel); err != nil {
		return nil, err
	}
	if r.Data, err = p.uri(fieldData); err != nil {
		return nil, err
	}
	if r.Output, err = p.uri(fieldOutput); err != nil {
		return nil, err
	}
	if r.Column, err = p.text(fieldColumn); err != nil {
		return nil, err
	}
	if r.Column == "" {
		return nil, Invalid("%s must not be empty", fieldColumn)
	}
	if r.Features, err = p.features(); err != nil {
		return nil, err
	}
	if r.OnError, r.MaxErrorRate, err = p.onError(); err != nil {
		return nil, err
	}
	return &r, r.Check()
}

// Check refuses what is out of range, a result beside which S3 takes no receipt,
// and a job that would overwrite what it reads.
func (r *Request) Check() error {
	if r.OnError != "" && r.OnError != Fail && r.OnError != Reject {
		return Invalid("%s must be %q or %q, found %q", fieldOnError, Fail, Reject, r.OnError)
	}
	if !(0 <= r.MaxErrorRate && r.MaxErrorRate <= 1) {
		return Invalid("%s must be from 0 to 1, found %v", fieldMaxRate, r.MaxErrorRate)
	}
	if receipt := ReceiptURI(r.Output); receipt.Bucket != "" && len(receipt.Key) > MaxKey {
		return Invalid("%s leaves no room for a receipt beside it: the receipt's key would have %d bytes, more than S3's 1,024", fieldOutput, len(receipt.Key)).
			WithHint("Name a result with a key of at most %d bytes; unless one is named, it has the table's key", MaxKey-len(receipt.Key)+len(r.Output.Key))
	}
	for _, suffix := range []string{receiptSuffix, rejectsSuffix} {
		if r.Output.Bucket != "" && strings.HasSuffix(r.Output.Key, suffix) {
			return Invalid("%s ends in %s, as what is written beside another result does: %s", fieldOutput, suffix, r.Output).
				WithHint("Name a result that does not; unless one is named, it has the table's key")
		}
	}
	for _, from := range []struct {
		field string
		uri   URI
	}{{fieldData, r.Data}, {fieldModel, r.Model}} {
		switch {
		case from.uri == r.Output:
			return Invalid("%s is the same object as %s: %s", fieldOutput, from.field, r.Output).
				WithHint("Name another object for the result")
		case from.uri == ReceiptURI(r.Output), r.Rejects() && from.uri == r.RejectsURI():
			return Invalid("%s is what the job writes beside %s: %s", from.field, fieldOutput, from.uri).
				WithHint("Name another object for the result")
		}
	}
	return nil
}

// DataURI returns data_s3_uri.
func (p Payload) DataURI() (URI, error) { return p.requiredURI(fieldData) }

// OutputURI returns output_s3_uri.
func (p Payload) OutputURI() (URI, error) { return p.requiredURI(fieldOutput) }

// Reads tells whether the payload names an object as its model or data.
func (p Payload) Reads(object URI) bool {
	return slices.ContainsFunc([]string{fieldModel, fieldData}, func(field string) bool {
		uri, err := p.uri(field)
		return err == nil && uri == object
	})
}

func (p Payload) requiredURI(field string) (URI, error) {
	if !p.has(field) {
		return URI{}, Invalid("Missing required fields: %s", field)
	}
	return p.uri(field)
}

func (p Payload) text(field string) (string, error) {
	var s string
	if err := json.Unmarshal(p[field], &s); err != nil {
		return "", wrongType(field, "a string", err)
	}
	return s, nil
}

func (p Payload) uri(field string) (URI, error) {
	s, err := p.text(field)
	if err != nil {
		return URI{}, err
	}
	return ParseURI(field, s)
}

// features reads a list of names, or "auto" as nil.
func (p Payload) features() ([]string, error) {
	if s, err := p.text(fieldFeatures); err == nil {
		if s != "auto" {
			return nil, Invalid(`%s must be a list of column names or "auto", found %q`, fieldFeatures, s)
		}
		return nil, nil
	}
	var names []string
	if err := json.Unmarshal(p[fieldFeatures], &names); err != nil {
		return nil, wrongType(fieldFeatures, `a list of column names or "auto"`, err)
	}
	return names, CheckFeatures(fieldFeatures, names)
}

// onError reads what is to be done with bad rows, and how many there may be.
func (p Payload) onError() (string, float64, error) {
	do, rate := Fail, MaxErrorRate
	var err error
	if p.has(fieldOnError) {
		if do, err = p.text(fieldOnError); err != nil {
			return "", 0, err
		}
	}
	if p.has(fieldMaxRate) {
		if err := json.Unmarshal(p[fieldMaxRate], &rate); err != nil {
			return "", 0, wrongType(fieldMaxRate, "a number", err)
		}
	}
	return do, rate, nil
}

// CheckFeatures refuses a list of feature columns that is empty, names one twice,
// or one of no name. where is what the user calls the list.
func CheckFeatures(where string, names []string) error {
	if len(names) == 0 {
		return Invalid("%s must name at least one column", where)
	}
	seen := map[string]bool{}
	for _, name := range names {
		if name == "" {
			return Invalid("%s has a name that is empty", where)
		}
		if seen[name] {
			return Invalid("%s names %q twice", where, name)
		}
		seen[name] = true
	}
	return nil
}

func wrongType(field, want string, err error) error {
	found := "something else"
	if t := (*json.UnmarshalTypeError)(nil); errors.As(err, &t) {
		found = t.Value
	}
	return Invalid("%s must be %s, found %s", field, want, found)
}
