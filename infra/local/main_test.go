package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"brine/infra/local/states"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// The program, and the folder of functions that stand in for the real ones.
var program, dist string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		program, dist = filepath.Join(dir, "brine-local"), filepath.Join(dir, "dist")
		function := filepath.Join(dir, "function")
		for binary, source := range map[string]string{program: ".", function: "./testdata/function"} {
			if out, err := exec.Command("go", "build", "-o", binary, source).CombinedOutput(); err != nil {
				fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
				return 1
			}
		}
		for _, name := range []string{"start", "validate", "predict", "write", "invoke"} {
			if err := os.MkdirAll(filepath.Join(dist, name), 0o755); err != nil {
				panic(err)
			}
			if err := os.Link(function, filepath.Join(dist, name, "bootstrap")); err != nil {
				panic(err)
			}
		}
		return m.Run()
	}())
}

// sampleOf makes a sample folder with a table.
func sampleOf(t *testing.T, table string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "house-prices"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{sampleModel: "model", sampleTable: table} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const smallTable = "id,größe,c,d,e,f,g\n1,2,3,4,5,6,7\n10,20,30,40,50,60,70\n100,2,3,4,5,6,7\n1000,2,3,4,5,6,7\n"

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func command(t *testing.T, port int, dir, sample string, more ...string) *exec.Cmd {
	t.Helper()
	args := []string{"--port", strconv.Itoa(port), "--dir", dir, "--dist", dist, "--sample", sample}
	return exec.CommandContext(t.Context(), program, append(args, more...)...)
}

// once runs the program to its end.
func once(t *testing.T, c *exec.Cmd) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || !exit.Exited()) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// TestOnce compares all that is printed, with the times and names that differ
// from run to run left out. The third run has an earlier one's data.
func TestOnce(t *testing.T) {
	dir, sample := t.TempDir(), sampleOf(t, smallTable)
	tests := []struct {
		name   string
		flags  []string
		states []string
	}{
		{"one shard", nil, []string{"Validate", "Remaining", "PredictOne", "Write", "Remaining", "Done", "succeeded"}},
		{"four shards", []string{"--shard-bytes", "25"}, []string{"Validate", "Remaining", "PredictMany",
			"PredictMany: 1 of 4 shards", "PredictMany: 2 of 4 shards", "PredictMany: 3 of 4 shards", "PredictMany: 4 of 4 shards", "Write", "Remaining", "Done", "succeeded"}},
		{"again", nil, []string{"Validate", "Remaining", "PredictOne", "Write", "Remaining", "Done", "succeeded"}},
	}
	rows := strings.Join([]string{
		"  id   größe  c   d   …  g   prediction",
		"  1    2      3   4   …  7   1         ",
		"  10   20     30  40  …  70  1         ",
		"  100  2      3   4   …  7   1         "}, "\n")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			port := freePort(t)
			stdout, stderr, status := once(t, command(t, port, dir, sample, append(test.flags, "--once")...))
			if status != 0 || stderr != "" {
				t.Errorf("status %d: %s", status, stderr)
			}
			stdout = regexp.MustCompile(`(?m)^ +\d+ ms  `).ReplaceAllString(stdout, "")
			stdout = regexp.MustCompile(`execution x-[0-9a-f]{56}`).ReplaceAllString(stdout, "execution X")
			want := fmt.Sprintf("brine-local http://127.0.0.1:%d  data, results and logs in %s\n", port, dir) +
				"upload model.pkl to s3://ml-models/house-prices/model.pkl\n" +
				"upload house-prices.csv to s3://ml-data/house-prices/house-prices.csv\n\nexecution X\n" +
				strings.Join(test.states, "\n") + "\n\n" + rows + "\n\nThe result is s3://ml-results/house-prices/house-prices.csv\n"
			if stdout != want {
				t.Errorf("got\n%s\nwant\n%s", stdout, want)
			}
		})
	}
}

func TestFailedSample(t *testing.T) {
	stdout, stderr, status := once(t, command(t, freePort(t), t.TempDir(), sampleOf(t, "id\nbad\n"), "--once"))
	if status != 1 || !regexp.MustCompile(`^brine-local: the execution x-[0-9a-f]+ failed: PredictionFailed: the table is bad \(logs in .*/logs\)\n$`).MatchString(stderr) {
		t.Errorf("status %d: %s", status, stderr)
	}
	if !strings.Contains(stdout, "Validate failed: errorString: the table is bad\n") || !strings.Contains(stdout, " ms  Undo\n") {
		t.Error(stdout)
	}
}

// TestRefusals has what keeps the program from starting: one line says so,
// and nothing is printed.
func TestRefusals(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	busy := l.Addr().(*net.TCPAddr).Port
	locked, sample, empty := t.TempDir(), sampleOf(t, smallTable), t.TempDir()
	lock, err := os.Create(filepath.Join(locked, "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		c    *exec.Cmd
		want string
	}{
		{"busy port", command(t, busy, t.TempDir(), sample), fmt.Sprintf("port %d is in use: stop what serves there, or choose another port with --port (make run PORT=…)", busy)},
		{"missing binary", command(t, freePort(t), t.TempDir(), sample, "--dist", empty), "the function ml-prediction-start has no binary " + empty + "/start/bootstrap: run make build"},
		{"missing sample", command(t, freePort(t), t.TempDir(), empty), "the sample job lacks a file: stat " + empty + "/house-prices/model.pkl: no such file or directory"},
		{"folder in use", command(t, freePort(t), locked, sample), locked + " is in use by another brine-local: stop that one, or choose another folder with --dir"},
		{"argument", command(t, freePort(t), t.TempDir(), sample, "start"), `unknown argument "start"; see brine-local -help`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			stdout, stderr, status := once(t, test.c)
			if status != 1 || stdout != "" || stderr != "brine-local: "+test.want+"\n" {
				t.Errorf("status %d\ngot  %s%s\nwant brine-local: %s", status, stdout, stderr, test.want)
			}
		})
	}
}

// clients speak to a program that serves.
type clients struct {
	s3     *awss3.Client
	lambda *lambda.Client
	sfn    *sfn.Client
	lines  *bufio.Scanner
	stop   func() error
}

// serve starts the program and waits until it is through with the sample.
func serve(t *testing.T, dir string) *clients {
	t.Helper()
	port := freePort(t)
	c := command(t, port, dir, sampleOf(t, smallTable))
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	endpoint, secret := fmt.Sprintf("http://127.0.0.1:%d", port), credentials.NewStaticCredentialsProvider("local", "local", "")
	s := &clients{
		s3:     awss3.New(awss3.Options{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: secret}),
		lambda: lambda.New(lambda.Options{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: secret}),
		sfn:    sfn.New(sfn.Options{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: secret}),
		lines:  bufio.NewScanner(out),
		stop: func() error {
			if err := c.Process.Signal(os.Interrupt); err != nil {
				return err
			}
			io.Copy(io.Discard, out) // Wait may close it only when it has ended
			return c.Wait()
		},
	}
	s.waitFor(t, "Serving on "+endpoint+" until Ctrl-C")
	return s
}

func (s *clients) waitFor(t *testing.T, text string) {
	t.Helper()
	for s.lines.Scan() {
		if strings.Contains(s.lines.Text(), text) {
			return
		}
	}
	t.Fatalf("there is no line %q", text)
}

// TestServe drops a table, calls the direct handler, and stops the program;
// after that no function is left, and a second program knows the executions.
func TestServe(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir)
	key := "m/a b+%20東京.csv"
	if _, err := s.s3.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: aws.String(dataBucket), Key: &key, Body: strings.NewReader("id\n5\n")}); err != nil {
		t.Fatal(err)
	}
	s.waitFor(t, "succeeded")
	out, err := s.s3.GetObject(t.Context(), &awss3.GetObjectInput{Bucket: aws.String(resultsBucket), Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	result, err := io.ReadAll(out.Body)
	if string(result) != "id,prediction\n5,1\n" || err != nil {
		t.Errorf("%q %v", result, err)
	}

	// An upload that starts nothing, and one into another bucket, which is no event.
	for bucket, key := range map[string]string{dataBucket: "x.csv", modelsBucket: "m/x.csv"} {
		if _, err := s.s3.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader("id\n")}); err != nil {
			t.Fatal(err)
		}
	}

	answer, err := s.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("ml-prediction-handler"), Payload: []byte(`{"a":1}`)})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Pid   int
		Event json.RawMessage
	}
	if err := json.Unmarshal(answer.Payload, &got); err != nil || string(got.Event) != `{"a":1}` {
		t.Errorf("%s %v", answer.Payload, err)
	}

	payload, err := os.ReadFile(filepath.Join(dir, "payload.json"))
	if err != nil || !strings.Contains(string(payload), `"data_s3_uri": "s3://ml-data/house-prices/house-prices.csv"`) {
		t.Errorf("%s %v", payload, err)
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if err := syscall.Kill(got.Pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the function is still there: %v", err)
	}

	s = serve(t, dir)
	list, err := s.sfn.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: aws.String(states.ARN(stateMachine)), StatusFilter: types.ExecutionStatusSucceeded})
	if err != nil || len(list.Executions) != 3 {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := s.s3.HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: aws.String(resultsBucket), Key: &key}); err != nil {
		t.Error(err)
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}

func TestFunctionError(t *testing.T) {
	tests := []struct{ payload, name, cause, reason string }{
		{`{"errorType":"ValidationError","errorMessage":"no\nrows"}`, "ValidationError", `{"errorType":"ValidationError","errorMessage":"no\nrows"}`, "ValidationError: no rows"},
		{`{"errorMessage":"x"}`, "Lambda.Unknown", `The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"x"}`,
			`Lambda.Unknown: The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"x"}`},
		{`oops`, "Lambda.Unknown", `The cause could not be determined because Lambda did not return an error type. Returned payload: oops`,
			`Lambda.Unknown: The cause could not be determined because Lambda did not return an error type. Returned payload: oops`},
	}
	for _, test := range tests {
		e := functionError([]byte(test.payload))
		if e.Name != test.name || e.Cause != test.cause || reason(e) != test.reason {
			t.Errorf("%+v: %s", e, reason(e))
		}
	}
}
