package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"brine/infra/local/asl"
	"brine/infra/local/events"

	"github.com/mattn/go-isatty"
)

// console prints executions as they go: each state when it is entered, with
// the time since the execution's start, and a line of progress over a Map's
// items, in place on a terminal.
type console struct {
	out      io.Writer
	terminal bool

	mu       sync.Mutex
	current  string               // the execution that the last lines are about
	started  map[string]time.Time // of the executions that run
	progress string               // the line that stands open
	sample   *expected
}

// expected is the execution that somebody waits for: the next one whose input
// holds data.
type expected struct {
	data string
	name string
	done chan ending // holds one
}

// ending is how an expected execution went.
type ending struct {
	output []byte
	err    error
}

func newConsole(out *os.File) *console {
	return &console{out: out, terminal: isatty.IsTerminal(out.Fd()), started: map[string]time.Time{}}
}

// expect waits for the execution of an object that is uploaded after it.
func (c *console) expect(data string) <-chan ending {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sample = &expected{data: data, done: make(chan ending, 1)}
	return c.sample.done
}

func (c *console) printf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.line(format, args...)
}

// line prints a line, below one that stands open.
func (c *console) line(format string, args ...any) {
	if c.progress != "" {
		fmt.Fprintln(c.out)
		c.progress = ""
	}
	fmt.Fprintf(c.out, format+"\n", args...)
}

// Event implements [states.Watcher].
func (c *console) Event(name string, e asl.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.Type == "ExecutionStarted" {
		c.started[name] = time.Now()
		if s := c.sample; s != nil && s.name == "" && strings.Contains(string(e.Data), s.data) {
			s.name = name
		}
		c.head(name)
		return
	}
	switch {
	case strings.HasSuffix(e.Type, "StateEntered"):
		c.step(name, "%s", e.State)
	case strings.HasPrefix(e.Type, "Execution") && e.Err != nil:
		c.step(name, "failed: %s", reason(e.Err))
	case e.Err != nil:
		c.step(name, "%s failed: %s", e.State, reason(e.Err))
	case e.Type == "ExecutionSucceeded":
		c.step(name, "succeeded")
	}
	if strings.HasPrefix(e.Type, "Execution") {
		c.end(name, e)
	}
}

func (c *console) end(name string, e asl.Event) {
	delete(c.started, name)
	if c.sample == nil || c.sample.name != name {
		return
	}
	end := ending{output: e.Data}
	if e.Err != nil {
		end.err = fmt.Errorf("the execution %s failed: %s", name, reason(e.Err))
	}
	c.sample.done <- end
	c.sample = nil
}

// head says which execution the lines that follow are about.
func (c *console) head(name string) {
	if c.current != name {
		c.line("\nexecution %s", name)
		c.current = name
	}
}

func (c *console) step(name, format string, args ...any) {
	c.head(name)
	c.line("%s  %s", c.elapsed(name), fmt.Sprintf(format, args...))
}

func (c *console) elapsed(name string) string {
	return fmt.Sprintf("%8d ms", time.Since(c.started[name]).Milliseconds())
}

// Progress implements [states.Watcher]. Where lines can't be changed, there is
// one for each tenth of the items.
func (c *console) Progress(name, state string, done, total int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := fmt.Sprintf("%s  %s: %d of %d shards", c.elapsed(name), state, done, total)
	if c.terminal {
		c.head(name)
		fmt.Fprint(c.out, "\r\x1b[K"+text)
		c.progress = text
		return
	}
	if done > 0 && done*10/total != (done-1)*10/total {
		c.head(name)
		c.line("%s", text)
	}
}

// delivered tells of what the start function made of an upload.
func (c *console) delivered(object events.Created, answer []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	uri := "s3://" + object.Bucket + "/" + object.Key
	if err != nil {
		c.line("\nThe upload of %s started nothing: %s", uri, reason(err))
	}
	if c.sample == nil || c.sample.name != "" || c.sample.data != uri {
		return
	}
	if err == nil {
		var started struct{ Execution string }
		if json.Unmarshal(answer, &started) == nil && started.Execution != "" {
			return // its first event is still to come
		}
		err = fmt.Errorf("the answer was %s", answer)
	}
	c.sample.done <- ending{err: fmt.Errorf("the upload of %s started nothing: %s", uri, reason(err))}
	c.sample = nil
}

// reason is an error in one line; of a function's error it is the message.
func reason(err error) string {
	e, ok := err.(*asl.Error)
	if !ok {
		return err.Error()
	}
	var payload struct {
		ErrorMessage string `json:"errorMessage"`
	}
	cause := e.Cause
	if json.Unmarshal([]byte(cause), &payload) == nil && payload.ErrorMessage != "" {
		cause = payload.ErrorMessage
	}
	return (&asl.Error{Name: e.Name, Cause: strings.Join(strings.Fields(cause), " ")}).Error()
}
