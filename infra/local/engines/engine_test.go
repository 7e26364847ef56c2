package engines

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"brine/infra/local/localtest"
)

// Where all of it is, as the services have it unless told otherwise.
const (
	region  = "us-east-1"
	account = "000000000000"
)

// engine is a service that has the state machine, the functions and their buckets.
type engine struct {
	*proxy                 // between the functions and S3
	machine         string // the state machine's ARN
	models, results string // buckets

	s3  *s3.Client
	sfn *sfn.Client
}

// connect makes the clients of a service that knows them by key and secret.
func (e *engine) connect(port, key string) {
	endpoint := "http://127.0.0.1:" + port
	by := credentials.NewStaticCredentialsProvider(key, key, "")
	e.s3 = s3.New(s3.Options{Region: region, BaseEndpoint: &endpoint, Credentials: by, UsePathStyle: true})
	e.sfn = sfn.New(sfn.Options{Region: region, BaseEndpoint: &endpoint, Credentials: by})
}

// environment is this process's, with a service at a port in place of the
// user's own account.
func environment(port string, more ...string) []string {
	own := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") })
	return append(append(own, "AWS_ENDPOINT_URL=http://127.0.0.1:"+port, "AWS_REGION="+region, "AWS_DEFAULT_REGION="+region,
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_EC2_METADATA_DISABLED=true"), more...)
}

// execute runs the state machine to its end.
func (e *engine) execute(t *testing.T, name, input string) *sfn.DescribeExecutionOutput {
	t.Helper()
	started, err := e.sfn.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &e.machine, Name: &name, Input: &input})
	if err != nil {
		t.Fatal(err)
	}
	return e.await(t, *started.ExecutionArn)
}

// await waits for an execution's end.
func (e *engine) await(t *testing.T, arn string) (x *sfn.DescribeExecutionOutput) {
	t.Helper()
	localtest.Until(t, "the execution to end", func() bool {
		var err error
		if x, err = e.sfn.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn}); err != nil {
			t.Fatal(err)
		}
		return x.Status != types.ExecutionStatusRunning
	})
	return x
}

// put puts a model or a table where no event starts a job.
func (e *engine) put(t *testing.T, key string, content []byte) {
	t.Helper()
	_, err := e.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &e.models, Key: &key, Body: bytes.NewReader(content)})
	if err != nil {
		t.Fatal(err)
	}
}

// get returns an object of the results, or nil if there is none.
func (e *engine) get(t *testing.T, key string) []byte {
	t.Helper()
	out, err := e.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &e.results, Key: &key})
	if missing := (*s3types.NoSuchKey)(nil); errors.As(err, &missing) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	content, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// mustBeClean checks that no upload is open and no working object left, once
// the workers that were still busy when the execution ended are through.
func (e *engine) mustBeClean(t *testing.T) {
	t.Helper()
	localtest.Until(t, "open uploads and working objects to go", func() bool {
		open, err := e.s3.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &e.results})
		if err != nil {
			t.Fatal(err)
		}
		left, err := e.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &e.results, Prefix: aws.String(".brine/")})
		if err != nil {
			t.Fatal(err)
		}
		return len(open.Uploads)+len(left.Contents) == 0
	})
}
