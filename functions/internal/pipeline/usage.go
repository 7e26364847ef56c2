package pipeline

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"time"

	"brine/functions/internal/job"
)

// Measure starts to measure a run of a function. What it returns tells what the
// run has taken so far.
func (p *Pipeline) Measure() func() job.Usage {
	measured := p.measure()
	return func() job.Usage {
		u := measured()
		u.PeakMemory = peakMemory()
		return u
	}
}

// measure is Measure but for the memory.
func (p *Pipeline) measure() func() job.Usage {
	began := time.Now()
	readsBefore, writesBefore := p.requests()
	return func() job.Usage {
		ms := (time.Since(began) + time.Millisecond - 1).Milliseconds() // AWS bills each that has begun
		reads, writes := p.requests()
		return job.Usage{
			Runs: 1, Millis: ms, Longest: ms,
			GBSeconds: float64(ms) / 1000 * float64(p.MemoryMB) / 1024,
			Reads:     reads - readsBefore, Writes: writes - writesBefore,
		}
	}
}

// requests asks a store whose requests cost something how many there were.
func (p *Pipeline) requests() (reads, writes int64) {
	if s, ok := p.Store.(interface{ Requests() (reads, writes int64) }); ok {
		return s.Requests()
	}
	return 0, 0
}

// peakMemory returns the most memory, in bytes, that this process had so far:
// of Linux the largest resident set, elsewhere what the runtime has reserved.
// (getrusage would tell more: on Linux a child begins with its parent's peak.)
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if _, after, ok := bytes.Cut(status, []byte("VmHWM:")); err == nil && ok {
		field, _, _ := bytes.Cut(bytes.TrimSpace(after), []byte(" "))
		if kB, err := strconv.ParseInt(string(field), 10, 64); err == nil {
			return kB << 10
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
