package faults

import (
	"net/http"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"brine/infra/local/localtest"
)

// fill lets no file of brine-local grow any more, as on a full disk: neither
// S3's objects nor its own records.
func (l *local) fill() error { return l.limitFiles(0) }

// free takes fill back.
func (l *local) free() error { return l.limitFiles(unix.RLIM_INFINITY) }

func (l *local) limitFiles(size uint64) error {
	return unix.Prlimit(l.process.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: size, Max: unix.RLIM_INFINITY}, nil)
}

// TestDiskFull has the disk under S3 be full from the middle of a job on. The
// job outlives that if there is room again soon, or when brine-local is
// restarted.
func TestDiskFull(t *testing.T) {
	for name, again := range map[string]func(*testing.T, *local){
		"for a while": func(t *testing.T, l *local) {
			if err := l.free(); err != nil {
				t.Fatal(err)
			}
		},
		"until restarted": func(t *testing.T, l *local) {
			l.stop(t, syscall.SIGTERM)
			l.run(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			of, l := must(t, first), start(t, part)
			var refused atomic.Int32
			l.inject(each(
				once(func(c *call) bool { return c.isPart(2) }, func(c *call) {
					if err := l.fill(); err != nil {
						t.Error(err)
					}
					c.forward()
				}),
				func(c *call) bool {
					answer := c.perform()
					if answer.Code == http.StatusInternalServerError {
						refused.Add(1)
					}
					c.answer(answer)
					return true
				},
			))
			l.drop(t, of)
			localtest.Until(t, "S3 to refuse what it has no room for", func() bool { return refused.Load() >= 3 })
			if err := l.tryPut(data, "houses/another.csv", of.csv); err == nil {
				t.Error("S3 took a table that it has no room for")
			}
			again(t, l)
			l.mustSucceed(t, of)
			if left := l.get(t, data, "houses/another.csv"); left != nil {
				t.Errorf("of the table that was refused %d bytes are left", len(left))
			}
		})
	}
}
