package asl

import (
	"errors"
	"slices"
)

// Error is how a state, and an execution, fails: a name that Retry and Catch
// match on, and a cause in words.
type Error struct {
	Name  string
	Cause string
}

// Error reads: name: cause.
func (e *Error) Error() string {
	if e.Cause == "" {
		return e.Name
	}
	return e.Name + ": " + e.Cause
}

// Error names that the interpreter itself gives, as the states language has them.
const (
	All                = "States.ALL"
	TaskFailed         = "States.TaskFailed"
	Timeout            = "States.Timeout"
	Runtime            = "States.Runtime"
	DataLimitExceeded  = "States.DataLimitExceeded"
	NoChoiceMatched    = "States.NoChoiceMatched"
	ItemReaderFailed   = "States.ItemReaderFailed"
	ResultPathMismatch = "States.ResultPathMatchFailure"
	ThresholdExceeded  = "States.ExceedToleratedFailureThreshold"
)

// reserved are the error names under States. and Lambda. that a Retry or a
// Catch may name; any other under these prefixes is a misspelling.
var reserved = []string{
	All, TaskFailed, Timeout, Runtime, DataLimitExceeded, NoChoiceMatched,
	ItemReaderFailed, ResultPathMismatch, ThresholdExceeded,
	"States.BranchFailed", "States.HeartbeatTimeout", "States.IntrinsicFailure",
	"States.ParameterPathFailure", "States.Permissions", "States.ResultWriterFailed",
	"Lambda.AWSLambdaException", "Lambda.ClientExecutionTimeoutException",
	"Lambda.ResourceNotFoundException", "Lambda.SdkClientException",
	"Lambda.ServiceException", "Lambda.TooManyRequestsException", "Lambda.Unknown",
}

// failure returns err as the error of a state; one without a name is States.TaskFailed.
func failure(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Name: TaskFailed, Cause: err.Error()}
}

// matches tells whether a Retry or Catch for names answers e. States.Runtime
// is never answered, States.DataLimitExceeded only by its own name, and
// States.TaskFailed stands for every error but States.Timeout.
func (e *Error) matches(names []string) bool {
	if e.Name == Runtime {
		return false
	}
	if slices.Contains(names, e.Name) {
		return true
	}
	if e.Name == DataLimitExceeded {
		return false
	}
	return slices.Contains(names, All) || slices.Contains(names, TaskFailed) && e.Name != Timeout
}
