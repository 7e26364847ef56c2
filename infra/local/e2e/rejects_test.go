package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestReject drops a table with bad rows for a model whose model.json has them
// rejected, over many workers: the result is that of the table without them,
// the rejects tell where they are, and the receipt is of its schema.
func TestReject(t *testing.T) {
	p := start(t, "-shard-bytes", "20000")
	lines := strings.SplitAfter(string(read(t, fixture("sample/house-prices.csv"))), "\n")
	var bad, want strings.Builder
	want.WriteString("line,byte_offset,column,value,reason,rejected_record\n")
	for i, line := range lines {
		if i%100 == 50 { // of 1,001 lines
			reject := strings.TrimSuffix(line, "\n") + ",one more"
			columns := 1 + strings.Count(lines[0], ",")
			fmt.Fprintf(&want, "%d,%d,,,\"expected %d fields, found %d\",\"%s\"\n",
				1+strings.Count(bad.String(), "\n"), bad.Len(), columns, columns+1, strings.ReplaceAll(reject, `"`, `""`))
			reject += "\n"
			bad.WriteString(reject)
		}
		bad.WriteString(line)
	}
	dir := t.TempDir()
	for name, content := range map[string]string{"bad.csv": bad.String(), "model.json": `{"on_error": "reject", "max_error_rate": 0.02}`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p.mustAWS(t, "s3", "cp", filepath.Join(dir, "model.json"), "s3://ml-models/house-prices/model.json", "--quiet")
	p.mustAWS(t, "s3", "cp", filepath.Join(dir, "bad.csv"), "s3://ml-data/house-prices/bad.csv", "--quiet")

	var receipt struct {
		Status   string
		Rows     int
		Shards   int
		Data     struct{ Rows int }
		Rejected struct{ Rows int }
	}
	content := p.await(t, "s3://ml-results/house-prices/bad.csv.receipt.json")
	checkSchema(t, content)
	if err := json.Unmarshal(content, &receipt); err != nil {
		t.Fatal(err)
	}
	if receipt.Status != "succeeded" || receipt.Rows != 1000 || receipt.Rejected.Rows != 10 || receipt.Data.Rows != 1010 {
		t.Fatalf("the receipt says %s", content)
	}
	if got := p.await(t, "s3://ml-results/house-prices/bad.csv"); !bytes.Equal(got, read(t, fixture("sample/expected.csv"))) {
		t.Errorf("the result is\n%.300s", got)
	}
	if got := p.await(t, "s3://ml-results/house-prices/bad.csv.rejects.csv"); string(got) != want.String() {
		t.Errorf("rejected\n%s\nwant\n%s", got, want.String())
	}
	if left, err := p.aws(t, "s3", "ls", "s3://ml-results/.brine/", "--recursive"); err == nil || left != "" {
		t.Errorf("left behind: %s", left) // of nothing, ls makes an error
	}
	if open := p.mustAWS(t, "s3api", "list-multipart-uploads", "--bucket", "ml-results"); strings.Contains(open, "UploadId") {
		t.Errorf("open uploads: %s", open)
	}

	answer := filepath.Join(dir, "response.json")
	p.mustAWS(t, "lambda", "invoke", "--function-name", "ml-prediction-handler", "--payload", `{
		"model_s3_uri": "s3://ml-models/house-prices/model.pkl", "data_s3_uri": "s3://ml-data/house-prices/bad.csv",
		"output_s3_uri": "s3://ml-results/direct/out.csv", "prediction_column_name": "prediction", "feature_columns": "auto",
		"on_error": "reject"
	}`, answer)
	if got, want := string(read(t, answer)), `{"statusCode":200,"body":{"success":true,"predictions_generated":1000,"output_s3_uri":"s3://ml-results/direct/out.csv","prediction_column_name":"prediction","rows_rejected":10,"rejects_s3_uri":"s3://ml-results/direct/out.csv.rejects.csv"}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	checkSchema(t, p.await(t, "s3://ml-results/direct/out.csv.receipt.json"))
}

// checkSchema validates a receipt by the published schema.
func checkSchema(t *testing.T, receipt []byte) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(root, "functions/internal/job/receipt.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(receipt))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%v\n%s", err, receipt)
	}
}
