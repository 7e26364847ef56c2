// Package function is what the Lambdas share around their handlers: structured
// logs with the request id, errors that the state machine knows by name, and an
// end in good order before the platform's own.
package function

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"runtime/debug"
	"strconv"

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
		out, err := guard(ctx, func(ctx context.Context) (Out, error) { return handle(ctx, in) })
		if err != nil {
			body := told(ctx, err)
			err = messages.InvokeResponse_Error{Message: body.Error, Type: string(body.Type), ShouldExit: exhausted(err)}
		}
		return out, err
	})
}

// StartDirect serves the documented payload; every outcome is a Response.
func StartDirect(handle func(context.Context, json.RawMessage) (*job.Receipt, error)) {
	setUp()
	lambda.Start(func(ctx context.Context, payload json.RawMessage) (any, error) {
		receipt, err := guard(ctx, func(ctx context.Context) (*job.Receipt, error) { return handle(ctx, payload) })
		if err == nil {
			return job.Succeeded(receipt), nil
		}
		told(ctx, err)
		if exhausted(err) {
			return newLastAnswer(job.Failed(err))
		}
		return job.Failed(err), nil
	})
}

// told logs an error and returns what is told of it.
func told(ctx context.Context, err error) job.ErrorBody {
	body := job.NewErrorBody(err)
	slog.ErrorContext(ctx, body.Error, "error_type", body.Type)
	return body
}

// lastAnswer is an answer after which the process ends.
type lastAnswer struct{ text *bytes.Reader }

func newLastAnswer(v any) (*lastAnswer, error) {
	text, err := json.Marshal(v)
	return &lastAnswer{bytes.NewReader(text)}, err
}

func (a *lastAnswer) Read(p []byte) (int, error) { return a.text.Read(p) }

// ContentType and Close are what lambda.Start asks for: Close when the answer
// has been sent.
func (*lastAnswer) ContentType() string { return "application/json" }

func (*lastAnswer) Close() error {
	os.Exit(1)
	return nil
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
	if mb := memoryMB(); mb > 0 {
		debug.SetMemoryLimit(mb << 20 / 10 * 9)
	}
}

// memoryMB is the function's memory, 0 outside Lambda.
func memoryMB() int64 {
	mb, _ := strconv.ParseInt(os.Getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), 10, 64)
	return mb
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
