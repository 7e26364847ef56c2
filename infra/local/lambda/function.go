package lambda

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// function is a pool of environments: started as they are needed, kept for
// the next invocation, never more than the machine has use for.
type function struct {
	Config
	endpoint string
	log      *os.File
	spawner  *spawner
	slots    chan struct{}

	mu     sync.Mutex
	idle   []*environment
	all    map[*environment]bool
	closed bool
}

func newFunction(c Config, endpoint string, log *os.File, s *spawner) *function {
	return &function{
		Config: c, endpoint: endpoint, log: log, spawner: s,
		slots: make(chan struct{}, max(2, runtime.NumCPU())),
		all:   map[*environment]bool{},
	}
}

// invoke waits for an environment and has it serve the invocation.
func (f *function) invoke(inv *invocation) Response {
	f.slots <- struct{}{}
	defer func() { <-f.slots }()
	for {
		e, warm, err := f.environment()
		if err != nil {
			return Response{RequestID: inv.id, Failed: true, Payload: errorPayload("Runtime.InvalidEntrypoint", inv.id, err.Error())}
		}
		response, taken := e.serve(inv)
		f.release(e)
		if taken || !warm {
			return response
		}
	}
}

// environment returns an idle one, or a new one that is not warm.
func (f *function) environment() (e *environment, warm bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, false, fmt.Errorf("the function %s is shut down", f.Name)
	}
	if n := len(f.idle); n > 0 {
		e = f.idle[n-1]
		f.idle = f.idle[:n-1]
		return e, true, nil
	}
	if e, err = f.start(); err != nil {
		return nil, false, err
	}
	f.all[e] = true
	return e, false, nil
}

// release keeps an environment for the next invocation, unless it is gone.
func (f *function) release(e *environment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if e.gone() {
		delete(f.all, e)
		e.log.close()
		return
	}
	f.idle = append(f.idle, e)
}

func (f *function) close() {
	f.mu.Lock()
	f.closed = true
	all := f.all
	f.all = map[*environment]bool{}
	f.mu.Unlock()
	for e := range all {
		e.kill()
		e.log.close()
	}
	f.log.Close()
}

// variables is all that a child finds in its environment.
func (f *function) variables(runtimeAPI string) []string {
	env := []string{
		"AWS_LAMBDA_RUNTIME_API=" + runtimeAPI,
		"AWS_LAMBDA_FUNCTION_NAME=" + f.Name,
		fmt.Sprintf("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=%d", f.Memory),
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"_HANDLER=" + filepath.Base(f.Binary),
		"LAMBDA_TASK_ROOT=" + filepath.Dir(f.Binary),
		"AWS_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=" + f.Name,
		"AWS_SECRET_ACCESS_KEY=" + f.Name,
		"AWS_ENDPOINT_URL=" + f.endpoint,
		"AWS_ENDPOINT_URL_S3=" + f.endpoint,
	}
	for name, value := range f.Environment {
		env = append(env, name+"="+value)
	}
	for _, name := range []string{"PATH", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func (f *function) overdue(inv *invocation) outcome {
	return failed("Sandbox.Timedout", inv.id, fmt.Sprintf("Task timed out after %.2f seconds", f.Timeout.Seconds()))
}

func failed(kind, id, message string) outcome {
	return outcome{payload: errorPayload(kind, id, message), failed: true}
}

// errorPayload is how Lambda itself says that an invocation failed.
func errorPayload(kind, id, message string) []byte {
	payload, _ := json.Marshal(map[string]string{ // strings can always be encoded
		"errorType":    kind,
		"errorMessage": fmt.Sprintf("RequestId: %s Error: %s", id, message),
	})
	return payload
}

// billed rounds a duration up to the millisecond.
func billed(d time.Duration) int64 { return (d + time.Millisecond - 1).Milliseconds() }
