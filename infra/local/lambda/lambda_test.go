package lambda

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

var child string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		child = filepath.Join(dir, "bootstrap")
		if out, err := exec.Command("go", "build", "-o", child, "./testdata/child").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// service has the child as the function f, and where its log goes.
func service(t *testing.T, timeout time.Duration, env map[string]string) (*Service, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := New("http://127.0.0.1:4566", dir, []Config{{Name: "f", Binary: child, Memory: 512, Timeout: timeout, Environment: env}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, filepath.Join(dir, "f.log")
}

func invoke(t *testing.T, s *Service, do, text string) Response {
	t.Helper()
	payload, _ := json.Marshal(map[string]string{"do": do, "text": text})
	r, err := s.Invoke(t.Context(), "f", payload)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestInvoke(t *testing.T) {
	s, _ := service(t, time.Minute, nil)
	for _, text := range []string{"a", "東京 <&>", ""} {
		r := invoke(t, s, "echo", text)
		var got string
		if err := json.Unmarshal(r.Payload, &got); err != nil || got != text || r.Failed {
			t.Errorf("%q: %s %v", text, r.Payload, err)
		}
	}
	first, second := invoke(t, s, "pid", ""), invoke(t, s, "pid", "")
	if string(first.Payload) != string(second.Payload) || first.RequestID == second.RequestID {
		t.Errorf("%+v %+v", first, second)
	}
}

func TestNames(t *testing.T) {
	s, _ := service(t, time.Minute, nil)
	for _, name := range []string{"f", "f:$LATEST", ARN("f"), ARN("f") + ":$LATEST", "000000000000:function:f"} {
		if !s.Has(name) {
			t.Errorf("no function %s", name)
		}
	}
	for _, name := range []string{"g", "f:1", ARN("g"), "arn:aws:lambda:eu-west-1:000000000000:function:f", ""} {
		if s.Has(name) {
			t.Errorf("a function %s", name)
		}
	}
	if _, err := s.Invoke(t.Context(), "g", nil); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("HOME", "/nowhere")
	t.Setenv("PATH", "/bin")
	t.Setenv("TMPDIR", "/tmp")
	s, _ := service(t, time.Minute, map[string]string{"MODELS_BUCKET": "ml-models"})
	var got []string
	if err := json.Unmarshal(invoke(t, s, "environment", "").Payload, &got); err != nil {
		t.Fatal(err)
	}
	got = slices.DeleteFunc(got, func(v string) bool {
		return strings.HasPrefix(v, "AWS_LAMBDA_RUNTIME_API=127.0.0.1:") || strings.HasPrefix(v, "_X_AMZN_TRACE_ID=")
	})
	want := []string{
		"AWS_ACCESS_KEY_ID=f", "AWS_ENDPOINT_URL=http://127.0.0.1:4566", "AWS_ENDPOINT_URL_S3=http://127.0.0.1:4566",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512", "AWS_LAMBDA_FUNCTION_NAME=f", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_REGION=us-east-1", "AWS_SECRET_ACCESS_KEY=f", "LAMBDA_TASK_ROOT=" + filepath.Dir(child),
		"MODELS_BUCKET=ml-models", "PATH=/bin", "TMPDIR=/tmp", "_HANDLER=bootstrap",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestContext(t *testing.T) {
	s, _ := service(t, time.Minute, nil)
	r := invoke(t, s, "context", "")
	var got []any
	if err := json.Unmarshal(r.Payload, &got); err != nil {
		t.Fatal(err)
	}
	if left := got[0].(float64); left > 60 || left < 1 {
		t.Errorf("%g seconds left of 60", left)
	}
	if got[1] != ARN("f") || got[2] != r.RequestID {
		t.Error(got)
	}
}

// TestFailures has what the function does, and what comes of it; after each
// the function is of use again.
func TestFailures(t *testing.T) {
	tests := []struct {
		do, text, kind, message string
		stays                   bool
	}{
		{"fail", "no such row", "refusal", "no such row", true},
		{"panic", "ouch", "string", "ouch", false},
		{"exit", "", "Runtime.ExitError", "RequestId: ID Error: Runtime exited with error: exit status 7", false},
		{"sleep", "", "Sandbox.Timedout", "RequestId: ID Error: Task timed out after 2.00 seconds", false},
		{"large", "", "Function.ResponseSizeTooLarge", "RequestId: ID Error: Response payload size exceeded maximum allowed payload size (6291556 bytes).", false},
	}
	for _, test := range tests {
		t.Run(test.do, func(t *testing.T) {
			s, _ := service(t, 2*time.Second, nil)
			before := invoke(t, s, "pid", "").Payload
			r := invoke(t, s, test.do, test.text)
			var got struct{ ErrorType, ErrorMessage string }
			if err := json.Unmarshal(r.Payload, &got); err != nil {
				t.Fatal(err)
			}
			want := strings.Replace(test.message, "ID", r.RequestID, 1)
			if !r.Failed || got.ErrorType != test.kind || got.ErrorMessage != want {
				t.Errorf("%+v", got)
			}
			after := invoke(t, s, "pid", "")
			if after.Failed || (string(after.Payload) == string(before)) != test.stays {
				t.Errorf("before %s, after %s", before, after.Payload)
			}
		})
	}
}

func TestInit(t *testing.T) {
	tests := []struct{ variable, kind, message string }{
		{"CRASH", "Runtime.ExitError", "Runtime exited with error: exit status 3"},
		{"HANG", "Sandbox.Timedout", "Task timed out after 1.00 seconds"},
	}
	for _, test := range tests {
		t.Run(test.variable, func(t *testing.T) {
			s, _ := service(t, time.Second, map[string]string{test.variable: "1"})
			r := invoke(t, s, "echo", "")
			if !r.Failed || !strings.Contains(string(r.Payload), test.kind) || !strings.Contains(string(r.Payload), test.message) {
				t.Errorf("%s", r.Payload)
			}
		})
	}
}

// TestDeadEnvironment shows that a child which died while it was idle costs
// no invocation.
func TestDeadEnvironment(t *testing.T) {
	s, _ := service(t, time.Minute, nil)
	var pid int
	if err := json.Unmarshal(invoke(t, s, "pid", "").Payload, &pid); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for syscall.Kill(pid, 0) == nil { // it is there until its parent has seen it die
		time.Sleep(time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond)
	if r := invoke(t, s, "echo", "a"); string(r.Payload) != `"a"` {
		t.Errorf("%s", r.Payload)
	}
}

// TestConcurrency has two invocations that wait for each other, and a third
// that comes when they are done.
func TestConcurrency(t *testing.T) {
	s, _ := service(t, time.Minute, nil)
	dir := t.TempDir()
	pids := make(chan string, 2)
	for range 2 {
		go func() {
			payload, _ := json.Marshal(map[string]string{"do": "meet", "text": dir})
			r, err := s.Invoke(context.Background(), "f", payload)
			pids <- fmt.Sprint(string(r.Payload), r.Failed, err)
		}()
	}
	first, second := <-pids, <-pids
	if first == second || !strings.HasSuffix(first, "false <nil>") || !strings.HasSuffix(second, "false <nil>") {
		t.Errorf("%s, %s", first, second)
	}
	third := string(invoke(t, s, "pid", "").Payload) + "false <nil>"
	if third != first && third != second {
		t.Errorf("%s is neither %s nor %s", third, first, second)
	}
}

func TestQueue(t *testing.T) {
	s, _ := service(t, time.Minute, nil)
	got := make(chan string)
	for i := range 100 {
		go func() {
			r, err := s.Invoke(context.Background(), "f", fmt.Appendf(nil, `{"do":"echo","text":"%d"}`, i))
			got <- fmt.Sprint(string(r.Payload), err)
		}()
	}
	all := map[string]bool{}
	for range 100 {
		all[<-got] = true
	}
	if len(all) != 100 || !all[`"42"<nil>`] {
		t.Errorf("%d answers: %v", len(all), all)
	}
	if n := len(s.functions["f"].all); n > cap(s.functions["f"].slots) {
		t.Errorf("%d environments", n)
	}
}

// TestLeft shows that an invocation which nobody waits for goes on.
func TestLeft(t *testing.T) {
	s, _ := service(t, time.Minute, nil)
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	dir := t.TempDir()
	left := make(chan error)
	payload, _ := json.Marshal(map[string]string{"do": "meet", "text": dir})
	go func() {
		_, err := s.Invoke(ctx, "f", payload)
		left <- err
	}()
	for files := 0; files == 0; time.Sleep(time.Millisecond) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		files = len(entries)
	}
	cancel(stopped)
	if err := <-left; !errors.Is(err, stopped) {
		t.Error(err)
	}
	if r, err := s.Invoke(t.Context(), "f", payload); r.Failed || err != nil {
		t.Errorf("%s %v", r.Payload, err)
	}
}

func TestLog(t *testing.T) {
	s, file := service(t, time.Minute, nil)
	invoke(t, s, "log", "before")
	r := invoke(t, s, "log", "hello")
	lines := strings.Split(string(r.Log), "\n")
	want := []string{"START RequestId: " + r.RequestID + " Version: $LATEST", "hello", "and more", "END RequestId: " + r.RequestID}
	if !reflect.DeepEqual(lines[:4], want) || !strings.HasPrefix(lines[4], "REPORT RequestId: "+r.RequestID+"\tDuration: ") || len(lines) != 6 {
		t.Errorf("%q", lines)
	}
	open := invoke(t, s, "open line", "no end")
	if !strings.Contains(string(open.Log), "\nno endEND RequestId: "+open.RequestID+"\nREPORT") {
		t.Errorf("%q", open.Log)
	}
	large := invoke(t, s, "log", strings.Repeat("x", 10_000))
	if len(large.Log) != tailSize || !strings.Contains(string(large.Log), "xxx\nand more\nEND") {
		t.Errorf("%d bytes: %s", len(large.Log), large.Log)
	}
	crash := invoke(t, s, "exit", "")
	if !strings.Contains(string(crash.Log), "END RequestId: "+crash.RequestID) {
		t.Errorf("%q", crash.Log)
	}
	all, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(all), "before\n") || !strings.Contains(string(all), string(r.Log)) {
		t.Errorf("%s %v", all, err)
	}
}

// TestClose shows that neither a child nor what it started is left.
func TestClose(t *testing.T) {
	s, _ := service(t, time.Minute, nil)
	if r := invoke(t, s, "grandchild", ""); r.Failed {
		t.Fatalf("%s", r.Payload)
	}
	logs := s.functions["f"].idle[0].log
	running := make(chan Response)
	go func() {
		r, _ := s.Invoke(context.Background(), "f", []byte(`{"do":"sleep"}`))
		running <- r
	}()
	s.Close()
	if r := <-running; !r.Failed {
		t.Errorf("%s", r.Payload)
	}
	<-logs.copied // when the last process that could write to it is gone
	if r, err := s.Invoke(t.Context(), "f", []byte(`{}`)); !r.Failed || err != nil {
		t.Errorf("%s %v", r.Payload, err)
	}
}

func TestMissingBinary(t *testing.T) {
	_, err := New("", t.TempDir(), []Config{{Name: "f", Binary: "/nowhere/bootstrap"}})
	if err == nil || err.Error() != "the function f has no binary /nowhere/bootstrap: run make build" {
		t.Error(err)
	}
}

// TestAPI has AWS's own client speak to the Invoke API.
func TestAPI(t *testing.T) {
	s, _ := service(t, time.Minute, nil)
	server := httptest.NewServer(s)
	defer server.Close()
	c := client.New(client.Options{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")})

	for _, name := range []string{"f", ARN("f")} {
		out, err := c.Invoke(t.Context(), &client.InvokeInput{FunctionName: &name, Payload: []byte(`{"do":"echo","text":"a"}`), LogType: types.LogTypeTail})
		if err != nil {
			t.Fatal(err)
		}
		log, err := base64.StdEncoding.DecodeString(aws.ToString(out.LogResult))
		if string(out.Payload) != `"a"` || out.FunctionError != nil || *out.ExecutedVersion != "$LATEST" || out.StatusCode != 200 || !strings.HasPrefix(string(log), "START RequestId: ") || err != nil {
			t.Errorf("%+v %s %v", out, log, err)
		}
	}
	out, err := c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`{"do":"fail","text":"no"}`)})
	if err != nil || aws.ToString(out.FunctionError) != "Unhandled" || out.StatusCode != 200 || string(out.Payload) != `{"errorMessage":"no","errorType":"refusal"}` {
		t.Errorf("%+v %s %v", out, out.Payload, err)
	}
	out, err = c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), InvocationType: types.InvocationTypeDryRun})
	if err != nil || out.StatusCode != 204 {
		t.Errorf("%+v %v", out, err)
	}
	dir := t.TempDir()
	meet, _ := json.Marshal(map[string]string{"do": "meet", "text": dir})
	out, err = c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: meet, InvocationType: types.InvocationTypeEvent})
	if err != nil || out.StatusCode != 202 {
		t.Errorf("%+v %v", out, err)
	}
	if r := invoke(t, s, "meet", dir); r.Failed { // it would wait for ever, were the event not run
		t.Errorf("%s", r.Payload)
	}

	_, err = c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("g")})
	var notFound *types.ResourceNotFoundException
	if !errors.As(err, &notFound) || notFound.ErrorMessage() != "Function not found: arn:aws:lambda:us-east-1:000000000000:function:g" {
		t.Error(err)
	}
	_, err = c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`{`)})
	var invalid *types.InvalidRequestContentException
	if !errors.As(err, &invalid) {
		t.Error(err)
	}
	_, err = c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`"` + strings.Repeat("x", maxPayload) + `"`)})
	var large *types.RequestTooLargeException
	if !errors.As(err, &large) {
		t.Error(err)
	}
}

func TestAPIPaths(t *testing.T) {
	s, _ := service(t, time.Minute, nil)
	for target, want := range map[string]int{
		"GET " + Route + "f/invocations":              404,
		"POST " + Route + "f":                         404,
		"POST " + Route + "f/invocations?Qualifier=1": 404,
		"POST " + Route + "f%3A$LATEST/invocations":   400,
	} {
		method, path, _ := strings.Cut(target, " ")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader("{")))
		body, _ := io.ReadAll(w.Body)
		if w.Code != want || !json.Valid(body) || w.Header().Get("X-Amzn-Errortype") == "" {
			t.Errorf("%s: %d %s", target, w.Code, body)
		}
	}
}
