// Package states keeps the executions of one state machine: it starts, stops,
// records and lists them, and serves the part of the Step Functions API that
// speaks of them. Each execution is a JSON file in a folder; those that a stop
// of the program cut short begin anew when it runs again, so their steps must
// bear to be repeated.
package states

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"brine/infra/local/asl"

	"github.com/google/uuid"
)

const arnPrefix = "arn:aws:states:us-east-1:000000000000:"

// ARN is the name of a state machine in the API.
func ARN(machine string) string { return arnPrefix + "stateMachine:" + machine }

// Config says what a Service runs, and on what.
type Config struct {
	Name       string // of the state machine
	Definition string // what Machine was parsed from
	Machine    *asl.Machine
	Platform   asl.Platform
	Dir        string // the folder of the executions' files
	Watcher    Watcher
}

// Watcher is told of all executions as they go, under their names. Its
// methods may be called from many goroutines, and must not keep them waiting.
type Watcher interface {
	// Event comes also for an execution's own start and end.
	Event(execution string, e asl.Event)
	// Progress says that done of a Map's total items are through.
	Progress(execution, state string, done, total int)
}

// Service runs executions. It is safe for use by many goroutines.
type Service struct {
	Config
	created time.Time
	ctx     context.Context
	cancel  context.CancelCauseFunc
	running sync.WaitGroup

	mu         sync.Mutex
	executions map[string]*execution
}

// Statuses of an execution.
const (
	running   = "RUNNING"
	succeeded = "SUCCEEDED"
	failed    = "FAILED"
	timedOut  = "TIMED_OUT"
	aborted   = "ABORTED"
)

// execution is what is known of one; it is also the form of its file.
type execution struct {
	Name   string
	Status string
	Input  string
	Output string `json:",omitempty"`
	Error  string `json:",omitempty"`
	Cause  string `json:",omitempty"`
	Start  time.Time
	Stop   time.Time
	Events []event

	cancel context.CancelCauseFunc
}

// event is one entry of an execution's history.
type event struct {
	Type     string
	Time     time.Time
	State    string `json:",omitempty"`
	Resource string `json:",omitempty"`
	Data     string `json:",omitempty"`
	Error    string `json:",omitempty"`
	Cause    string `json:",omitempty"`
}

// stopped is why an execution was aborted.
type stopped struct{ name, cause string }

func (s stopped) Error() string { return s.name + ": " + s.cause }

var errShutdown = errors.New("the program stopped while the execution was running")

// Open reads the executions of earlier runs and is ready for new ones.
func Open(c Config) (*Service, error) {
	s := &Service{Config: c, created: time.Now(), executions: map[string]*execution{}}
	s.ctx, s.cancel = context.WithCancelCause(context.Background())
	files, err := filepath.Glob(filepath.Join(c.Dir, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		x := &execution{}
		if err := json.Unmarshal(data, x); err != nil {
			return nil, fmt.Errorf("the execution in %s: %w", file, err)
		}
		s.executions[x.Name] = x
	}
	return s, nil
}

// Resume begins the executions anew that Close or a crash cut short.
func (s *Service) Resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.executions {
		if x.Status == running && x.cancel == nil {
			s.launch(x)
		}
	}
}

// Close stops what runs, for Resume to begin anew, and waits for it.
func (s *Service) Close() {
	s.cancel(errShutdown)
	s.running.Wait()
}

// launch runs an execution; s.mu is held.
func (s *Service) launch(x *execution) {
	var ctx context.Context
	ctx, x.cancel = context.WithCancelCause(s.ctx)
	s.running.Go(func() { s.run(ctx, x) })
}

// start starts an execution. One that runs under the same name and with the
// same input is returned instead; any other of the same name is an error.
func (s *Service) start(name, input string) (execution, error) {
	if name == "" {
		name = uuid.NewString()
	}
	if err := checkName(name); err != nil {
		return execution{}, err
	}
	if len(input) > maxInput {
		return execution{}, apiError{"ValidationException", fmt.Sprintf("the input has %d bytes, the limit is %d", len(input), maxInput)}
	}
	if !json.Valid([]byte(input)) {
		return execution{}, apiError{"InvalidExecutionInput", "Invalid State Machine Execution Input: it is not JSON"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if x := s.executions[name]; x != nil {
		if x.Status == running && x.Input == input {
			return *x, nil
		}
		return execution{}, apiError{"ExecutionAlreadyExists", "Execution Already Exists: '" + s.executionARN(name) + "'"}
	}
	x := &execution{Name: name, Status: running, Input: input, Start: time.Now().UTC().Truncate(time.Millisecond)}
	if err := s.save(x); err != nil {
		return execution{}, err
	}
	s.executions[name] = x
	s.launch(x)
	return *x, nil
}

const maxInput = 262_144

func checkName(name string) error {
	bad := func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/", r)
	}
	if utf8.RuneCountInString(name) > 80 || strings.ContainsFunc(name, bad) {
		return apiError{"InvalidName", fmt.Sprintf("Invalid Name: '%s'", name)}
	}
	return nil
}

func (s *Service) executionARN(name string) string {
	return arnPrefix + "execution:" + s.Name + ":" + name
}

func (s *Service) run(ctx context.Context, x *execution) {
	observer := observer{s, x}
	observer.Event(asl.Event{Type: "ExecutionStarted", Data: []byte(x.Input)})
	output, err := s.Machine.Run(ctx, asl.Execution{
		ID: s.executionARN(x.Name), Name: x.Name, Start: x.Start,
		MachineID: ARN(s.Name), MachineName: s.Name,
		Platform: s.Platform, Observer: observer,
	}, []byte(x.Input))
	if errors.Is(err, errShutdown) {
		return
	}
	s.mu.Lock()
	e := s.end(x, output, err)
	x.cancel(nil)
	s.mu.Unlock()
	s.Watcher.Event(x.Name, e)
}

// end records how an execution went, and returns the last event of its history.
func (s *Service) end(x *execution, output []byte, err error) asl.Event {
	e := asl.Event{Type: "ExecutionSucceeded", Data: output}
	x.Status, x.Output, x.Stop = succeeded, string(output), time.Now().UTC().Truncate(time.Millisecond)
	if err != nil {
		x.Status, e = ending(err)
		x.Error, x.Cause = e.Err.Name, e.Err.Cause
	}
	x.record(e)
	if err := s.save(x); err != nil {
		fmt.Fprintf(os.Stderr, "the execution %s could not be saved: %v\n", x.Name, err)
	}
	return e
}

// ending is the status and the last event of an execution that err ended.
func ending(err error) (string, asl.Event) {
	if stop, ok := errors.AsType[stopped](err); ok {
		return aborted, asl.Event{Type: "ExecutionAborted", Err: &asl.Error{Name: stop.name, Cause: stop.cause}}
	}
	if errors.Is(err, asl.ErrTimedOut) {
		return timedOut, asl.Event{Type: "ExecutionTimedOut", Err: asl.ErrTimedOut}
	}
	failure, ok := errors.AsType[*asl.Error](err)
	if !ok {
		failure = &asl.Error{Name: asl.Runtime, Cause: err.Error()}
	}
	return failed, asl.Event{Type: "ExecutionFailed", Err: failure}
}

func (x *execution) record(e asl.Event) {
	entry := event{Type: e.Type, Time: time.Now().UTC().Truncate(time.Millisecond), State: e.State, Resource: e.Resource, Data: string(e.Data)}
	if e.Err != nil {
		entry.Error, entry.Cause = e.Err.Name, e.Err.Cause
	}
	x.Events = append(x.Events, entry)
}

// observer records the history of one execution and passes it on.
type observer struct {
	s *Service
	x *execution
}

func (o observer) Event(e asl.Event) {
	o.s.mu.Lock()
	o.x.record(e)
	o.s.mu.Unlock()
	o.s.Watcher.Event(o.x.Name, e)
}

func (o observer) Progress(state string, done, total int) {
	o.s.Watcher.Progress(o.x.Name, state, done, total)
}

// save writes the file of an execution, whole or not at all.
func (s *Service) save(x *execution) error {
	data, err := json.MarshalIndent(x, "", " ")
	if err != nil {
		return err
	}
	file := filepath.Join(s.Dir, x.Name+".json")
	if err := os.WriteFile(file+".new", data, 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// stop aborts an execution, if it still runs.
func (s *Service) stop(x *execution, name, cause string) {
	s.mu.Lock()
	cancel, status := x.cancel, x.Status
	s.mu.Unlock()
	if status == running && cancel != nil {
		cancel(stopped{name, cause})
	}
}

// list returns the executions of a status, or all, the newest first.
func (s *Service) list(status string) []execution {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []execution
	for _, x := range s.executions {
		if status == "" || x.Status == status {
			list = append(list, *x)
		}
	}
	slices.SortFunc(list, func(a, b execution) int {
		return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.Name, b.Name))
	})
	return list
}
