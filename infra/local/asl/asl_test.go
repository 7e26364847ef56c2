package asl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const functions = "arn:aws:lambda:us-east-1:000000000000:function:"

// fake is a platform of functions and objects in memory, and the observer of its executions.
type fake struct {
	functions map[string]func(ctx context.Context, payload string) (string, error)
	objects   map[string]string
	events    []string
	progress  []string
}

func (f *fake) Invoke(ctx context.Context, arn string, payload []byte) ([]byte, error) {
	response, err := f.functions[strings.TrimPrefix(arn, functions)](ctx, string(payload))
	return []byte(response), err
}

func (f *fake) Open(_ context.Context, bucket, key string) (io.ReadCloser, error) {
	object, ok := f.objects[bucket+"/"+key]
	if !ok {
		return nil, errors.New("NoSuchKey")
	}
	return io.NopCloser(strings.NewReader(object)), nil
}

func (f *fake) Event(e Event) { f.events = append(f.events, e.Type) }

func (f *fake) Progress(state string, done, total int) {
	f.progress = append(f.progress, fmt.Sprintf("%s %d/%d", state, done, total))
}

func (f *fake) run(ctx context.Context, t *testing.T, definition, input string) (string, error) {
	t.Helper()
	m, err := Parse(strings.ReplaceAll(definition, "FN:", functions))
	if err != nil {
		t.Fatal(err)
	}
	output, err := m.Run(ctx, Execution{
		ID: "arn:aws:states:us-east-1:000000000000:execution:m:e1", Name: "e1",
		MachineID: "arn:aws:states:us-east-1:000000000000:stateMachine:m", MachineName: "m",
		Start: time.Unix(1, 0), Platform: f, Observer: f,
	}, []byte(input))
	return string(output), err
}

func echo(_ context.Context, payload string) (string, error) { return payload, nil }

func fails(name string) func(context.Context, string) (string, error) {
	return func(context.Context, string) (string, error) { return "", &Error{name, "why"} }
}

// taskWith makes a definition of one task with further fields.
func taskWith(fields string) string {
	return `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"FN:f",` + fields + `}}}`
}

func catching(names string) string {
	return `{"StartAt":"T","States":{
		"T":{"Type":"Task","Resource":"FN:f","End":true,"Catch":[{"ErrorEquals":` + names + `,"ResultPath":"$.error","Next":"C"}]},
		"C":{"Type":"Pass","End":true}}}`
}

func choosing(rule string) string {
	return `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{` + rule + `,"Next":"Y"}],"Default":"N"},
		"Y":{"Type":"Pass","Result":"yes","End":true},"N":{"Type":"Pass","Result":"no","End":true}}}`
}

func mapping(fields string) string {
	return `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"L",` + fields + `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},
		"StartAt":"S","States":{"S":{"Type":"Task","Resource":"FN:f","End":true}}},"End":true}}}`
}

func TestRun(t *testing.T) {
	big := `"` + strings.Repeat("x", maxData) + `"`
	tests := []struct {
		name, definition, input string
		f                       func(context.Context, string) (string, error)
		want                    string // output, or the error
	}{
		{"task", taskWith(`"End":true`), `{"a":1}`, echo, `{"a":1}`},
		{"numbers are kept", taskWith(`"End":true`), `[12345678901234567890,1.10,1e400]`, echo, `[12345678901234567890,1.10,1e400]`},
		{"InputPath", taskWith(`"InputPath":"$.a.b[1]","End":true`), `{"a":{"b":[1,2]}}`, echo, `2`},
		{"InputPath with brackets", taskWith(`"InputPath":"$['a b'].c-d","End":true`), `{"a b":{"c-d":2}}`, echo, `2`},
		{"InputPath null", taskWith(`"InputPath":null,"End":true`), `{"a":1}`, echo, `{}`},
		{"InputPath to nothing", taskWith(`"InputPath":"$.b","End":true,"Retry":[{"ErrorEquals":["States.ALL"]}]`), `{"a":1}`, echo,
			`States.Runtime: Invalid path: the path "$.b" leads to nothing in the input {"a":1}`},
		{"Parameters", taskWith(`"Parameters":{"x":{"a.$":"$.a","list":[1,{"b.$":"$.b"}]}},"End":true`), `{"a":1,"b":"<&>"}`, echo, `{"x":{"a":1,"list":[1,{"b":"<&>"}]}}`},
		{"Parameters to nothing", taskWith(`"Parameters":{"x.$":"$.c"},"End":true`), `{}`, echo, `States.Runtime: Parameters: the path "$.c" leads to nothing in the input {}`},
		{"context", taskWith(`"Parameters":{"e.$":"$$.Execution.Name","i.$":"$$.Execution.Id","s.$":"$$.State.Name","in.$":"$$.Execution.Input.a","t.$":"$$.Execution.StartTime","m.$":"$$.StateMachine.Name"},"End":true`),
			`{"a":1}`, echo, `{"e":"e1","i":"arn:aws:states:us-east-1:000000000000:execution:m:e1","in":1,"m":"m","s":"T","t":"1970-01-01T00:00:01.000Z"}`},
		{"ResultSelector", taskWith(`"ResultSelector":{"x.$":"$.a"},"ResultPath":"$.r.s","End":true`), `{"a":1}`, echo, `{"a":1,"r":{"s":{"x":1}}}`},
		{"ResultPath keeps what InputPath left out", taskWith(`"InputPath":"$.a","ResultPath":"$.b","End":true`), `{"a":1,"b":2}`, echo, `{"a":1,"b":1}`},
		{"ResultPath null", taskWith(`"InputPath":"$.a","ResultPath":null,"End":true`), `{"a":1}`, echo, `{"a":1}`},
		{"ResultPath without an object", taskWith(`"ResultPath":"$.a.b","End":true`), `{"a":1}`, echo, `States.ResultPathMatchFailure: ResultPath "$.a.b": "b" has no object to be put into`},
		{"OutputPath", taskWith(`"OutputPath":"$.a","End":true`), `{"a":1}`, echo, `1`},
		{"OutputPath null", taskWith(`"OutputPath":null,"End":true`), `{"a":1}`, echo, `{}`},
		{"no JSON from a function", taskWith(`"End":true`), `{}`, func(context.Context, string) (string, error) { return "{", nil }, `States.Runtime: the response of the function f is not JSON: unexpected EOF`},
		{"error without a name", taskWith(`"End":true`), `{}`, func(context.Context, string) (string, error) { return "", errors.New("lost") }, `States.TaskFailed: lost`},

		{"catch by name", catching(`["A","B"]`), `{"a":1}`, fails("B"), `{"a":1,"error":{"Cause":"why","Error":"B"}}`},
		{"catch another name", catching(`["A"]`), `{}`, fails("B"), `B: why`},
		{"catch all", catching(`["States.ALL"]`), `{}`, fails("B"), `{"error":{"Cause":"why","Error":"B"}}`},
		{"catch all timeouts", catching(`["States.ALL"]`), `{}`, fails("States.Timeout"), `{"error":{"Cause":"why","Error":"States.Timeout"}}`},
		{"TaskFailed is no timeout", catching(`["States.TaskFailed"]`), `{}`, fails("States.Timeout"), `States.Timeout: why`},
		{"TaskFailed is any other", catching(`["States.TaskFailed"]`), `{}`, fails("X"), `{"error":{"Cause":"why","Error":"X"}}`},
		{"nothing catches Runtime", catching(`["States.ALL"]`), `{}`, fails("States.Runtime"), `States.Runtime: why`},
		{"all is not DataLimitExceeded", catching(`["States.ALL"]`), `{}`, fails("States.DataLimitExceeded"), `States.DataLimitExceeded: why`},
		{"DataLimitExceeded by name", catching(`["States.DataLimitExceeded"]`), `{}`, fails("States.DataLimitExceeded"), `{"error":{"Cause":"why","Error":"States.DataLimitExceeded"}}`},
		{"a result too large", taskWith(`"ResultPath":null,"End":true`), `{}`, func(context.Context, string) (string, error) { return big, nil },
			`States.DataLimitExceeded: The state/task 'T' returned a result with a size exceeding the maximum number of bytes service limit: 262146 bytes, the limit is 262144.`},
		{"a result just not too large", taskWith(`"ResultPath":null,"End":true`), `{}`, func(context.Context, string) (string, error) { return big[:maxData-1] + `"`, nil }, `{}`},

		{"NumericEquals", choosing(`"Variable":"$.n","NumericEquals":1`), `{"n":1.0}`, nil, `"yes"`},
		{"NumericEquals of text", choosing(`"Variable":"$.n","NumericEquals":1`), `{"n":"1"}`, nil, `"no"`},
		{"NumericLessThan", choosing(`"Variable":"$.n","NumericLessThan":1`), `{"n":1}`, nil, `"no"`},
		{"NumericLessThanEquals", choosing(`"Variable":"$.n","NumericLessThanEquals":1`), `{"n":1}`, nil, `"yes"`},
		{"NumericGreaterThan", choosing(`"Variable":"$.n","NumericGreaterThan":1`), `{"n":2}`, nil, `"yes"`},
		{"NumericGreaterThanEquals", choosing(`"Variable":"$.n","NumericGreaterThanEquals":1`), `{"n":0}`, nil, `"no"`},
		{"StringEquals", choosing(`"Variable":"$.s","StringEquals":"a"`), `{"s":"a"}`, nil, `"yes"`},
		{"BooleanEquals", choosing(`"Variable":"$.b","BooleanEquals":false`), `{"b":false}`, nil, `"yes"`},
		{"IsNull", choosing(`"Variable":"$.b","IsNull":true`), `{"b":null}`, nil, `"yes"`},
		{"IsPresent", choosing(`"Variable":"$.b","IsPresent":true`), `{}`, nil, `"no"`},
		{"is not present", choosing(`"Variable":"$.b","IsPresent":false`), `{}`, nil, `"yes"`},
		{"And", choosing(`"And":[{"Variable":"$.b","IsPresent":true},{"Variable":"$.b","NumericEquals":2}]`), `{"b":2}`, nil, `"yes"`},
		{"And stops", choosing(`"And":[{"Variable":"$.b","IsPresent":true},{"Variable":"$.b","NumericEquals":2}]`), `{}`, nil, `"no"`},
		{"Or", choosing(`"Or":[{"Variable":"$.b","NumericEquals":1},{"Variable":"$.b","NumericEquals":2}]`), `{"b":2}`, nil, `"yes"`},
		{"Not", choosing(`"Not":{"Variable":"$.b","NumericEquals":1}`), `{"b":1}`, nil, `"no"`},
		{"a variable that is missing", choosing(`"Variable":"$.b","NumericEquals":1`), `{}`, nil, `States.Runtime: Variable: the path "$.b" leads to nothing`},
		{"no choice", `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$","IsNull":true,"Next":"S"}]},"S":{"Type":"Succeed"}}}`, `{}`, nil,
			`States.NoChoiceMatched: the state "C" has no choice for the input {}`},
		{"fail", `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","CausePath":"$.c"}}}`, `{"c":"so"}`, nil, `E: so`},
		{"fail by paths", `{"StartAt":"F","States":{"F":{"Type":"Fail","ErrorPath":"$.e","Cause":"c"}}}`, `{"e":"E"}`, nil, `E: c`},
		{"fail without a text", `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","CausePath":"$.c"}}}`, `{"c":1}`, nil,
			`States.Runtime: the error and the cause of state "F" must be strings, not 1`},
		{"pass with Parameters", `{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"x.$":"$"},"ResultPath":"$.p","Next":"S"},"S":{"Type":"Succeed","OutputPath":"$.p"}}}`, `{"a":1}`, nil, `{"x":{"a":1}}`},

		{"map over the input", mapping(``), `[1,2,3]`, echo, `[1,2,3]`},
		{"map over a path", mapping(`"ItemsPath":"$.a","ResultPath":"$.r",`), `{"a":[1,2]}`, echo, `{"a":[1,2],"r":[1,2]}`},
		{"map over an object", mapping(`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key.$":"$.k"}},`), `{"k":"東京 +%"}`, echo, `[{"n":1},{"n":2}]`},
		{"map over an object that is missing", mapping(`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key.$":"$.k"}},`), `{"k":"none"}`, echo,
			`States.ItemReaderFailed: reading the items in s3://b/none: NoSuchKey`},
		{"map over an object that is no array", mapping(`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"object"}},`), `{}`, echo,
			`States.ItemReaderFailed: reading the items in s3://b/object: it holds no JSON array`},
		{"map of nothing", mapping(``), `[]`, echo, `[]`},
		{"map over no array", mapping(`"ItemsPath":"$.a",`), `{"a":1}`, echo, `States.Runtime: ItemsPath: "$.a" is no array`},
		{"ItemSelector", mapping(`"ItemsPath":"$.a","ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value.x","c.$":"$.c"},`), `{"a":[{"x":5},{"x":6}],"c":true}`, echo, `[{"c":true,"i":0,"v":5},{"c":true,"i":1,"v":6}]`},
		{"a child fails", mapping(`"MaxConcurrency":1,`), `[1]`, fails("E"), `States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded: item 0 failed with E: why`},
		{"results of a map too large", mapping(`"ResultPath":null,`), `[1,2]`, func(context.Context, string) (string, error) { return big[:maxData/2] + `"`, nil },
			`States.DataLimitExceeded: The state/task 'M' returned a result with a size exceeding the maximum number of bytes service limit: 262149 bytes, the limit is 262144.`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &fake{functions: map[string]func(context.Context, string) (string, error){"f": test.f},
				objects: map[string]string{"b/東京 +%": `[{"n":1},{"n":2}]`, "b/object": `{}`}}
			got, err := f.run(t.Context(), t, test.definition, test.input)
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestInputTooLarge(t *testing.T) {
	f := &fake{}
	_, err := f.run(t.Context(), t, `{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}`, `"`+strings.Repeat("x", maxData)+`"`)
	if e, ok := errors.AsType[*Error](err); !ok || e.Name != DataLimitExceeded {
		t.Error(err)
	}
}

// TestRetry has a function that fails at all its calls but the last, and
// looks at when it was called: time stands still but for the waiting.
func TestRetry(t *testing.T) {
	tests := []struct {
		name, retry string
		fails       []string
		want        []int // seconds after the start
		err         string
	}{
		{"defaults", `{"ErrorEquals":["E"]}`, []string{"E", "E", "E", "E"}, []int{0, 1, 3, 7}, "E: why"},
		{"success in the end", `{"ErrorEquals":["E"]}`, []string{"E", "E"}, []int{0, 1, 3}, ""},
		{"rate", `{"ErrorEquals":["E"],"IntervalSeconds":2,"BackoffRate":1.5,"MaxAttempts":3}`, []string{"E", "E", "E"}, []int{0, 2, 5, 9}, ""},
		{"longest delay", `{"ErrorEquals":["E"],"IntervalSeconds":1,"MaxDelaySeconds":2,"MaxAttempts":4}`, []string{"E", "E", "E", "E"}, []int{0, 1, 3, 5, 7}, ""},
		{"never", `{"ErrorEquals":["E"],"MaxAttempts":0}`, []string{"E"}, []int{0}, "E: why"},
		{"another error", `{"ErrorEquals":["F"]}`, []string{"E"}, []int{0}, "E: why"},
		{"the first that matches counts", `{"ErrorEquals":["E"],"MaxAttempts":1},{"ErrorEquals":["States.ALL"]}`, []string{"F", "E", "F", "E"}, []int{0, 1, 2, 4}, "E: why"},
		{"not Runtime", `{"ErrorEquals":["States.ALL"]}`, []string{"States.Runtime"}, []int{0}, "States.Runtime: why"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				var calls []int
				f := &fake{functions: map[string]func(context.Context, string) (string, error){"f": func(_ context.Context, payload string) (string, error) {
					if want := fmt.Sprintf(`{"n":%d}`, len(calls)); payload != want {
						t.Errorf("payload %s, want %s", payload, want)
					}
					calls = append(calls, int(time.Since(start)/time.Second))
					if len(calls) <= len(test.fails) {
						return "", &Error{test.fails[len(calls)-1], "why"}
					}
					return "{}", nil
				}}}
				_, err := f.run(t.Context(), t, taskWith(`"Parameters":{"n.$":"$$.State.RetryCount"},"End":true,"Retry":[`+test.retry+`]`), `{}`)
				if !reflect.DeepEqual(calls, test.want) {
					t.Errorf("called at %v seconds, want %v", calls, test.want)
				}
				if fmt.Sprint(err) != test.err && (err != nil || test.err != "") {
					t.Errorf("got %v, want %q", err, test.err)
				}
			})
		})
	}
}

func TestJitter(t *testing.T) {
	r := retrier{interval: 4, longest: 10, rate: 2, jitter: true}
	seen := map[time.Duration]bool{}
	for range 100 {
		d := r.delay(1)
		if d < 0 || d >= 8*time.Second {
			t.Fatal(d)
		}
		seen[d] = true
	}
	if len(seen) < 50 {
		t.Errorf("%d different delays of 100", len(seen))
	}
}

func TestTimeouts(t *testing.T) {
	sleep := func(ctx context.Context, _ string) (string, error) {
		<-ctx.Done()
		return "", context.Cause(ctx)
	}
	tests := []struct {
		name, definition, want string
		seconds                int
	}{
		{"task", taskWith(`"TimeoutSeconds":7,"End":true`), "States.Timeout: the task took longer than its TimeoutSeconds, 7s", 7},
		{"retried", taskWith(`"TimeoutSeconds":7,"End":true,"Retry":[{"ErrorEquals":["States.Timeout"],"MaxAttempts":1}]`), "States.Timeout: the task took longer than its TimeoutSeconds, 7s", 15},
		{"execution", strings.Replace(taskWith(`"TimeoutSeconds":7,"End":true,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"T"}]`), "{", `{"TimeoutSeconds":3,`, 1), ErrTimedOut.Error(), 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				f := &fake{functions: map[string]func(context.Context, string) (string, error){"f": sleep}}
				_, err := f.run(t.Context(), t, test.definition, `{}`)
				if err == nil || err.Error() != test.want || time.Since(start) != time.Duration(test.seconds)*time.Second {
					t.Errorf("after %v: %v", time.Since(start), err)
				}
			})
		})
	}
}

func TestStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped := errors.New("stopped")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(stopped) })
		f := &fake{functions: map[string]func(context.Context, string) (string, error){"f": fails("E")}}
		definition := taskWith(`"End":true,"Retry":[{"ErrorEquals":["E"],"IntervalSeconds":60}]`)
		if _, err := f.run(ctx, t, definition, `{}`); !errors.Is(err, stopped) {
			t.Error(err)
		}
	})
}

// TestMapStops shows that a failed item stops the others, and that no more
// than MaxConcurrency run at once.
func TestMapStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		running, most, begun := 0, 0, 0
		f := &fake{functions: map[string]func(context.Context, string) (string, error){"f": func(ctx context.Context, payload string) (string, error) {
			mu.Lock()
			running++
			begun++
			most = max(most, running)
			mu.Unlock()
			defer func() { mu.Lock(); running--; mu.Unlock() }()
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return "", context.Cause(ctx)
			}
			if payload == "4" {
				return "", &Error{"E", "why"}
			}
			return payload, nil
		}}}
		_, err := f.run(t.Context(), t, mapping(`"MaxConcurrency":2,`), `[1,2,3,4,5,6,7,8,9]`)
		want := "States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded: item 3 failed with E: why"
		if err == nil || err.Error() != want {
			t.Error(err)
		}
		if most != 2 || running != 0 || begun > 6 {
			t.Errorf("%d at once, %d left, %d begun", most, running, begun)
		}
	})
}

func TestEvents(t *testing.T) {
	f := &fake{functions: map[string]func(context.Context, string) (string, error){"f": echo}}
	definition := `{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"S","States":{"S":{"Type":"Task","Resource":"FN:f","End":true}}},"MaxConcurrency":1,"Next":"T"},
		"T":{"Type":"Task","Resource":"FN:f","Next":"Done"},"Done":{"Type":"Succeed"}}}`
	if _, err := f.run(t.Context(), t, definition, `[1,2]`); err != nil {
		t.Fatal(err)
	}
	events := "MapStateEntered MapRunStarted MapRunSucceeded MapStateExited TaskStateEntered LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionSucceeded TaskStateExited SucceedStateEntered SucceedStateExited"
	if got := strings.Join(f.events, " "); got != events {
		t.Error(got)
	}
	if want := []string{"M 0/2", "M 1/2", "M 2/2"}; !reflect.DeepEqual(f.progress, want) {
		t.Error(f.progress)
	}
}

func TestChildExecution(t *testing.T) {
	f := &fake{functions: map[string]func(context.Context, string) (string, error){"f": echo}}
	definition := strings.Replace(mapping(``), `"FN:f"`, `"FN:f","Parameters":{"id.$":"$$.Execution.Id","in.$":"$$.Execution.Input"}`, 1)
	output, err := f.run(t.Context(), t, definition, `["x"]`)
	if err != nil {
		t.Fatal(err)
	}
	var children []struct{ ID, In string }
	if err := json.Unmarshal([]byte(output), &children); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(children[0].ID, "arn:aws:states:us-east-1:000000000000:execution:m/L:") || children[0].In != "x" {
		t.Errorf("%+v", children)
	}
}
