package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"brine/infra/lambdas"
	"brine/infra/local/asl"
	"brine/infra/local/events"
	"brine/infra/local/lambda"
	"brine/infra/local/s3"
	"brine/infra/local/states"
	"brine/statemachine"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Names as they are deployed.
const (
	modelsBucket  = "ml-models"
	dataBucket    = "ml-data"
	resultsBucket = "ml-results"
	stateMachine  = lambdas.Prefix
)

// machine is the running pipeline.
type machine struct {
	options
	shown      string // dir as it was given
	endpoint   string
	console    *console
	client     *awss3.Client
	functions  *lambda.Service
	executions *states.Service
	server     *s3.Server
	lock       *os.File
}

// configs are the functions as they are deployed.
func configs(o options) []lambda.Config {
	buckets := map[string]string{"MODELS_BUCKET": modelsBucket, "RESULTS_BUCKET": resultsBucket}
	if o.shardBytes > 0 {
		buckets["SHARD_BYTES"] = strconv.FormatInt(o.shardBytes, 10)
	}
	starter := map[string]string{"STATE_MACHINE_ARN": states.ARN(stateMachine), "RESULTS_BUCKET": resultsBucket}
	function := func(f lambdas.Function, env map[string]string) lambda.Config {
		return lambda.Config{
			Name: functionName(f), Binary: filepath.Join(o.dist, f.Binary, "bootstrap"),
			Memory: cmp.Or(o.memory, f.MemoryMB), Timeout: cmp.Or(o.timeout, f.Timeout), Environment: env,
		}
	}
	return []lambda.Config{
		function(lambdas.Start, starter),
		function(lambdas.Validate, buckets),
		function(lambdas.Predict, buckets),
		function(lambdas.Write, buckets),
		function(lambdas.Handler, nil),
	}
}

func functionName(f lambdas.Function) string { return lambdas.Prefix + "-" + f.Name }

// start starts everything, or nothing.
func start(o options, c *console) (_ *machine, err error) {
	shown := o.dir
	// The S3 server moves into another folder.
	for _, folder := range []*string{&o.dir, &o.dist, &o.sample} {
		if *folder, err = filepath.Abs(*folder); err != nil {
			return nil, err
		}
	}
	address := fmt.Sprintf("127.0.0.1:%d", o.port)
	m := &machine{options: o, shown: shown, endpoint: "http://" + address, console: c}
	m.client = awss3.New(awss3.Options{
		Region: "us-east-1", BaseEndpoint: &m.endpoint, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(s3.Credentials, s3.Credentials, ""),
	})
	defer func() {
		if err != nil {
			m.close()
		}
	}()
	if err := m.checkSample(); err != nil {
		return nil, err
	}
	if err := m.folders(); err != nil {
		return nil, err
	}
	functions := configs(o)
	if m.functions, err = lambda.New(m.endpoint, filepath.Join(o.dir, "logs"), functions); err != nil {
		return nil, err
	}
	var accounts []string
	for _, f := range functions {
		accounts = append(accounts, f.Name)
	}
	if err := m.openExecutions(); err != nil {
		return nil, err
	}
	m.server, err = s3.Start(s3.Config{
		Address: address, Dir: filepath.Join(o.dir, "s3"), Accounts: accounts, Created: m.created, Other: m.other,
	})
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is in use: stop what serves there, or choose another port with --port (make run PORT=…)", o.port)
	}
	if err != nil {
		return nil, err
	}
	if err := m.makeBuckets(context.Background()); err != nil {
		return nil, err
	}
	m.executions.Resume()
	return m, nil
}

// folders makes the folders and claims them for this process.
func (m *machine) folders() (err error) {
	for _, folder := range []string{"executions", "logs", "s3"} {
		if err := os.MkdirAll(filepath.Join(m.dir, folder), 0o755); err != nil {
			return err
		}
	}
	if m.lock, err = os.Create(filepath.Join(m.dir, "lock")); err != nil {
		return err
	}
	if err := syscall.Flock(int(m.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return fmt.Errorf("%s is in use by another brine-local: stop that one, or choose another folder with --dir", m.shown)
	}
	return nil
}

func (m *machine) openExecutions() error {
	const file = "statemachine/prediction.asl.json"
	definition, err := asl.Substitute(statemachine.Definition, map[string]string{
		"ValidateFunctionArn": lambda.ARN(functionName(lambdas.Validate)),
		"PredictFunctionArn":  lambda.ARN(functionName(lambdas.Predict)),
		"WriteFunctionArn":    lambda.ARN(functionName(lambdas.Write)),
	})
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	parsed, err := asl.Parse(definition)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, arn := range parsed.Functions() {
		if !m.functions.Has(arn) {
			return fmt.Errorf("%s: there is no function %s", file, arn)
		}
	}
	m.executions, err = states.Open(states.Config{
		Name: stateMachine, Definition: definition, Machine: parsed, Platform: m,
		Dir: filepath.Join(m.dir, "executions"), Watcher: m.console,
	})
	return err
}

func (m *machine) makeBuckets(ctx context.Context) error {
	for bucket, name := range map[lambdas.Bucket]string{lambdas.Models: modelsBucket, lambdas.Data: dataBucket, lambdas.Results: resultsBucket} {
		_, err := m.client.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: &name})
		if _, owned := errors.AsType[*types.BucketAlreadyOwnedByYou](err); err != nil && !owned {
			return fmt.Errorf("making the bucket %s: %w", name, err)
		}
		policy := policy(name, bucket)
		if _, err := m.client.PutBucketPolicy(ctx, &awss3.PutBucketPolicyInput{Bucket: &name, Policy: &policy}); err != nil {
			return fmt.Errorf("the policy of the bucket %s: %w", name, err)
		}
	}
	return nil
}

// close stops the executions, then the functions, then the server; a part
// that never came to be is left out.
func (m *machine) close() error {
	if m.executions != nil {
		m.executions.Close()
	}
	if m.functions != nil {
		m.functions.Close()
	}
	var err error
	if m.server != nil {
		err = m.server.Close()
	}
	if m.lock != nil {
		m.lock.Close()
	}
	return err
}

// other sends each request that is not S3's to the API that it is for.
func (m *machine) other(path, target string) http.Handler {
	if strings.HasPrefix(path, lambda.Route) {
		return m.functions
	}
	if strings.HasPrefix(target, states.Target) {
		return m.executions
	}
	return nil
}

// created has the start function handle an upload, as EventBridge would.
func (m *machine) created(object events.Created) {
	if object.Bucket != dataBucket {
		return
	}
	event := object.JSON()
	go func() {
		r, err := m.functions.Invoke(context.Background(), functionName(lambdas.Start), event)
		if err == nil && r.Failed {
			err = functionError(r.Payload)
		}
		m.console.delivered(object, r.Payload, err)
	}()
}

// Invoke implements [asl.Platform].
func (m *machine) Invoke(ctx context.Context, arn string, payload []byte) ([]byte, error) {
	r, err := m.functions.Invoke(ctx, arn, payload)
	if err == nil && r.Failed {
		err = functionError(r.Payload)
	}
	return r.Payload, err
}

// functionError is how Step Functions reads the error of a function.
func functionError(payload []byte) *asl.Error {
	var e struct {
		ErrorType string `json:"errorType"`
	}
	if err := json.Unmarshal(payload, &e); err != nil || e.ErrorType == "" {
		return &asl.Error{Name: "Lambda.Unknown", Cause: "The cause could not be determined because Lambda did not return an error type. Returned payload: " + string(payload)}
	}
	return &asl.Error{Name: e.ErrorType, Cause: string(payload)}
}

// Open implements [asl.Platform].
func (m *machine) Open(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
	out, err := m.client.GetObject(ctx, &awss3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
	if err != nil {
		return nil, err
	}
	return out.Body, nil
}
