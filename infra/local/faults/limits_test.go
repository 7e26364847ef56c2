package faults

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestOutOfTime has a worker wait for its data until its time is almost over: it
// ends itself before the platform does, and says what to raise.
func TestOutOfTime(t *testing.T) {
	t.Parallel()
	of, l := must(t, first), start(t, part, "-timeout", "10s")
	l.inject(once(func(c *call) bool { return c.isInput(data, file) }, func(c *call) { <-c.r.Context().Done() }))
	l.drop(t, of)
	l.mustFail(t, "the function ml-prediction-predict ran out of time after 9s. Raise its timeout")
}

// TestOutOfMemory gives a worker large records faster than S3 takes them from
// it, and more processors than it has memory for.
func TestOutOfMemory(t *testing.T) {
	t.Parallel()
	const mb = 512
	of, l := must(t, first), start(t, 10*mb<<20, "-memory", fmt.Sprint(mb), "GOMAXPROCS=16")
	of.csv = longRecords(of.csv, 24, 15<<20)
	peak := make(chan int, 1)
	l.inject(func(c *call) bool {
		switch {
		case c.isInput(data, file):
			time.Sleep(300 * time.Millisecond) // as far away as S3 is
		case c.isPart(1):
			<-c.r.Context().Done()
			return true
		case c.op == "PutObject" && strings.Contains(c.object, "/failures/"):
			peak <- peakMB(t, c.pid)
		}
		return false
	})
	l.drop(t, of)
	l.mustFail(t, "the function ml-prediction-predict ran out of memory")
	if used := <-peak; used > mb {
		t.Errorf("the worker had %d MB of %d MB: it would have been killed", used, mb)
	}
}

// longRecords is a table of n records like csv's first, but with a long note.
func longRecords(csv []byte, n, size int) []byte {
	header, rows, _ := bytes.Cut(csv, []byte("\n"))
	row, _, _ := bytes.Cut(rows, []byte(",\""))
	note := bytes.Repeat([]byte{'x'}, size)
	record := slices.Concat(row, []byte(","), note, []byte("\n"))
	return slices.Concat(header, []byte("\n"), bytes.Repeat(record, n))
}

// peakMB is the most memory that a process has had at a time.
func peakMB(t *testing.T, pid int) (mb int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Error(err)
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(peak, &mb); err != nil {
		t.Error(err)
	}
	return mb >> 10
}
