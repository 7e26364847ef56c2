package lambda

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// invocation is one call of a function on its way through an environment.
type invocation struct {
	id       string
	payload  []byte
	deadline time.Time
	outcome  chan outcome // holds one
}

// outcome is what the child answered to an invocation.
type outcome struct {
	payload []byte
	failed  bool
}

// environment is a child process with a Runtime API of its own. It serves
// one invocation at a time.
type environment struct {
	f       *function
	process *exec.Cmd
	server  *http.Server
	log     *logStream

	ready   chan struct{}    // the child has asked for an invocation
	next    chan *invocation // holds the one that it gets
	initErr chan outcome     // the child said that it could not start
	exited  chan struct{}    // closed when the child is gone
	status  error            // how it went; set before exited is closed

	mu      sync.Mutex
	current *invocation // the one that the child has
}

// start starts a child and its Runtime API.
func (f *function) start() (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	log, err := newLogStream(f.log)
	if err != nil {
		listener.Close()
		return nil, err
	}
	e := &environment{
		f: f, log: log,
		ready:   make(chan struct{}, 1),
		next:    make(chan *invocation, 1),
		initErr: make(chan outcome, 1),
		exited:  make(chan struct{}),
	}
	e.server = &http.Server{Handler: e.runtimeAPI(), ReadHeaderTimeout: time.Minute}
	go e.server.Serve(listener)
	e.process = &exec.Cmd{
		Path: f.Binary, Args: []string{f.Binary}, Dir: filepath.Dir(f.Binary),
		Env:    f.variables(listener.Addr().String()),
		Stdout: log.w, Stderr: log.w,
		SysProcAttr: attributes,
	}
	if err := f.spawner.start(e.process); err != nil {
		e.server.Close()
		log.close()
		return nil, fmt.Errorf("starting %s: %w", f.Binary, err)
	}
	go e.wait()
	return e, nil
}

func (e *environment) wait() {
	e.status = e.process.Wait()
	e.server.Close()
	close(e.exited)
}

// gone tells whether the child has ended.
func (e *environment) gone() bool {
	select {
	case <-e.exited:
		return true
	default:
		return false
	}
}

// kill ends the child, and all that it may have started.
func (e *environment) kill() {
	killGroup(e.process)
	<-e.exited
}

// serve gives the child the invocation and waits for what it answers.
// taken is false if the child was gone before it could take it.
func (e *environment) serve(inv *invocation) (r Response, taken bool) {
	start := time.Now()
	inv.deadline = start.Add(e.f.Timeout)
	timer := time.NewTimer(e.f.Timeout)
	defer timer.Stop()
	e.log.begin(fmt.Sprintf("START RequestId: %s Version: $LATEST", inv.id))
	out, taken := e.exchange(inv, timer.C)
	duration := time.Since(start)
	e.log.printf("END RequestId: %s", inv.id)
	tail := e.log.report(fmt.Sprintf("REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB",
		inv.id, float64(duration)/float64(time.Millisecond), billed(duration), e.f.Memory))
	return Response{RequestID: inv.id, Payload: out.payload, Failed: out.failed, Log: tail}, taken
}

func (e *environment) exchange(inv *invocation, overdue <-chan time.Time) (out outcome, taken bool) {
	select {
	case <-e.ready:
	case <-e.exited:
		return e.ended(inv, e.initErr), false
	case <-overdue:
		e.kill()
		return e.f.overdue(inv), true
	}
	e.next <- inv
	select {
	case out = <-inv.outcome:
		return out, true
	case <-e.exited:
		select {
		case <-e.next: // it still lies here
			return e.ended(inv, e.initErr), false
		default:
			return e.ended(inv, inv.outcome), true
		}
	case <-overdue:
		e.kill()
		return e.f.overdue(inv), true
	}
}

// ended is the outcome when the child is gone: its last word, or how it went.
func (e *environment) ended(inv *invocation, last chan outcome) outcome {
	select {
	case out := <-last:
		return out
	default:
	}
	status := "exit status 0"
	var exit *exec.ExitError
	if errors.As(e.status, &exit) {
		status = exit.ProcessState.String()
	}
	return failed("Runtime.ExitError", inv.id, "Runtime exited with error: "+status)
}
