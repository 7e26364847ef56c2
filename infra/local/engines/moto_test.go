package engines

import (
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"brine/infra/lambdas"
	"brine/infra/local/asl"
	"brine/infra/local/lambda"
	"brine/infra/local/localtest"
	"brine/statemachine"
)

// startMoto runs moto's server. It has no Lambda without Docker, but calls its
// own over the port that MOTO_PORT names: there the proxy serves them.
func startMoto(t *testing.T) *engine {
	port := localtest.FreePort(t)
	e := &engine{proxy: newProxy(t, port), models: "ml-models", results: "ml-results"}
	server := exec.Command(moto, "-p", port)
	server.Env = environment(port, "MOTO_ACCOUNT_ID="+account, "MOTO_PORT="+e.URL[strings.LastIndexByte(e.URL, ':')+1:])
	localtest.Serve(t, server, "Running on")
	e.connect(port, "test")
	setting, err := http.Post("http://127.0.0.1:"+port+"/moto-api/config", "application/json", strings.NewReader(`{"stepfunctions": {"execute_state_machine": true}}`))
	if err != nil {
		t.Fatal(err)
	}
	setting.Body.Close()

	steps := map[string]lambdas.Function{"Validate": lambdas.Validate, "Predict": lambdas.Predict, "Write": lambdas.Write}
	arns := map[string]string{}
	var configs []lambda.Config
	for name, f := range steps {
		arns[name+"FunctionArn"] = lambda.ARN(f.Name)
		configs = append(configs, lambda.Config{
			Name: f.Name, Binary: localtest.Program(filepath.Join(f.Binary, "bootstrap")), Memory: f.MemoryMB, Timeout: f.Timeout,
			Environment: map[string]string{"MODELS_BUCKET": e.models, "RESULTS_BUCKET": e.results, "SHARD_BYTES": fmt.Sprint(shard)},
		})
	}
	functions, err := lambda.New(e.URL, t.TempDir(), configs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(functions.Close)
	e.functions = functions

	for _, bucket := range []string{e.models, e.results} {
		if _, err := e.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
			t.Fatal(err)
		}
	}
	definition, err := asl.Substitute(statemachine.Definition, arns)
	if err != nil {
		t.Fatal(err)
	}
	made, err := e.sfn.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String(lambdas.Prefix), Definition: &definition, RoleArn: aws.String("arn:aws:iam::" + account + ":role/workflow"),
	})
	if err != nil {
		t.Fatal(err)
	}
	e.machine = *made.StateMachineArn
	return e
}
