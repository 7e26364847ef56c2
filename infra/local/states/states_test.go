package states

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"brine/infra/local/asl"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

const definition = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","End":true}}}`

// bench is a platform whose one function waits to be told, and a watcher.
type bench struct {
	release chan struct{}
	ended   chan string
}

func (b *bench) Invoke(ctx context.Context, _ string, payload []byte) ([]byte, error) {
	switch string(payload) {
	case `"wait"`:
		select {
		case <-b.release:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	case `"fail"`:
		return nil, &asl.Error{Name: "ValidationError", Cause: "no rows"}
	}
	return payload, nil
}

func (b *bench) Open(context.Context, string, string) (io.ReadCloser, error) {
	return nil, errors.New("no such object")
}

func (b *bench) Event(name string, e asl.Event) {
	if strings.HasPrefix(e.Type, "Execution") && e.Type != "ExecutionStarted" {
		b.ended <- name + " " + e.Type
	}
}

func (b *bench) Progress(string, string, int, int) {}

func open(t *testing.T, dir string) (*Service, *bench, *sfn.Client) {
	t.Helper()
	m, err := asl.Parse(definition)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{make(chan struct{}), make(chan string, 10)}
	s, err := Open(Config{Name: "m", Definition: definition, Machine: m, Platform: b, Dir: dir, Watcher: b})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	t.Cleanup(s.Close)
	c := sfn.New(sfn.Options{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")})
	return s, b, c
}

func start(t *testing.T, c *sfn.Client, name, input string) (string, error) {
	t.Helper()
	q := &sfn.StartExecutionInput{StateMachineArn: aws.String(ARN("m")), Input: &input}
	if name != "" {
		q.Name = &name
	}
	out, err := c.StartExecution(t.Context(), q)
	if err != nil {
		return "", err
	}
	if out.StartDate.IsZero() {
		t.Error("no start date")
	}
	return *out.ExecutionArn, nil
}

func describe(t *testing.T, c *sfn.Client, arn string) *sfn.DescribeExecutionOutput {
	t.Helper()
	out, err := c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestExecution(t *testing.T) {
	_, b, c := open(t, t.TempDir())
	arn, err := start(t, c, "", `{"a": 1}`)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(arn, "arn:aws:states:us-east-1:000000000000:execution:m:") {
		t.Error(arn)
	}
	<-b.ended
	x := describe(t, c, arn)
	if x.Status != types.ExecutionStatusSucceeded || *x.Input != `{"a": 1}` || *x.Output != `{"a":1}` || x.StopDate.Before(*x.StartDate) || *x.StateMachineArn != ARN("m") || !strings.HasSuffix(arn, *x.Name) {
		t.Errorf("%+v", x)
	}
}

func TestFailure(t *testing.T) {
	_, b, c := open(t, t.TempDir())
	arn, err := start(t, c, "x", `"fail"`)
	if err != nil {
		t.Fatal(err)
	}
	if got := <-b.ended; got != "x ExecutionFailed" {
		t.Error(got)
	}
	x := describe(t, c, arn)
	if x.Status != types.ExecutionStatusFailed || *x.Error != "ValidationError" || *x.Cause != "no rows" || x.Output != nil {
		t.Errorf("%+v", x)
	}
}

// TestNames shows that a name stands for one execution: the same once more
// is the same while it runs, and an error after that.
func TestNames(t *testing.T) {
	_, b, c := open(t, t.TempDir())
	first, err := start(t, c, "x", `"wait"`)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := start(t, c, "x", `"wait"`); again != first || err != nil {
		t.Error(again, err)
	}
	var exists *types.ExecutionAlreadyExists
	if _, err := start(t, c, "x", `"other"`); !errors.As(err, &exists) {
		t.Error(err)
	}
	close(b.release)
	<-b.ended
	if _, err := start(t, c, "x", `"wait"`); !errors.As(err, &exists) {
		t.Error(err)
	}
}

func TestStop(t *testing.T) {
	_, b, c := open(t, t.TempDir())
	arn, err := start(t, c, "x", `"wait"`)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it has ended
		out, err := c.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: &arn, Error: aws.String("Enough"), Cause: aws.String("of it")})
		if err != nil || out.StopDate.IsZero() {
			t.Error(out, err)
		}
	}
	if got := <-b.ended; got != "x ExecutionAborted" {
		t.Error(got)
	}
	x := describe(t, c, arn)
	if x.Status != types.ExecutionStatusAborted || *x.Error != "Enough" || *x.Cause != "of it" {
		t.Errorf("%+v", x)
	}
}

func TestHistory(t *testing.T) {
	_, b, c := open(t, t.TempDir())
	arn, err := start(t, c, "x", `"a"`)
	if err != nil {
		t.Fatal(err)
	}
	<-b.ended
	var kinds []string
	pages := sfn.NewGetExecutionHistoryPaginator(c, &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, MaxResults: 3})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			kinds = append(kinds, string(e.Type))
			if e.Id != int64(len(kinds)) || e.PreviousEventId != e.Id-1 || e.Timestamp.IsZero() {
				t.Errorf("%+v", e)
			}
		}
	}
	want := "ExecutionStarted TaskStateEntered LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionSucceeded TaskStateExited ExecutionSucceeded"
	if got := strings.Join(kinds, " "); got != want {
		t.Error(got)
	}
	out, err := c.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, ReverseOrder: true})
	if err != nil {
		t.Fatal(err)
	}
	e := out.Events
	if *e[0].ExecutionSucceededEventDetails.Output != `"a"` || *e[1].StateExitedEventDetails.Name != "T" || *e[2].LambdaFunctionSucceededEventDetails.Output != `"a"` ||
		!strings.HasSuffix(*e[4].LambdaFunctionScheduledEventDetails.Resource, ":f") || *e[5].StateEnteredEventDetails.Input != `"a"` || *e[6].ExecutionStartedEventDetails.Input != `"a"` {
		t.Errorf("%+v", e)
	}
}

func TestList(t *testing.T) {
	_, b, c := open(t, t.TempDir())
	for i := range 5 {
		if _, err := start(t, c, fmt.Sprint("x", i), `"a"`); err != nil {
			t.Fatal(err)
		}
		<-b.ended
	}
	if _, err := start(t, c, "y", `"wait"`); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	pages := sfn.NewListExecutionsPaginator(c, &sfn.ListExecutionsInput{StateMachineArn: aws.String(ARN("m")), MaxResults: 2})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range page.Executions {
			names[*x.Name] = true
		}
	}
	if len(names) != 6 {
		t.Error(names)
	}
	out, err := c.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: aws.String(ARN("m")), StatusFilter: types.ExecutionStatusRunning})
	if err != nil || len(out.Executions) != 1 || *out.Executions[0].Name != "y" || out.Executions[0].StopDate != nil {
		t.Errorf("%+v %v", out, err)
	}
}

// TestRestart shows that executions outlive the program, and that those cut
// short by its end, whether clean or not, begin anew.
func TestRestart(t *testing.T) {
	dir := t.TempDir()
	s, b, c := open(t, dir)
	done, err := start(t, c, "done", `"a"`)
	if err != nil {
		t.Fatal(err)
	}
	<-b.ended
	closed, err := start(t, c, "closed", `"wait"`)
	if err != nil {
		t.Fatal(err)
	}
	crashed := strings.Replace(closed, "closed", "crashed", 1)
	file, err := os.ReadFile(filepath.Join(dir, "closed.json"))
	if err != nil {
		t.Fatal(err)
	}
	file = []byte(strings.Replace(string(file), `"closed"`, `"crashed"`, 1))
	if err := os.WriteFile(filepath.Join(dir, "crashed.json"), file, 0o644); err != nil {
		t.Fatal(err)
	}
	s.Close()

	s, b, c = open(t, dir)
	s.Resume()
	close(b.release)
	<-b.ended
	<-b.ended
	x := describe(t, c, done)
	if x.Status != types.ExecutionStatusSucceeded || *x.Output != `"a"` {
		t.Errorf("%+v", x)
	}
	for _, arn := range []string{closed, crashed} {
		x := describe(t, c, arn)
		if x.Status != types.ExecutionStatusSucceeded || *x.Output != `"wait"` || x.StopDate == nil {
			t.Errorf("%+v", x)
		}
		if _, err := start(t, c, *x.Name, `"wait"`); err == nil {
			t.Errorf("%s started again", *x.Name)
		}
	}
}

func TestBrokenFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Open(Config{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "x.json: unexpected end of JSON input") {
		t.Error(err)
	}
}

func TestStateMachine(t *testing.T) {
	_, _, c := open(t, t.TempDir())
	list, err := c.ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
	if err != nil || len(list.StateMachines) != 1 || *list.StateMachines[0].StateMachineArn != ARN("m") {
		t.Errorf("%+v %v", list, err)
	}
	m, err := c.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: aws.String(ARN("m"))})
	if err != nil || *m.Definition != definition || m.Status != types.StateMachineStatusActive {
		t.Errorf("%+v %v", m, err)
	}
}

func TestRefused(t *testing.T) {
	s, _, _ := open(t, t.TempDir())
	machine, execution := ARN("m"), s.executionARN("x")
	tests := []struct{ call, body, want string }{
		{"StartExecution", `{"stateMachineArn":"` + machine + `","input":"{"}`, "InvalidExecutionInput"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","name":"a b"}`, "InvalidName"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","name":"a/b"}`, "InvalidName"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","name":"` + strings.Repeat("n", 81) + `"}`, "InvalidName"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","input":"\"` + strings.Repeat("x", maxInput) + `\""}`, "ValidationException"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `x"}`, "StateMachineDoesNotExist"},
		{"StartExecution", `{"stateMachineArn":"m"}`, "InvalidArn"},
		{"StartExecution", `{`, "SerializationException"},
		{"DescribeExecution", `{"executionArn":"` + execution + `"}`, "ExecutionDoesNotExist"},
		{"DescribeExecution", `{"executionArn":"x"}`, "InvalidArn"},
		{"StopExecution", `{"executionArn":"` + execution + `"}`, "ExecutionDoesNotExist"},
		{"GetExecutionHistory", `{"executionArn":"` + execution + `"}`, "ExecutionDoesNotExist"},
		{"ListExecutions", `{"stateMachineArn":"` + machine + `","statusFilter":"DONE"}`, "ValidationException"},
		{"ListExecutions", `{"stateMachineArn":"` + machine + `","maxResults":1001}`, "ValidationException"},
		{"ListExecutions", `{"stateMachineArn":"` + machine + `","nextToken":"x"}`, "InvalidToken"},
		{"DescribeStateMachine", `{"stateMachineArn":"` + machine + `x"}`, "StateMachineDoesNotExist"},
		{"CreateStateMachine", `{}`, "UnknownOperationException"},
	}
	for _, test := range tests {
		t.Run(test.call+" "+test.want, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(test.body))
			r.Header.Set("X-Amz-Target", Target+test.call)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			var got apiError
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Type != test.want || got.Message == "" || w.Code != 400 {
				t.Errorf("%d %s %v", w.Code, w.Body, err)
			}
		})
	}
}
