// Function stands in for each of the pipeline's functions, by its name: it
// adds a column of ones to a table, and fails for a table that says "bad".
package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

type object map[string]any

func main() {
	handlers := map[string]func(context.Context, json.RawMessage) (any, error){
		"ml-prediction-start": start, "ml-prediction-validate": validate, "ml-prediction-predict": predict,
		"ml-prediction-write": write, "ml-prediction-handler": handle,
	}
	lambda.Start(handlers[os.Getenv("AWS_LAMBDA_FUNCTION_NAME")])
}

func configuration() aws.Config {
	c, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		panic(err)
	}
	return c
}

func client() *s3.Client {
	return s3.NewFromConfig(configuration())
}

func start(ctx context.Context, event json.RawMessage) (any, error) {
	var e struct {
		Detail struct {
			Object struct{ Key, Sequencer string }
		}
	}
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, err
	}
	key := e.Detail.Object.Key
	if !strings.Contains(key, "/") {
		return object{"ignored": "it has no folder"}, nil
	}
	name := fmt.Sprintf("x-%x", sha256.Sum224([]byte(key+e.Detail.Object.Sequencer)))
	input, err := json.Marshal(object{"data_s3_uri": "s3://ml-data/" + key})
	if err != nil {
		return nil, err
	}
	out, err := sfn.NewFromConfig(configuration()).StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: aws.String(os.Getenv("STATE_MACHINE_ARN")), Name: &name, Input: aws.String(string(input)),
	})
	if err != nil {
		return nil, err
	}
	return object{"execution": out.ExecutionArn}, nil
}

func table(ctx context.Context, key string) (string, error) {
	out, err := client().GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("ml-data"), Key: &key})
	if err != nil {
		return "", err
	}
	defer out.Body.Close()
	data, err := io.ReadAll(out.Body)
	return string(data), err
}

func put(ctx context.Context, key string, data []byte) error {
	_, err := client().PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(os.Getenv("RESULTS_BUCKET")), Key: &key, Body: bytes.NewReader(data)})
	return err
}

// validate plans a shard for each SHARD_BYTES, or few large ones.
func validate(ctx context.Context, event json.RawMessage) (any, error) {
	var e struct {
		Request struct {
			Data string `json:"data_s3_uri"`
		}
	}
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, err
	}
	key := strings.TrimPrefix(e.Request.Data, "s3://ml-data/")
	data, err := table(ctx, key)
	if err != nil {
		return nil, err
	}
	if strings.Contains(data, "bad") {
		return nil, errors.New("the table\nis bad")
	}
	size, err := strconv.Atoi(cmp.Or(os.Getenv("SHARD_BYTES"), "1000000"))
	if err != nil {
		return nil, err
	}
	var shards []object
	for from := 0; from < len(data); from += size {
		shards = append(shards, object{"from": from})
	}
	manifest, err := json.Marshal(shards)
	if err != nil {
		return nil, err
	}
	plan := ".plans/" + key
	return object{"shards": len(shards), "first": shards[0], "key": key, "manifest": object{"bucket": os.Getenv("RESULTS_BUCKET"), "key": plan}}, put(ctx, plan, manifest)
}

func predict(_ context.Context, event json.RawMessage) (any, error) {
	var e struct{ From *int }
	if err := json.Unmarshal(event, &e); err != nil || e.From == nil {
		return nil, fmt.Errorf("no shard: %s", event)
	}
	return nil, nil
}

func write(ctx context.Context, event json.RawMessage) (any, error) {
	var e struct {
		Key  string
		Undo *struct{ Error struct{ Cause string } }
	}
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, err
	}
	if e.Undo != nil {
		return object{"cause": e.Undo.Error.Cause}, nil
	}
	data, err := table(ctx, e.Key)
	if err != nil {
		return nil, err
	}
	rows := strings.Split(strings.TrimSuffix(data, "\n"), "\n")
	for i := range rows {
		rows[i] += ",1"
	}
	rows[0] = strings.TrimSuffix(rows[0], "1") + "prediction"
	return object{"shards": 0}, put(ctx, e.Key, []byte(strings.Join(rows, "\n")+"\n"))
}

func handle(_ context.Context, event json.RawMessage) (any, error) {
	return object{"pid": os.Getpid(), "event": event}, nil
}
