package engines

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"brine/infra/lambdas"
	"brine/infra/local/lambda"
	"brine/infra/local/localtest"
)

// TestEmulator has each function serve one invocation under AWS's own Lambda
// Runtime Interface Emulator. What one answers is handed to the next, as the
// state machine does.
func TestEmulator(t *testing.T) {
	t.Parallel()
	e := startLocal(t)
	of, err := sample()
	if err != nil {
		t.Fatal(err)
	}
	e.put(t, "sample/model.pkl", of.model)
	e.put(t, "sample/data.csv", of.csv)
	uri := "s3://" + e.models + "/sample/"

	t.Run("start", func(t *testing.T) {
		var got struct{ Execution string }
		e.emulate(t, lambdas.Start, `{"detail": {"bucket": {"name": "`+e.models+`"}, "object": {"key": "sample/data.csv", "etag": "e"}}}`, &got)
		e.await(t, got.Execution)
		if !bytes.Equal(e.get(t, "sample/data.csv"), of.predicted) {
			t.Error("the execution has another result")
		}
	})
	t.Run("validate, predict, write", func(t *testing.T) {
		var plan struct {
			Shards int
			First  json.RawMessage
		}
		state := e.emulate(t, lambdas.Validate, `{"execution": "e", "request": {"data_s3_uri": "`+uri+`data.csv", "output_s3_uri": "s3://`+e.results+`/steps.csv"}}`, &plan)
		if plan.Shards != 1 {
			t.Fatalf("validate answers %s", state)
		}
		e.emulate(t, lambdas.Predict, string(plan.First), &struct{}{})
		var done struct{ StatusCode int }
		if answer := e.emulate(t, lambdas.Write, state, &done); done.StatusCode != http.StatusOK {
			t.Errorf("write answers %s", answer)
		}
		if !bytes.Equal(e.get(t, "steps.csv"), of.predicted) {
			t.Error("another result")
		}
	})
	t.Run("handler", func(t *testing.T) {
		got := e.emulate(t, lambdas.Handler, `{"model_s3_uri": "`+uri+`model.pkl", "data_s3_uri": "`+uri+`data.csv", "output_s3_uri": "s3://`+e.results+`/direct.csv",
			"prediction_column_name": "prediction", "feature_columns": "auto"}`, &struct{}{})
		if want := `{"statusCode":200,"body":{"success":true,"predictions_generated":1000,"output_s3_uri":"s3://` + e.results + `/direct.csv","prediction_column_name":"prediction"}}`; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if !bytes.Equal(e.get(t, "direct.csv"), of.predicted) {
			t.Error("another result")
		}
	})
}

// emulate starts a function, invokes it once and reads its answer into out.
func (e *engine) emulate(t *testing.T, f lambdas.Function, payload string, out any) string {
	t.Helper()
	address, runtime := "127.0.0.1:"+localtest.FreePort(t), "127.0.0.1:"+localtest.FreePort(t)
	cmd := exec.Command(emulator, "--runtime-interface-emulator-address", address, "--runtime-api-address", runtime,
		localtest.Program(filepath.Join(f.Binary, "bootstrap")))
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "AWS_REGION=" + region, "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_ENDPOINT_URL=" + e.URL,
		"AWS_LAMBDA_FUNCTION_NAME=" + f.Name, "MODELS_BUCKET=" + e.models, "RESULTS_BUCKET=" + e.results, "STATE_MACHINE_ARN=" + e.machine,
	}
	localtest.Serve(t, cmd, "exec")
	localtest.Until(t, "the emulator's runtime API", func() (listens bool) { // a function may be faster
		c, err := net.Dial("tcp", runtime)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	var answer *http.Response
	localtest.Until(t, "the emulator to listen", func() (listens bool) {
		var err error
		answer, err = http.Post("http://"+address+lambda.Route+"function/invocations", "application/json", strings.NewReader(payload))
		return err == nil
	})
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, out); err != nil || answer.StatusCode != http.StatusOK || strings.Contains(string(body), "errorType") {
		t.Fatalf("%s answers %d %s, %v", f.Name, answer.StatusCode, body, err)
	}
	return string(body)
}
