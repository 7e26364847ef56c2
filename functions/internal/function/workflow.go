package function

import (
	"fmt"
	"os"
	"strconv"

	"brine/functions/internal/store/s3store"
	"brine/functions/internal/workflow"
)

// defaultShardBytes is the table's share of one worker.
const defaultShardBytes = 64 << 20

// Workflow is set up from the environment: MODELS_BUCKET, RESULTS_BUCKET and,
// optionally, SHARD_BYTES.
func Workflow() (*workflow.Workflow, error) {
	models, err := Variable("MODELS_BUCKET")
	if err != nil {
		return nil, err
	}
	results, err := Variable("RESULTS_BUCKET")
	if err != nil {
		return nil, err
	}
	shard := int64(defaultShardBytes)
	if s := os.Getenv("SHARD_BYTES"); s != "" {
		if shard, err = strconv.ParseInt(s, 10, 64); err != nil || shard < 1 {
			return nil, fmt.Errorf("SHARD_BYTES must be a number of bytes, found %q", s)
		}
	}
	return measured(workflow.New(s3store.New(AWS("S3")), models, results, shard)), nil
}

// Direct is a workflow for whole jobs in one call, each all one shard.
func Direct() *workflow.Workflow {
	return measured(workflow.New(s3store.NewAlone(s3store.New(AWS("S3"))), "", "", 0))
}

// measured has a workflow count what this function's time costs.
func measured(w *workflow.Workflow) *workflow.Workflow {
	w.Pipeline.MemoryMB = memoryMB()
	return w
}

// Variable returns an environment variable that must be set.
func Variable(name string) (string, error) {
	if v := os.Getenv(name); v != "" {
		return v, nil
	}
	return "", fmt.Errorf("the environment variable %s is not set", name)
}
