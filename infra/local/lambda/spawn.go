package lambda

import (
	"os/exec"
	"runtime"
	"syscall"
)

// spawner starts processes from one thread that stays: on Linux, a child is
// killed when the thread that started it ends.
type spawner struct {
	jobs chan func()
}

func newSpawner() *spawner {
	s := &spawner{make(chan func())}
	go func() {
		runtime.LockOSThread()
		for job := range s.jobs {
			job()
		}
	}()
	return s
}

func (s *spawner) start(c *exec.Cmd) error {
	err := make(chan error)
	s.jobs <- func() { err <- c.Start() }
	return <-err
}

// killGroup kills a child and what it may have started.
func killGroup(c *exec.Cmd) {
	syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // it may be gone already
}
