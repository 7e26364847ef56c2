package job

import (
	"runtime"
	"testing"
	"time"
)

// TestCost holds a bill made by hand: 1,000 workers of one minute with 1,769 MB,
// and the steps around them.
func TestCost(t *testing.T) {
	perGBSecond := map[string]float64{"arm64": 0.0000133334}[runtime.GOARCH]
	if perGBSecond == 0 {
		perGBSecond = 0.0000166667
	}
	worker := Usage{Runs: 1, Millis: 60_000, Longest: 60_000, PeakMemory: 100 << 20, GBSeconds: 60 * 1769 / 1024., Reads: 10, Writes: 4}
	spent := Spent{
		Validate: Usage{Runs: 1, Millis: 100, Longest: 100, PeakMemory: 1 << 30, GBSeconds: 0.1 * 1769 / 1024},
		Requests: 1002, Transitions: 1006,
	}
	for range 1000 {
		spent.Predict.Add(worker)
	}
	spent.Predict.Add(Usage{Longest: 70_000})
	var r Receipt
	r.Account(time.Now().Add(-2*time.Minute), spent)
	if r.Workers != 1000 || r.PredictMillis != 60_000_000 || r.LongestMillis != 70_000 || r.ValidateMillis != 100 || r.PeakMemory != 1<<30 || r.TotalMillis < 120_000 {
		t.Errorf("got %+v", r)
	}
	// 103,652.5 GB-seconds, 1,002 calls, 1,006 transitions, 10,000 reads, 4,000 writes.
	want := 103652.517*perGBSecond + 0.0002004 + 0.02515 + 0.004 + 0.02
	if got := r.Cost.USD; got < want-1e-5 || got > want+1e-5 || r.Cost.GBSeconds != 103652.517 {
		t.Errorf("got %v US$ for %v GB-seconds, want %v", got, r.Cost.GBSeconds, want)
	}
}
