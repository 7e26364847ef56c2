package function

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"brine/functions/internal/job"
)

// guard runs a handler within the function's time and memory: it has it end
// while there is still time to answer, and before the platform would kill the
// process without a word. One that does not hear is left behind. What nobody
// could foresee becomes an error.
func guard[T any](ctx context.Context, run func(context.Context) (T, error)) (T, error) {
	ctx, grace, stop := limits(ctx)
	defer stop()
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		value, err := caught(ctx, run)
		done <- answer{value, err}
	}()
	var a answer
	select {
	case a = <-done:
	case <-ctx.Done():
		select {
		case a = <-done:
		case <-time.After(grace):
			a.err = context.Cause(ctx)
		}
	}
	if a.err != nil && ctx.Err() != nil {
		a.err = context.Cause(ctx)
	}
	return a.value, a.err
}

// caught runs a handler and turns its panic into an error.
func caught[T any](ctx context.Context, run func(context.Context) (T, error)) (value T, err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.ErrorContext(ctx, fmt.Sprint(r), "stack", string(debug.Stack()))
			err = &job.Error{Message: fmt.Sprintf("internal error: %v", r)}
		}
	}()
	return run(ctx)
}

// exhausted tells an error after which the process had better begin anew: what
// took its time or its memory may still do so.
func exhausted(err error) bool {
	t := job.TypeOf(err)
	return t == job.TimeoutError || t == job.MemoryError
}

// limits ends the context a tenth of its time, at most five seconds, before the
// platform does, or when memory runs out; the cause says what to raise. A
// handler then has the grace to end in good order.
func limits(ctx context.Context) (_ context.Context, grace time.Duration, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	go watchMemory(ctx, cancel)
	deadline, ok := ctx.Deadline()
	if !ok {
		return ctx, time.Second, func() { cancel(nil) }
	}
	left := time.Until(deadline)
	margin := min(left/10, 5*time.Second)
	ctx, cancelTimer := context.WithDeadlineCause(ctx, deadline.Add(-margin), &job.Error{
		Type:    job.TimeoutError,
		Message: fmt.Sprintf("the function %s ran out of time after %v", lambdacontext.FunctionName, (left - margin).Round(100*time.Millisecond)),
		Hint:    "Raise its timeout or its memory, which brings CPU; or let it do less at a time: lower SHARD_BYTES, or instead of a direct call drop the file into the data bucket, where it is split over many workers",
	})
	return ctx, margin / 2, func() { cancelTimer(); cancel(nil) }
}

// watchMemory ends the context when more memory is in use than the process may
// have, and collecting garbage does not help. What is mapped counts before it
// is written to, and so before the platform counts it.
func watchMemory(ctx context.Context, cancel context.CancelCauseFunc) {
	limit := debug.SetMemoryLimit(-1)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if inUse() <= limit {
			continue
		}
		debug.FreeOSMemory()
		if used := inUse(); used > limit {
			cancel(&job.Error{
				Type:    job.MemoryError,
				Message: fmt.Sprintf("the function %s ran out of memory: %d MB of %d MB are in use", lambdacontext.FunctionName, used>>20, memoryMB()),
				Hint:    "Raise its memory",
			})
			return
		}
	}
}

// inUse is the memory, in bytes, that debug.SetMemoryLimit speaks of.
func inUse() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64())
}
