package job

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Type is the `error_type` of a response and the error name that the state
// machine's Retry and Catch match on.
type Type string

// The kinds of failure that a user can tell apart.
const (
	// ValidationError is the user's to mend: payload, model, table or rights. Status 400.
	ValidationError Type = "ValidationError"
	// SystemError is what nobody could have foreseen. Status 500.
	SystemError Type = "SystemError"
	// MemoryError says that the function needs more memory. Status 500.
	MemoryError Type = "MemoryError"
	// TimeoutError says that the function needs more time. Status 500.
	TimeoutError Type = "TimeoutError"
	// TransientError is S3 or the network failing for a while; worth a retry. Status 500.
	TransientError Type = "TransientError"
)

// Error is the one error type of the project: what went wrong, where, and
// what to do about it. Its zero Type means SystemError.
type Error struct {
	Type    Type
	Object  string // what it is about, such as Data s3://bucket/key; may be empty
	Message string // what is wrong, a sentence without its full stop
	Row     int64  // 1-based data row (the header not counted); 0 if no row is to blame
	Column  string // the table's column, if one is to blame
	Value   string // the cell's text, if one is to blame
	Broken  bool   // where the row ends is in doubt, and so are those behind it
	Hint    string // what the user can do; may be empty
	Err     error  // the cause, if there is one
}

// Invalid returns a ValidationError; the message is formatted as by fmt.Sprintf.
func Invalid(format string, args ...any) *Error {
	return &Error{Type: ValidationError, Message: fmt.Sprintf(format, args...)}
}

// WithHint adds what the user can do and returns e.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// Error reads: object: row 3, column "age", value "abc": not a number: cause. Hint.
func (e *Error) Error() string {
	var where []string
	if e.Row > 0 {
		where = append(where, "row "+strconv.FormatInt(e.Row, 10))
	}
	if e.Column != "" {
		where = append(where, fmt.Sprintf("column %q", e.Column))
	}
	if e.Value != "" {
		where = append(where, fmt.Sprintf("value %q", e.Value))
	}
	text := e.Message
	if len(where) > 0 {
		text = strings.Join(where, ", ") + ": " + text
	}
	if e.Object != "" {
		text = e.Object + ": " + text
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	if e.Hint != "" {
		text += ". " + e.Hint
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// TypeOf is the one place that decides what kind of failure an error is.
func TypeOf(err error) Type {
	var e *Error
	if errors.As(err, &e) && e.Type != "" {
		return e.Type
	}
	return SystemError
}

// Status is the one place that decides between 400 and 500.
func Status(err error) int {
	if TypeOf(err) == ValidationError {
		return 400
	}
	return 500
}

// MaxValue is to how many bytes a cell is cut (Short) for an Error's Value.
const MaxValue = 60

// Short cuts a text for a message to about so many bytes, of which it keeps the
// first.
func Short[T string | []byte](text T, most int) string {
	if len(text) <= most {
		return string(text)
	}
	n := most
	for n > most-utf8.UTFMax && !utf8.RuneStart(text[n]) {
		n--
	}
	return string(text[:n]) + "…"
}
