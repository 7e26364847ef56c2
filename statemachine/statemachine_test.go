package statemachine_test

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"brine/infra/local/asl"
	"brine/statemachine"
)

// TestDefinition holds the definition to the strict reading of brine-local's
// interpreter. It finds what the linters of others let pass: each of these
// mistakes deploys, and shows only in an execution.
func TestDefinition(t *testing.T) {
	if err := parse(t, statemachine.Definition); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"ItemReader in INLINE mode", `"Mode": "DISTRIBUTED"`, `"Mode": "INLINE"`, "only a Map in DISTRIBUTED mode reads its items"},
		{"a path without .$", `"Key.$": "$.manifest.key"`, `"Key": "$.manifest.key"`, "the name must end with .$"},
		{"a misspelt States. name", `"ErrorEquals": ["States.ALL"], "ResultPath"`, `"ErrorEquals": ["States.All"], "ResultPath"`, `there is no error "States.All"`},
		{"States.ALL not last", `"Catch": [`, `"Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Failed" }, `, "States.ALL must be in the last one"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			broken := strings.Replace(statemachine.Definition, test.old, test.new, 1)
			if broken == statemachine.Definition {
				t.Fatal("the definition is not changed")
			}
			if err := parse(t, broken); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

const functions = "arn:aws:lambda:us-east-1:000000000000:function:"

func parse(t *testing.T, definition string) error {
	_, err := machine(t, definition)
	return err
}

func machine(t *testing.T, definition string) (*asl.Machine, error) {
	t.Helper()
	text, err := asl.Substitute(definition, map[string]string{
		"ValidateFunctionArn": functions + "validate", "PredictFunctionArn": functions + "predict", "WriteFunctionArn": functions + "write",
	})
	if err != nil {
		t.Fatal(err)
	}
	return asl.Parse(text)
}

// TestThrottled has far more shards than Lambda runs at once, as in an account
// of which others take the quota for half an hour.
func TestThrottled(t *testing.T) {
	m, err := machine(t, statemachine.Definition)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		account := &account{slots: 10, shards: 500, takes: 20 * time.Second, from: time.Now().Add(30 * time.Minute)}
		output, err := m.Run(t.Context(), asl.Execution{
			ID: "arn:aws:states:us-east-1:000000000000:execution:m:e", Name: "e", Start: time.Now(), Platform: account, Observer: account,
		}, []byte(`{}`))
		if err != nil || string(output) != `{"shards":0}` {
			t.Fatalf("%s, %v", output, err)
		}
		if done := account.done.Load(); done != int64(account.shards) || account.throttled.Load() == 0 {
			t.Errorf("%d shards are done, %d calls were throttled", done, account.throttled.Load())
		}
	})
}

// account is a platform on which few functions run at once, and none at first.
type account struct {
	slots, shards int
	takes         time.Duration // a function
	from          time.Time     // they run

	running, throttled, done atomic.Int64
}

func (a *account) Invoke(_ context.Context, arn string, _ []byte) ([]byte, error) {
	if running := a.running.Add(1); running > int64(a.slots) || time.Now().Before(a.from) {
		a.running.Add(-1)
		a.throttled.Add(1)
		return nil, &asl.Error{Name: "Lambda.TooManyRequestsException", Cause: "Rate Exceeded"}
	}
	time.Sleep(a.takes)
	a.running.Add(-1)
	switch strings.TrimPrefix(arn, functions) {
	case "validate":
		return json.Marshal(map[string]any{"shards": a.shards, "manifest": map[string]string{"bucket": "b", "key": "k"}})
	case "predict":
		a.done.Add(1)
		return []byte("null"), nil
	}
	return []byte(`{"shards":0}`), nil
}

func (a *account) Open(context.Context, string, string) (io.ReadCloser, error) {
	items, err := json.Marshal(make([]struct{}, a.shards))
	return io.NopCloser(strings.NewReader(string(items))), err
}

func (a *account) Event(asl.Event) {}

func (a *account) Progress(string, int, int) {}
