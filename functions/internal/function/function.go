// Package function is what the Lambdas share around their handlers: structured
// logs with the request id, errors that the state machine knows by name, and an
// end in good order before the platform's own.
package function

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"brine/functions/internal/job"
)

// Start serves a step of the state machine until the environment is shut down.
// An error is returned to the platform under its job.Type.
func Start[In, Out any](handle func(context.Context, In) (Out, error)) {
	setUp()
	lambda.Start(func(ctx context.Context, in In) (Out, error) {
		var out Out
		err := guard(ctx, func(ctx context.Context) (err error) {
			out, err = handle(ctx, in)
			return err
		})
		if err != nil {
			slog.ErrorContext(ctx, err.Error(), "error_type", job.TypeOf(err))
			err = messages.InvokeResponse_Error{Message: err.Error(), Type: string(job.TypeOf(err))}
		}
		return out, err
	})
}

// StartDirect serves the documented payload; every outcome is a Response.
func StartDirect(handle func(context.Context, json.RawMessage) (*job.Receipt, error)) {
	setUp()
	lambda.Start(func(ctx context.Context, payload json.RawMessage) (job.Response, error) {
		var receipt *job.Receipt
		err := guard(ctx, func(ctx context.Context) (err error) {
			receipt, err = handle(ctx, payload)
			return err
		})
		if err != nil {
			slog.ErrorContext(ctx, err.Error(), "error_type", job.TypeOf(err))
			return job.Failed(err), nil
		}
		return job.Succeeded(receipt), nil
	})
}

// Must ends a function that cannot be set up: the platform logs why.
func Must[T any](v T, err error) T {
	if err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
	return v
}

func setUp() {
	slog.SetDefault(slog.New(withRequestID{slog.NewJSONHandler(os.Stdout, nil)}))
	// The heap is kept below what would have the platform kill the function.
	if mb, err := strconv.ParseInt(os.Getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), 10, 64); err == nil {
		debug.SetMemoryLimit(mb << 20 / 10 * 9)
	}
}

// guard runs a handler with a deadline that leaves time to end in good order,
// and turns what nobody could foresee into errors.
func guard(ctx context.Context, run func(context.Context) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.ErrorContext(ctx, fmt.Sprint(r), "stack", string(debug.Stack()))
			err = &job.Error{Message: fmt.Sprintf("internal error: %v", r)}
		}
	}()
	ctx, cancel := beforeDeadline(ctx)
	defer cancel()
	err = run(ctx)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &job.Error{Type: job.TimeoutError, Message: "the function's time ran out",
			Hint: "Raise its timeout or its memory (which brings CPU), or drop the file into the data bucket, where it is split over many workers"}
	}
	return err
}

// beforeDeadline ends the context a tenth of its time, at most five seconds,
// before the platform does.
func beforeDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-min(time.Until(deadline)/10, 5*time.Second)))
}

// withRequestID adds the invocation's id to every record.
type withRequestID struct{ slog.Handler }

// WithAttrs and WithGroup keep the id in loggers that are made from this one.
func (h withRequestID) WithAttrs(attrs []slog.Attr) slog.Handler {
	return withRequestID{h.Handler.WithAttrs(attrs)}
}

func (h withRequestID) WithGroup(name string) slog.Handler {
	return withRequestID{h.Handler.WithGroup(name)}
}

func (h withRequestID) Handle(ctx context.Context, r slog.Record) error {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		r.AddAttrs(slog.String("requestId", lc.AwsRequestID))
	}
	return h.Handler.Handle(ctx, r)
}
