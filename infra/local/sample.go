package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"brine/infra/local/states"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
)

// The sample job: a model, and a table to predict. Its files lie in the
// sample folder under the model's key and the table's name.
const (
	sampleModel = "house-prices/model.pkl"
	sampleTable = "house-prices.csv"
	sampleKey   = "house-prices/" + sampleTable
)

// checkSample tells early that a file is missing.
func (m *machine) checkSample() error {
	for _, name := range []string{sampleModel, sampleTable} {
		if _, err := os.Stat(filepath.Join(m.sample, name)); err != nil {
			return fmt.Errorf("the sample job lacks a file: %w", err)
		}
	}
	return nil
}

// runSample drops the sample table into the bucket, waits for the result and
// shows what came of it.
func (m *machine) runSample(ctx context.Context) error {
	m.console.printf("brine-local %s  data, results and logs in %s", m.endpoint, m.shown)
	if err := m.upload(ctx, sampleModel, modelsBucket, sampleModel); err != nil {
		return err
	}
	done := m.console.expect("s3://" + dataBucket + "/" + sampleKey)
	if err := m.upload(ctx, sampleTable, dataBucket, sampleKey); err != nil {
		return err
	}
	select {
	case end := <-done:
		if end.err != nil {
			return fmt.Errorf("%w (logs in %s)", end.err, filepath.Join(m.shown, "logs"))
		}
	case <-ctx.Done():
		return errors.New("stopped before the sample job was done")
	}
	rows, err := m.firstRows(ctx, 3)
	if err != nil {
		return err
	}
	m.console.printf("\n%s", align(narrow(rows)))
	return m.hints()
}

func (m *machine) upload(ctx context.Context, name, bucket, key string) error {
	f, err := os.Open(filepath.Join(m.sample, name))
	if err != nil {
		return err
	}
	defer f.Close()
	m.console.printf("upload %s to s3://%s/%s", filepath.Base(name), bucket, key)
	_, err = m.client.PutObject(ctx, &awss3.PutObjectInput{Bucket: &bucket, Key: &key, Body: f})
	return err
}

// firstRows reads the header and the first n rows of the sample's result.
func (m *machine) firstRows(ctx context.Context, n int) ([][]string, error) {
	body, err := m.Open(ctx, resultsBucket, sampleKey)
	if err != nil {
		return nil, fmt.Errorf("the result s3://%s/%s: %w", resultsBucket, sampleKey, err)
	}
	defer body.Close()
	table := csv.NewReader(body)
	var rows [][]string
	for range n + 1 {
		row, err := table.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("the result s3://%s/%s: %w", resultsBucket, sampleKey, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// narrow leaves out columns from the middle of a wide table: the first ones
// tell the rows apart, the last one is the prediction.
func narrow(rows [][]string) [][]string {
	const first, last = 4, 2
	short := make([][]string, len(rows))
	for i, row := range rows {
		short[i] = row
		if n := len(row); n > first+last+1 {
			short[i] = append(append(row[:first:first], "…"), row[n-last:]...)
		}
	}
	return short
}

// align puts rows of the same width into columns.
func align(rows [][]string) string {
	var b strings.Builder
	for _, row := range rows {
		for j, cell := range row {
			width := 0
			for _, other := range rows {
				width = max(width, utf8.RuneCountInString(other[j]))
			}
			b.WriteString("  " + cell + strings.Repeat(" ", width-utf8.RuneCountInString(cell)))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// hints says where the result lies and, if there is somebody to try it, what
// to do next.
func (m *machine) hints() error {
	result, to := "s3://"+resultsBucket+"/"+sampleKey, " --endpoint-url "+m.endpoint
	m.console.printf("The result is %s", result)
	if m.once {
		return nil
	}
	payload, err := m.directPayload()
	if err != nil {
		return err
	}
	m.console.printf(`
To try next, in another terminal:
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1
  aws s3 cp %s -%s
  aws s3 cp my.csv s3://%s/house-prices/my.csv%s
  aws lambda invoke --function-name %s-handler --payload fileb://%s%s /dev/stdout
  aws stepfunctions list-executions --state-machine-arn %s%s`,
		result, to, dataBucket, to, stateMachine, payload, to, states.ARN(stateMachine), to)
	return nil
}

// directPayload writes the sample job as a payload of the direct handler.
func (m *machine) directPayload() (string, error) {
	payload, err := json.MarshalIndent(map[string]any{
		"model_s3_uri":           "s3://" + modelsBucket + "/" + sampleModel,
		"data_s3_uri":            "s3://" + dataBucket + "/" + sampleKey,
		"output_s3_uri":          "s3://" + resultsBucket + "/house-prices/direct.csv",
		"prediction_column_name": "prediction",
		"feature_columns":        "auto",
	}, "", "  ")
	if err != nil {
		return "", err
	}
	const file = "payload.json"
	return filepath.Join(m.shown, file), os.WriteFile(filepath.Join(m.dir, file), payload, 0o644)
}
