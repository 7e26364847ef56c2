package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"brine/infra/local/localtest"
)

// TestDrop is the main job as people type it: a file is dropped, the same
// bytes come back with scikit-learn's column.
func TestDrop(t *testing.T) {
	p := start(t)
	want := read(t, fixture("sample/expected.csv"))
	for _, key := range []string{"house-prices/my.csv", "house-prices/2026/a b+c%20d 東京.csv"} {
		p.mustAWS(t, "s3", "cp", fixture("sample/house-prices.csv"), "s3://ml-data/"+key, "--quiet")
		if got := p.await(t, "s3://ml-results/"+key); !bytes.Equal(got, want) {
			t.Errorf("%s came back as\n%.300s", key, got)
		}
		var receipt struct {
			Status string
			Rows   int
		}
		if err := json.Unmarshal(p.await(t, "s3://ml-results/"+key+".receipt.json"), &receipt); err != nil {
			t.Fatal(err)
		}
		if receipt.Status != "succeeded" || receipt.Rows != 1000 {
			t.Errorf("the receipt says %+v", receipt)
		}
	}
	if left, err := p.aws(t, "s3", "ls", "s3://ml-results/.brine/", "--recursive"); err == nil || left != "" {
		t.Errorf("left behind: %s", left) // of nothing, ls makes an error
	}
	list := p.mustAWS(t, "stepfunctions", "list-executions", "--state-machine-arn", "arn:aws:states:us-east-1:000000000000:stateMachine:ml-prediction")
	if n := strings.Count(list, `"SUCCEEDED"`); n != 3 {
		t.Errorf("%d executions succeeded, want 3:\n%s", n, list)
	}
}

// TestDropBad: a file that cannot be predicted leaves an error receipt, no
// result and no open upload.
func TestDropBad(t *testing.T) {
	p := start(t)
	bad := filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(bad, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.mustAWS(t, "s3", "cp", bad, "s3://ml-data/house-prices/bad.csv", "--quiet")
	var receipt struct {
		Status string
		Error  string
		Type   string `json:"error_type"`
	}
	if err := json.Unmarshal(p.await(t, "s3://ml-results/house-prices/bad.csv.receipt.json"), &receipt); err != nil {
		t.Fatal(err)
	}
	if receipt.Status != "failed" || receipt.Type != "ValidationError" || !strings.Contains(receipt.Error, "Missing required feature columns: ") {
		t.Errorf("the receipt says %+v", receipt)
	}
	if _, err := p.aws(t, "s3", "cp", "s3://ml-results/house-prices/bad.csv", bad); err == nil {
		t.Error("there is a result")
	}
	if open := p.mustAWS(t, "s3api", "list-multipart-uploads", "--bucket", "ml-results"); strings.Contains(open, "UploadId") {
		t.Errorf("open uploads: %s", open)
	}
}

// TestInvoke calls the direct handler with the AWS command line.
func TestInvoke(t *testing.T) {
	p := start(t)
	p.mustAWS(t, "s3", "cp", fixture("sample/house-prices.csv"), "s3://ml-data/direct.csv", "--quiet")
	answer := filepath.Join(t.TempDir(), "response.json")
	invoke := func(payload string) string {
		p.mustAWS(t, "lambda", "invoke", "--function-name", "ml-prediction-handler", "--payload", payload, answer)
		return string(read(t, answer))
	}
	got := invoke(`{
		"model_s3_uri": "s3://ml-models/house-prices/model.pkl",
		"data_s3_uri": "s3://ml-data/direct.csv",
		"output_s3_uri": "s3://ml-results/direct/out.csv",
		"prediction_column_name": "prediction",
		"feature_columns": "auto"
	}`)
	if want := `{"statusCode":200,"body":{"success":true,"predictions_generated":1000,"output_s3_uri":"s3://ml-results/direct/out.csv","prediction_column_name":"prediction"}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !bytes.Equal(p.await(t, "s3://ml-results/direct/out.csv"), read(t, fixture("sample/expected.csv"))) {
		t.Error("another result")
	}
	got = invoke(`{"model_s3_uri": "s3://ml-models/house-prices/model.pkl"}`)
	if want := `{"statusCode":400,"body":{"success":false,"error":"Missing required fields: data_s3_uri, output_s3_uri, prediction_column_name, feature_columns","error_type":"ValidationError"}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestBoto3 has every documented answer of the direct handler, through boto3.
func TestBoto3(t *testing.T) {
	p := start(t)
	cmd := p.client(t.Context(), python, "testdata/answers.py", fixture("sample"), fixture("models/linear-regression"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// TestOnce: with -once the exit status tells how the sample job went.
func TestOnce(t *testing.T) {
	run := func(flags ...string) (string, error) {
		args := append([]string{"-once", "-port", localtest.FreePort(t), "-dir", t.TempDir(), "-dist", filepath.Join(root, "dist/host")}, flags...)
		out, err := exec.Command(program, args...).CombinedOutput()
		return string(out), err
	}
	out, err := run("-sample", fixture("sample"))
	if err != nil || !strings.Contains(out, "The result is s3://ml-results/house-prices/house-prices.csv") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = run("-sample", t.TempDir())
	if err == nil || !strings.Contains(out, "brine-local: ") {
		t.Errorf("without a sample: %v\n%s", err, out)
	}
}
