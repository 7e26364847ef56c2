package function

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"runtime/debug"
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
			_, err := guard(ctx, func(ctx context.Context) (int, error) {
				<-ctx.Done()
				return 0, ctx.Err()
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

// TestGuardDeafHandler: one that does not end when it is told to is left
// behind, so that there is an answer all the same.
func TestGuardDeafHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 900*time.Second)
		defer cancel()
		late := make(chan bool)
		_, err := guard(ctx, func(context.Context) (int, error) { <-late; return 1, nil })
		if job.TypeOf(err) != job.TimeoutError || !exhausted(err) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took != 897500*time.Millisecond {
			t.Errorf("ended after %v", took)
		}
		close(late)
	})
}

// TestGuardMemory: a handler that holds more than the process may have is ended
// with what to raise; garbage is no reason to.
func TestGuardMemory(t *testing.T) {
	old := debug.SetMemoryLimit(256 << 20)
	defer debug.SetMemoryLimit(old)
	var held [][]byte
	_, err := guard(t.Context(), func(ctx context.Context) (int, error) {
		for range 100 {
			held = [][]byte{make([]byte, 16<<20)}
		}
		if ctx.Err() != nil {
			t.Error("garbage ended the handler")
		}
		for ctx.Err() == nil && len(held) < 100 {
			held = append(held, make([]byte, 16<<20))
			time.Sleep(10 * time.Millisecond)
		}
		return len(held), ctx.Err()
	})
	if job.TypeOf(err) != job.MemoryError || !strings.Contains(err.Error(), "Raise its memory") || len(held) == 100 {
		t.Errorf("got %v with %d pieces held", err, len(held))
	}
}

func TestGuardPanics(t *testing.T) {
	_, err := guard(t.Context(), func(context.Context) (int, error) { panic("surprise") })
	if job.Status(err) != 500 || !strings.Contains(err.Error(), "surprise") {
		t.Errorf("got %v", err)
	}
}

func TestGuardPassesErrors(t *testing.T) {
	want := job.Invalid("bad")
	if _, err := guard(t.Context(), func(context.Context) (int, error) { return 0, want }); !errors.Is(err, want) {
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
