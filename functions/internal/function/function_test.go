package function

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"brine/functions/internal/job"
)

// TestGuardEndsInTime: a handler is told to end while there is time to answer,
// and the answer says what to raise.
func TestGuardEndsInTime(t *testing.T) {
	for limit, margin := range map[time.Duration]time.Duration{10 * time.Second: time.Second, 900 * time.Second: 5 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			err := guard(ctx, func(ctx context.Context) error {
				<-ctx.Done()
				return ctx.Err()
			})
			if job.TypeOf(err) != job.TimeoutError || !strings.Contains(err.Error(), "Raise its timeout") {
				t.Errorf("got %v", err)
			}
			if took := time.Since(start); took != limit-margin {
				t.Errorf("ended after %v of %v", took, limit)
			}
		})
	}
}

func TestGuardPanics(t *testing.T) {
	err := guard(t.Context(), func(context.Context) error { panic("surprise") })
	if job.Status(err) != 500 || !strings.Contains(err.Error(), "surprise") {
		t.Errorf("got %v", err)
	}
}

func TestGuardPassesErrors(t *testing.T) {
	want := job.Invalid("bad")
	if err := guard(t.Context(), func(context.Context) error { return want }); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
}

// TestLog: every record has the id of its invocation.
func TestLog(t *testing.T) {
	var out bytes.Buffer
	logger := slog.New(withRequestID{slog.NewJSONHandler(&out, nil)}).With("shard", 7)
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "id-1"})
	logger.InfoContext(ctx, "hello")
	var record map[string]any
	if err := json.Unmarshal(out.Bytes(), &record); err != nil {
		t.Fatal(err)
	}
	if record["requestId"] != "id-1" || record["msg"] != "hello" || record["shard"] != 7.0 {
		t.Errorf("got %v", record)
	}
}

func TestWorkflowEnvironment(t *testing.T) {
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("MODELS_BUCKET", "m")
	if _, err := Workflow(); err == nil || !strings.Contains(err.Error(), "RESULTS_BUCKET is not set") {
		t.Errorf("got %v", err)
	}
	t.Setenv("RESULTS_BUCKET", "r")
	w, err := Workflow()
	if err != nil || w.Pipeline.ShardSize != 64<<20 || w.Models != "m" || w.Results != "r" {
		t.Errorf("got %+v, %v", w, err)
	}
	t.Setenv("SHARD_BYTES", "many")
	if _, err := Workflow(); err == nil || !strings.Contains(err.Error(), "SHARD_BYTES must be a number of bytes") {
		t.Errorf("got %v", err)
	}
}
