package statemachine_test

import (
	"strings"
	"testing"

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

func parse(t *testing.T, definition string) error {
	t.Helper()
	const function = "arn:aws:lambda:us-east-1:000000000000:function:"
	text, err := asl.Substitute(definition, map[string]string{
		"ValidateFunctionArn": function + "validate", "PredictFunctionArn": function + "predict", "WriteFunctionArn": function + "write",
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = asl.Parse(text)
	return err
}
