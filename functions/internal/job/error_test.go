package job

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestErrorText(t *testing.T) {
	e := &Error{Type: ValidationError, Message: "not a number", Row: 3, Column: "age", Value: "abc", Hint: "Mend it"}
	if got, want := e.Error(), `row 3, column "age", value "abc": not a number. Mend it`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		kind   Type
	}{
		{Invalid("bad"), 400, ValidationError},
		{fmt.Errorf("while reading: %w", Invalid("bad")), 400, ValidationError},
		{errors.New("surprise"), 500, SystemError},
		{&Error{Message: "no type"}, 500, SystemError},
		{&Error{Type: MemoryError}, 500, MemoryError},
		{&Error{Type: TimeoutError}, 500, TimeoutError},
	} {
		if Status(c.err) != c.status || TypeOf(c.err) != c.kind {
			t.Errorf("%v: got %d %s, want %d %s", c.err, Status(c.err), TypeOf(c.err), c.status, c.kind)
		}
	}
}

func TestShort(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "abc…"},
		{"aéé", 2, "a…"},
		{"aéé", 3, "aé…"},
		{"東京東京", 8, "東京…"},
		{strings.Repeat("\x80", 10), 5, "\x80…"}, // is no text: it is cut somewhere
	} {
		if got := Short(c.text, c.most); got != c.want {
			t.Errorf("%q to %d bytes: got %q, want %q", c.text, c.most, got, c.want)
		}
		if got := Short([]byte(c.text), c.most); got != c.want {
			t.Errorf("%q to %d bytes: got %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

// TestLongError: an answer has room for it.
func TestLongError(t *testing.T) {
	long := strings.Repeat("é", 4<<20)
	for _, err := range []error{errors.New(long), Invalid("%s", long), &Error{Message: "no", Err: errors.New(long)}} {
		response := Failed(err)
		body := response.Body.(ErrorBody)
		if len(body.Error) > 5000 || !strings.HasSuffix(body.Error, "é…") || response.StatusCode != Status(err) || body.Type != TypeOf(err) {
			t.Errorf("got %d %s and %d bytes", response.StatusCode, body.Type, len(body.Error))
		}
	}
}

// TestResponses holds the documented JSON.
func TestResponses(t *testing.T) {
	receipt := &Receipt{Rows: 1000, Column: "price", Result: ResultReceipt{Object: Object{URI: URI{"b", "o.csv"}}}}
	for _, c := range []struct {
		response Response
		want     string
	}{
		{Succeeded(receipt), `{"statusCode":200,"body":{"success":true,"predictions_generated":1000,"output_s3_uri":"s3://b/o.csv","prediction_column_name":"price"}}`},
		{Failed(Invalid("Missing required feature columns: feature_x")), `{"statusCode":400,"body":{"success":false,"error":"Missing required feature columns: feature_x","error_type":"ValidationError"}}`},
		{Failed(errors.New("boom")), `{"statusCode":500,"body":{"success":false,"error":"boom","error_type":"SystemError"}}`},
	} {
		got, err := json.Marshal(c.response)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
