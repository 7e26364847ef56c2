package asl

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// good is a definition of every kind of state; each of the broken ones
// differs from it in one place.
const good = `{
  "Comment": "c", "StartAt": "T", "Version": "1.0", "QueryLanguage": "JSONPath", "TimeoutSeconds": 60,
  "States": {
    "T": {"Type": "Task", "Resource": "FN:f", "Parameters": {"a.$": "$.a", "b": ["c"]}, "ResultPath": "$.t", "TimeoutSeconds": 5,
      "Retry": [{"ErrorEquals": ["Lambda.Unknown"], "IntervalSeconds": 1, "MaxDelaySeconds": 9}, {"ErrorEquals": ["States.ALL"], "JitterStrategy": "FULL"}],
      "Catch": [{"ErrorEquals": ["E"], "Next": "F"}, {"ErrorEquals": ["States.ALL"], "Next": "F"}], "Next": "C"},
    "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 0, "Next": "S"}], "Default": "M"},
    "M": {"Type": "Map", "Label": "L", "MaxConcurrency": 10, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"}, "Parameters": {"Bucket.$": "$.b", "Key.$": "$.k"}},
      "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}},
      "ItemSelector": {"v.$": "$$.Map.Item.Value"}, "Next": "S"},
    "F": {"Type": "Fail", "Error": "E", "CausePath": "$.c"},
    "S": {"Type": "Succeed"}
  }
}`

func TestParse(t *testing.T) {
	m, err := Parse(strings.ReplaceAll(good, "FN:", functions))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{functions + "f"}; !reflect.DeepEqual(m.Functions(), want) {
		t.Error(m.Functions())
	}
}

func TestBroken(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"no JSON", `"StartAt": "T",`, `"StartAt": "T"`, "not JSON: "},
		{"text behind", "\n}", "\n}}", "not JSON: "},
		{"a field twice", `"Comment": "c",`, `"Comment": "c", "Comment": "d",`, `not JSON: "Comment" is given twice`},
		{"unknown field", `"Comment": "c",`, `"Coment": "c",`, "Coment: unknown or unsupported field"},
		{"a field in other letters", `"Resource": "FN:f"`, `"resource": "FN:f"`, "States.T: Resource is missing"},
		{"unknown field of a state", `"Resource": "FN:f",`, `"Resource": "FN:f", "HeartbeatSeconds": 4,`, "States.T.HeartbeatSeconds: unknown or unsupported field"},
		{"unknown version", `"1.0"`, `"2.0"`, `Version: "2.0" is not supported: it must be 1.0`},
		{"JSONata", `"JSONPath"`, `"JSONata"`, `QueryLanguage: "JSONata" is not supported: it must be JSONPath`},
		{"StartAt leads nowhere", `"StartAt": "T"`, `"StartAt": "X"`, `StartAt: there is no state "X"; there are C, F, M, S, T`},
		{"no StartAt", `"StartAt": "T",`, ``, `: StartAt is missing`},
		{"Next leads nowhere", `"Next": "C"`, `"Next": "X"`, `States.T.Next: there is no state "X"; there are C, F, M, S, T`},
		{"Choice leads nowhere", `0, "Next": "S"`, `0, "Next": "X"`, `States.C.Choices[0].Next: there is no state "X"`},
		{"Default leads nowhere", `"Default": "M"`, `"Default": "X"`, `States.C.Default: there is no state "X"`},
		{"Catch leads nowhere", `["E"], "Next": "F"`, `["E"], "Next": "X"`, `States.T.Catch[0].Next: there is no state "X"`},
		{"no Next", `, "Next": "C"`, ``, `States.T: must have either Next or "End": true`},
		{"Next and End", `"Next": "C"`, `"Next": "C", "End": true`, `States.T: must have either Next or "End": true`},
		{"Next of a Fail", `"Error": "E",`, `"Error": "E", "Next": "S",`, `States.F.Next: unknown or unsupported field`},
		{"unreachable", `"Default": "M"`, `"Default": "S"`, `States.M: no state leads here`},
		{"out of a Map", `{"Type": "Pass", "End": true}`, `{"Type": "Pass", "Next": "S"}`, `States.M.ItemProcessor.States.I.Next: there is no state "S"`},
		{"a name twice", `"StartAt": "I", "States": {"I"`, `"StartAt": "S", "States": {"S"`, `States.S: another state has the same name`},
		{"unknown type", `"Type": "Succeed"`, `"Type": "Wait"`, `States.S.Type: "Wait" is not supported`},
		{"a type in other letters", `"Type": "Succeed"`, `"Type": "succeed"`, `States.S.Type: "succeed" is not supported`},
		{"Resource of another form", `"FN:f"`, `"arn:aws:states:::lambda:invoke"`, `States.T.Resource: "arn:aws:states:::lambda:invoke" is not supported`},
		{"Resource with a version", `"FN:f"`, `"FN:f:1"`, `States.T.Resource: "` + functions + `f:1" is not supported`},
		{"Resource that was not put in", `"FN:f"`, `"${F}"`, `States.T.Resource: "${F}" is not supported`},
		{"intrinsic", `"$.a"`, `"States.Format('a')"`, `States.T.Parameters.a.$: path "States.Format('a')" does not begin with $ (intrinsic`},
		{"wildcard", `"$.a"`, `"$.a[*]"`, `States.T.Parameters.a.$: path "$.a[*]": "[*]" is not supported`},
		{"recursive path", `"$.a"`, `"$..a"`, `States.T.Parameters.a.$: path "$..a": "..a" is not supported`},
		{"filter", `"$.a"`, `"$.a[?(@.b)]"`, `States.T.Parameters.a.$: path "$.a[?(@.b)]"`},
		{"negative index", `"$.a"`, `"$.a[-1]"`, `States.T.Parameters.a.$: path "$.a[-1]"`},
		{"unknown context", `"$.a"`, `"$$.Execution.Nam"`, `States.T.Parameters.a.$: path "$$.Execution.Nam": the context object has no such field`},
		{"an item outside of a Map", `"$.a"`, `"$$.Map.Item.Value"`, `States.T.Parameters.a.$: path "$$.Map.Item.Value": there is an item in an ItemSelector only`},
		{"a path without .$", `"Bucket.$": "$.b"`, `"Bucket": "$.b"`, `States.M.ItemReader.Parameters.Bucket: "$.b" is not read as a path: the name must end with .$`},
		{"a path without .$ in a list", `"b": ["c"]`, `"b": ["$.c"]`, `States.T.Parameters.b[0]: "$.c" is not read as a path`},
		{"a name with and without .$", `"b": ["c"]`, `"a": 1`, `States.T.Parameters.a.$: "a" is given twice`},
		{"a path that is none", `"$.a"`, `1`, `States.T.Parameters.a.$: must be a path`},
		{"ResultPath with an index", `"ResultPath": "$.t"`, `"ResultPath": "$.t[0]"`, `States.T.ResultPath: path "$.t[0]": an index is not supported here`},
		{"ResultPath into the context", `"ResultPath": "$.t"`, `"ResultPath": "$$.State.Name"`, `States.T.ResultPath: the context object can't be written to`},
		{"context in a ResultSelector", `"ResultPath": "$.t"`, `"ResultSelector": {"a.$": "$$.State.Name"}`, `States.T.ResultSelector.a.$: path "$$.State.Name": the context object can't be read here`},
		{"TimeoutSeconds of 0", `"TimeoutSeconds": 5`, `"TimeoutSeconds": 0`, `States.T.TimeoutSeconds: must be a whole number from 1 to 99999999`},
		{"TimeoutSeconds as text", `"TimeoutSeconds": 5`, `"TimeoutSeconds": "5"`, `States.T.TimeoutSeconds: must be a whole number`},
		{"States.ALL not last in Retry", `["Lambda.Unknown"]`, `["States.ALL"]`, `States.T.Retry[0].ErrorEquals: States.ALL must be in the last one`},
		{"States.ALL not last in Catch", `["E"], "Next"`, `["States.ALL"], "Next"`, `States.T.Catch[0].ErrorEquals: States.ALL must be in the last one`},
		{"States.ALL not alone", `"ErrorEquals": ["States.ALL"], "J`, `"ErrorEquals": ["E", "States.ALL"], "J`, `States.T.Retry[1].ErrorEquals[1]: States.ALL must stand alone`},
		{"States. misspelt", `["Lambda.Unknown"]`, `["States.TimeOut"]`, `States.T.Retry[0].ErrorEquals[0]: there is no error "States.TimeOut"`},
		{"states. in other letters", `["Lambda.Unknown"]`, `["states.all"]`, `States.T.Retry[0].ErrorEquals[0]: there is no error "states.all"`},
		{"Lambda. misspelt", `["Lambda.Unknown"]`, `["Lambda.Unkown"]`, `States.T.Retry[0].ErrorEquals[0]: there is no error "Lambda.Unkown"`},
		{"no error names", `["Lambda.Unknown"]`, `[]`, `States.T.Retry[0].ErrorEquals: must be an array of error names`},
		{"a delay of 0", `"IntervalSeconds": 1`, `"IntervalSeconds": 0`, `States.T.Retry[0].IntervalSeconds: must be a whole number from 1 to 31622400`},
		{"a longest delay that is too short", `"IntervalSeconds": 1`, `"IntervalSeconds": 10`, `States.T.Retry[0].MaxDelaySeconds: must be more than IntervalSeconds`},
		{"a rate under 1", `"IntervalSeconds": 1`, `"BackoffRate": 0.5`, `States.T.Retry[0].BackoffRate: must be a number of at least 1`},
		{"unknown jitter", `"FULL"`, `"HALF"`, `States.T.Retry[1].JitterStrategy: "HALF" is not supported: it must be NONE or FULL`},
		{"Catch without Next", `["E"], "Next": "F"`, `["E"]`, `States.T.Catch[0]: Next is missing`},
		{"unknown operator", `"NumericEquals": 0`, `"NumericEqual": 0`, `States.C.Choices[0]: has no operator that is supported`},
		{"two operators", `"NumericEquals": 0`, `"NumericEquals": 0, "IsNull": true`, `States.C.Choices[0]: has both IsNull and NumericEquals`},
		{"operand of another type", `"NumericEquals": 0`, `"NumericEquals": "0"`, `States.C.Choices[0].NumericEquals: must be a number`},
		{"no Variable", `"Variable": "$.n", `, ``, `States.C.Choices[0]: Variable is missing`},
		{"no Choices", `"Choices": [{"Variable": "$.n", "NumericEquals": 0, "Next": "S"}], `, ``, `States.C: Choices is missing`},
		{"Next within And", `"Variable": "$.n", "NumericEquals": 0`, `"And": [{"Variable": "$.n", "NumericEquals": 0, "Next": "S"}]`, `States.C.Choices[0].And[0].Next: unknown or unsupported field`},
		{"ItemReader in INLINE mode", `"DISTRIBUTED"`, `"INLINE"`, `States.M.ItemReader: only a Map in DISTRIBUTED mode reads its items`},
		{"express children", `"STANDARD"`, `"EXPRESS"`, `States.M.ItemProcessor.ProcessorConfig.ExecutionType: "EXPRESS" is not supported`},
		{"ItemReader of another form", `s3:getObject`, `s3:listObjectsV2`, `States.M.ItemReader.Resource: "arn:aws:states:::s3:listObjectsV2" is not supported`},
		{"ReaderConfig of another type", `"InputType": "JSON"`, `"InputType": "CSV"`, `States.M.ItemReader.ReaderConfig.InputType: "CSV" is not supported`},
		{"no ReaderConfig", `"ReaderConfig": {"InputType": "JSON"}, `, ``, `States.M.ItemReader: ReaderConfig is missing`},
		{"no Key", `, "Key.$": "$.k"`, ``, `States.M.ItemReader.Parameters: must have Bucket and Key`},
		{"ItemsPath and ItemReader", `"Label": "L"`, `"Label": "L", "ItemsPath": "$.a"`, `States.M.ItemReader: unknown or unsupported field`},
		{"ItemBatcher", `"Label": "L"`, `"Label": "L", "ItemBatcher": {}`, `States.M.ItemBatcher: unknown or unsupported field`},
		{"ToleratedFailureCount", `"Label": "L"`, `"ToleratedFailureCount": 1`, `States.M.ToleratedFailureCount: unknown or unsupported field`},
		{"ResultWriter", `"Label": "L"`, `"ResultWriter": {}`, `States.M.ResultWriter: unknown or unsupported field`},
		{"too many at once", `"MaxConcurrency": 10`, `"MaxConcurrency": 10001`, `States.M.MaxConcurrency: must be a whole number from 0 to 10000`},
		{"Label too long", `"Label": "L"`, `"Label": "` + strings.Repeat("l", 41) + `"`, `States.M.Label: must have at most 40 characters`},
		{"Cause and CausePath", `"CausePath"`, `"Cause": "c", "CausePath"`, `States.F: has both Cause and CausePath`},
		{"a name too long", `"StartAt": "I", "States": {"I"`, `"StartAt": "I", "States": {"` + strings.Repeat("i", 81) + `"`, `the name must have 1 to 80 characters`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			definition := strings.Replace(good, test.old, test.new, 1)
			if definition == good {
				t.Fatal("the definition is not changed")
			}
			_, err := Parse(strings.ReplaceAll(definition, "FN:", functions))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestParsePrediction holds the pipeline's own definition to this interpreter.
func TestParsePrediction(t *testing.T) {
	definition, err := os.ReadFile("../../../statemachine/prediction.asl.json")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{"ValidateFunctionArn": functions + "v", "PredictFunctionArn": functions + "p", "WriteFunctionArn": functions + "w"}
	text, err := Substitute(string(definition), values)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{functions + "p", functions + "v", functions + "w"}; !reflect.DeepEqual(m.Functions(), want) {
		t.Error(m.Functions())
	}
}

func TestSubstitute(t *testing.T) {
	got, err := Substitute(`"${A}" "${B}" "${A}"`, map[string]string{"A": "1", "B": "2"})
	if got != `"1" "2" "1"` || err != nil {
		t.Error(got, err)
	}
	_, err = Substitute(`"${C}"`, map[string]string{"A": "1", "B": "2"})
	if err == nil || err.Error() != "${C} has no value; values are known for A, B" {
		t.Error(err)
	}
}
