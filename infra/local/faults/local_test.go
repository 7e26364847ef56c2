// Package faults breaks the built pipeline in every way that happens to it and
// counts what is lost. A proxy between the functions and S3 does the breaking;
// all else is what users run: brine-local with the functions' own binaries.
//
// Each job ends in one of two ways. Its result is byte for byte what one
// process makes of the same file, with a receipt that says so; or there is no
// result, no open upload, an error receipt with the cause, and an execution
// that failed with it.
package faults

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"brine/infra/local/localtest"
)

// Where jobs are, as the tests name them.
const (
	machine = "arn:aws:states:us-east-1:000000000000:stateMachine:ml-prediction"
	models  = "ml-models"
	data    = "ml-data"
	results = "ml-results"
	model   = "houses/model.pkl"
	file    = "houses/data.csv"
)

const root = "../../.."

// dist is the folder of the built programs.
var dist string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if dist, err = filepath.Abs(filepath.Join(root, "dist/host")); err == nil {
			_, err = os.Stat(filepath.Join(dist, "brine-local"))
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "%v: run `make build` first\n", err)
			return 1
		}
		return m.Run()
	}())
}

// local is a brine-local whose functions reach S3 through the proxy.
type local struct {
	*proxy
	s3     *s3.Client
	sfn    *sfn.Client
	lambda *lambda.Client

	args    []string
	process *exec.Cmd
	said    *transcript
	past    map[string]bool // executions that the test is through with
}

// start runs brine-local with a model of its own until the test ends. Of args,
// those like NAME=value are for the functions.
func start(t *testing.T, shardBytes int, args ...string) *local {
	t.Helper()
	l := &local{proxy: newProxy(t)}
	variables := []string{"AWS_ENDPOINT_URL_S3=" + l.address}
	for _, arg := range args {
		if strings.Contains(arg, "=") {
			variables = append(variables, arg)
		} else {
			l.args = append(l.args, arg)
		}
	}
	l.args = append(l.args,
		"-dir", t.TempDir(), "-dist", functions(t, variables),
		"-sample", filepath.Join(root, "testdata/sample"), "-shard-bytes", fmt.Sprint(shardBytes),
	)
	l.run(t)
	t.Cleanup(func() {
		l.stop(t, syscall.SIGTERM)
		if t.Failed() {
			t.Logf("brine-local said:\n%s", l.said)
		}
	})
	l.put(t, models, model, read(t, modelFile))
	return l
}

// stop ends brine-local. Told to, it says that all went well.
func (l *local) stop(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := l.process.Process.Signal(signal); err != nil {
		t.Error(err)
	}
	if err := l.process.Wait(); err != nil && signal == syscall.SIGTERM {
		t.Errorf("brine-local ended with %v", err)
	}
}

// functions makes a folder of bootstraps that run the real ones, but have them
// find S3 at the proxy and sign each call with their name and process id.
func functions(t *testing.T, variables []string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"start", "validate", "predict", "write", "invoke"} {
		script := fmt.Sprintf("#!/bin/sh\n%s AWS_SDK_UA_APP_ID=%s-$$ exec '%s/%s/bootstrap'\n", strings.Join(variables, " "), name, dist, name)
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "bootstrap"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// transcript is what a process has said. It tells when it serves.
type transcript struct {
	mu      sync.Mutex
	text    strings.Builder
	serving chan bool
}

func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func (s *transcript) follow(out io.Reader) {
	defer close(s.serving)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		s.mu.Lock()
		fmt.Fprintln(&s.text, lines.Text())
		s.mu.Unlock()
		if strings.HasPrefix(lines.Text(), "Serving on") {
			s.serving <- true
		}
	}
}

// run starts brine-local and waits until it serves.
func (l *local) run(t *testing.T) {
	t.Helper()
	port := localtest.FreePort(t)
	address := "127.0.0.1:" + port
	endpoint := "http://" + address
	l.proxy.s3.Store(&address)
	l.process = exec.Command(filepath.Join(dist, "brine-local"), append([]string{"-port", port}, l.args...)...)
	l.said = &transcript{serving: make(chan bool, 1)}
	out, in := io.Pipe()
	l.process.Stdout, l.process.Stderr = in, in
	if err := l.process.Start(); err != nil {
		t.Fatal(err)
	}
	go l.said.follow(out)
	select {
	case <-l.said.serving:
	case <-time.After(localtest.Patience):
		t.Fatalf("brine-local does not serve:\n%s", l.said)
	}
	secret := credentials.NewStaticCredentialsProvider("local", "local", "")
	client := &http.Client{Transport: l.transport}
	l.s3 = s3.New(s3.Options{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: secret, HTTPClient: client, UsePathStyle: true})
	l.sfn = sfn.New(sfn.Options{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: secret, HTTPClient: client})
	l.lambda = lambda.New(lambda.Options{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: secret, HTTPClient: client})
}

func (l *local) put(t *testing.T, bucket, key string, content []byte) {
	t.Helper()
	if err := l.tryPut(bucket, key, content); err != nil {
		t.Fatal(err)
	}
}

// tryPut is put for where no test may be ended.
func (l *local) tryPut(bucket, key string, content []byte) error {
	_, err := l.s3.PutObject(context.Background(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(content)})
	return err
}

// get returns an object, or nil if there is none.
func (l *local) get(t *testing.T, bucket, key string) []byte {
	t.Helper()
	content, err := l.tryGet(bucket, key)
	if missing := (*types.NoSuchKey)(nil); err != nil && !errors.As(err, &missing) {
		t.Fatal(err)
	}
	return content
}

func (l *local) tryGet(bucket, key string) ([]byte, error) {
	out, err := l.s3.GetObject(context.Background(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, err
	}
	defer out.Body.Close()
	return io.ReadAll(out.Body)
}

// execution is one as the API describes it.
type execution struct{ name, status, cause string }

// ended waits until n jobs over the test's file are through, and returns their
// executions, the latest first.
func (l *local) ended(t *testing.T, n int) []execution {
	t.Helper()
	var all []execution
	localtest.Until(t, fmt.Sprintf("%d ended executions", n), func() bool {
		all = l.executions(t)
		return len(all) == n && !slices.ContainsFunc(all, func(x execution) bool { return x.status == "RUNNING" })
	})
	return all
}

// executions returns those over the test's file, the latest first.
func (l *local) executions(t *testing.T) (all []execution) {
	t.Helper()
	list, err := l.sfn.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: aws.String(machine)})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range list.Executions {
		more, err := l.sfn.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: x.ExecutionArn})
		if err != nil {
			t.Fatal(err)
		}
		x := execution{aws.ToString(more.Name), string(more.Status), aws.ToString(more.Cause)}
		if strings.Contains(aws.ToString(more.Input), "/"+file) && !l.past[x.name] {
			all = append(all, x)
		}
	}
	return all
}

// forget takes the executions so far, and their results, out of the way.
func (l *local) forget(t *testing.T) {
	t.Helper()
	l.past = map[string]bool{}
	for _, x := range l.executions(t) {
		l.past[x.name] = true
	}
	for _, key := range []string{file, file + ".receipt.json"} {
		if _, err := l.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(results), Key: &key}); err != nil {
			t.Fatal(err)
		}
	}
}

// receipt has of a receipt what the tests look at.
type receipt struct {
	Status    string
	Rows      int64
	Error     string
	Type      string `json:"error_type"`
	Execution string
	Result    struct{ ETag string }
}

func (l *local) receipt(t *testing.T) (r receipt) {
	t.Helper()
	content := l.get(t, results, file+".receipt.json")
	if content == nil {
		t.Fatal("there is no receipt")
	}
	if err := json.Unmarshal(content, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// mustSucceed checks that nothing was lost, doubled or left behind.
func (l *local) mustSucceed(t *testing.T, of table) {
	t.Helper()
	if x := l.ended(t, 1)[0]; x.status != "SUCCEEDED" {
		t.Errorf("the execution ended %s: %s", x.status, x.cause)
	}
	l.mustHave(t, of)
	l.mustBeClean(t)
}

// mustHave checks result and receipt.
func (l *local) mustHave(t *testing.T, of table) {
	t.Helper()
	got := l.get(t, results, file)
	if !bytes.Equal(got, of.predicted) {
		t.Errorf("the result is another one: %d bytes, want %d", len(got), len(of.predicted))
	}
	if r := l.receipt(t); r.Status != "succeeded" || r.Rows != of.rows {
		t.Errorf("the receipt says %+v, want %d rows", r, of.rows)
	}
}

// mustFail checks that a job is undone, and that receipt and execution give
// the cause.
func (l *local) mustFail(t *testing.T, cause string) {
	t.Helper()
	x := l.ended(t, 1)[0]
	if x.status != "FAILED" || !strings.Contains(x.cause, cause) {
		t.Errorf("the execution ended %s: %s\nwant: %s", x.status, x.cause, cause)
	}
	if r := l.receipt(t); r.Status != "failed" || r.Error != x.cause || r.Execution != x.name {
		t.Errorf("the receipt says %+v, the execution %q %q", r, x.name, x.cause)
	}
	if got := l.get(t, results, file); got != nil {
		t.Errorf("there is a result of %d bytes", len(got))
	}
	l.mustBeClean(t)
}

// mustBeClean checks that no upload is open and no working object left, once
// the workers that were still busy when the execution ended are through.
func (l *local) mustBeClean(t *testing.T) {
	t.Helper()
	localtest.Until(t, "open uploads and working objects to go", func() bool {
		return len(l.uploads(t)) == 0 && len(l.working(t)) == 0
	})
}

// working returns the keys of what executions have left in their folders.
func (l *local) working(t *testing.T) (keys []string) {
	t.Helper()
	left, err := l.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(results), Prefix: aws.String(".brine/")})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range left.Contents {
		keys = append(keys, *o.Key)
	}
	return keys
}

// uploads returns the keys of the open ones.
func (l *local) uploads(t *testing.T) (keys []string) {
	t.Helper()
	open, err := l.s3.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: aws.String(results)})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range open.Uploads {
		keys = append(keys, *u.Key)
	}
	return keys
}
