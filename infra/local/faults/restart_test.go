package faults

import (
	"syscall"
	"testing"
	"time"

	"brine/infra/local/localtest"
)

// TestRestart ends brine-local while workers write their parts, without
// warning or as Ctrl-C does. When it runs again, it finishes the job.
func TestRestart(t *testing.T) {
	for name, signal := range map[string]syscall.Signal{"killed": syscall.SIGKILL, "stopped": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			of, l := must(t, first), start(t, part)
			writing := make(chan bool)
			l.inject(once(func(c *call) bool { return c.isPart(2) }, func(c *call) {
				close(writing)
				<-c.r.Context().Done() // until the worker is no more
			}))
			l.drop(t, of)
			select {
			case <-writing:
			case <-time.After(localtest.Patience):
				t.Fatal("no worker writes its part")
			}
			l.stop(t, signal)
			l.run(t)
			l.mustSucceed(t, of)
		})
	}
}
