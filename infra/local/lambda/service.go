// Package lambda runs Lambda functions on this machine: each one's own
// bootstrap binary, in child processes behind the Lambda Runtime API, with
// no more in their environment than Lambda gives.
package lambda

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
)

const arnPrefix = "arn:aws:lambda:us-east-1:000000000000:function:"

// ARN is the name that a function has in a state machine.
func ARN(name string) string { return arnPrefix + name }

// Config is one function.
type Config struct {
	Name        string
	Binary      string            // absolute path of its bootstrap
	Memory      int               // MB, as the function is told; it is not held to it
	Timeout     time.Duration     // an invocation that takes longer is killed
	Environment map[string]string // the function's own variables
}

// Response is what an invocation came to.
type Response struct {
	RequestID string
	Payload   []byte // JSON: the function's response, or {"errorMessage", "errorType"}
	Failed    bool   // whether the payload is an error
	Log       []byte // what was logged during the invocation, the last 4 KB
}

// ErrNotFound says that there is no function of a name.
var ErrNotFound = errors.New("function not found")

// Service is a set of functions. It is safe for use by many goroutines.
type Service struct {
	functions map[string]*function
}

// New makes the functions ready; a child process is started when the first
// invocation comes. The functions find S3 at endpoint; what they log goes to
// a file each in the folder logs.
func New(endpoint, logs string, configs []Config) (*Service, error) {
	s := &Service{map[string]*function{}}
	spawner := newSpawner()
	for _, c := range configs {
		if info, err := os.Stat(c.Binary); err != nil || info.IsDir() {
			return nil, fmt.Errorf("the function %s has no binary %s: run make build", c.Name, c.Binary)
		}
		log, err := os.OpenFile(filepath.Join(logs, c.Name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			return nil, fmt.Errorf("the log of the function %s: %w", c.Name, err)
		}
		s.functions[c.Name] = newFunction(c, endpoint, log, spawner)
	}
	return s, nil
}

// Close ends all child processes; invocations that still run fail.
func (s *Service) Close() {
	for _, f := range s.functions {
		f.close()
	}
}

// Has tells whether there is a function of that name or ARN.
func (s *Service) Has(name string) bool { return s.find(name) != nil }

// Invoke runs the function of that name or ARN and waits for its response.
// When ctx ends it returns the cause, but the invocation goes on, as it does
// on AWS.
func (s *Service) Invoke(ctx context.Context, name string, payload []byte) (Response, error) {
	f := s.find(name)
	if f == nil {
		return Response{}, fmt.Errorf("%w: %s", ErrNotFound, ARN(strings.TrimPrefix(name, arnPrefix)))
	}
	done := make(chan Response, 1)
	inv := &invocation{id: uuid.NewString(), payload: payload, outcome: make(chan outcome, 1)}
	go func() { done <- f.invoke(inv) }()
	select {
	case r := <-done:
		return r, nil
	case <-ctx.Done():
		return Response{}, context.Cause(ctx)
	}
}

// find takes a name or an ARN, whole or partial, with $LATEST or without.
func (s *Service) find(name string) *function {
	name = strings.TrimSuffix(name, ":$LATEST")
	if _, after, ok := strings.Cut(name, ":function:"); ok && ARN(after) != name && name != "000000000000:function:"+after {
		return nil
	}
	return s.functions[name[strings.LastIndexByte(name, ':')+1:]]
}
