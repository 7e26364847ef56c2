package faults

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A worker's calls, by the shard of three: of 10,000 parts each has its third.
func (c *call) isPart(shard int) bool {
	return c.op == "UploadPart" && c.object == results+"/"+file && c.part == (shard-1)*3333+1
}

func (c *call) isReceipt(shard string) bool {
	return c.op == "PutObject" && strings.HasSuffix(c.object, "/receipts/"+shard)
}

func (c *call) isComplete() bool {
	return c.op == "CompleteMultipartUpload" && c.object == results+"/"+file
}

// drop uploads the table, which starts the job.
func (l *local) drop(t *testing.T, of table) {
	t.Helper()
	l.put(t, data, file, of.csv)
}

// TestKilledWorker ends one worker in the middle of a part, and another
// between its part and its receipt.
func TestKilledWorker(t *testing.T) {
	t.Parallel()
	of, l := must(t, first), start(t, part)
	var killed counter
	l.inject(each(
		once(func(c *call) bool { return c.isPart(2) }, func(c *call) { killed.add(1); c.killInMid() }),
		once(func(c *call) bool { return c.isReceipt("00003") }, func(c *call) { killed.add(1); c.kill() }),
	))
	l.drop(t, of)
	l.mustSucceed(t, of)
	killed.must(t, 2)
}

// TestLateParts has workers die while their part is under way. It arrives all
// the same: when the retry's has arrived, when the result is about to be
// completed, when all is over.
func TestLateParts(t *testing.T) {
	t.Parallel()
	of, l := must(t, first), start(t, part)
	var late [4]chan func() int // by shard
	faults := make([]fault, 0, 5)
	for shard := 1; shard <= 3; shard++ {
		late[shard] = make(chan func() int, 1)
		faults = append(faults, once(func(c *call) bool { return c.isPart(shard) }, func(c *call) {
			late[shard] <- c.hold()
			c.kill()
		}))
	}
	var statuses counter
	deliver := func(shard int) {
		select {
		case d := <-late[shard]:
			statuses.add(d())
		default:
			t.Errorf("no part of shard %d is under way", shard)
		}
	}
	faults = append(faults,
		once(func(c *call) bool { return c.isReceipt("00001") }, func(c *call) { deliver(1); c.forward() }),
		once((*call).isComplete, func(c *call) { deliver(2); c.forward() }),
	)
	l.inject(each(faults...))
	l.drop(t, of)
	l.mustSucceed(t, of)
	deliver(3)
	l.mustSucceed(t, of)
	statuses.must(t, http.StatusOK+http.StatusOK+http.StatusNotFound)
}

// TestLateRound has the part of a worker that died in the first round arrive
// when the second round's, of other bytes under the same number, is to be
// completed: shards of a third of a part are joined.
func TestLateRound(t *testing.T) {
	t.Parallel()
	of, l := must(t, first), start(t, part/3)
	late := make(chan func() int, 1)
	l.inject(each(
		once(func(c *call) bool { return c.isPart(1) }, func(c *call) {
			late <- c.hold()
			c.kill()
		}),
		once((*call).isComplete, func(c *call) {
			select {
			case deliver := <-late:
				if status := deliver(); status != http.StatusOK {
					t.Errorf("the late part was answered with %d", status)
				}
			default:
				t.Error("no part is under way")
			}
			c.forward()
		}),
	))
	l.drop(t, of)
	l.mustSucceed(t, of)
}

// TestFailingShard has one shard fail for good: all is undone.
func TestFailingShard(t *testing.T) {
	tests := []struct {
		name  string
		fault func() fault
		cause string
	}{
		{"refused", func() fault {
			return always(func(c *call) bool { return c.isPart(2) }, func(c *call) { c.fail(http.StatusForbidden, "AccessDenied") })
		}, "Not allowed to write s3://ml-results/" + file},
		{"killed", func() fault {
			return always(func(c *call) bool { return c.isPart(2) }, (*call).kill)
		}, "A worker ended without a word"},
		// The first shard had its trouble too, but got over it.
		{"after another recovered", func() fault {
			var mu sync.Mutex
			recovered, ranges := make(chan bool), []string(nil)
			return each(
				always(func(c *call) bool {
					mu.Lock()
					defer mu.Unlock()
					if !c.isPart(1) || len(ranges) == 5 {
						return false
					}
					ranges = append(ranges, c.object)
					return true
				}, func(c *call) { c.fail(http.StatusInternalServerError, "InternalError") }),
				once(func(c *call) bool { return c.isReceipt("00001") }, func(c *call) { c.forward(); close(recovered) }),
				always(func(c *call) bool { return c.isPart(2) }, func(c *call) {
					<-recovered
					c.fail(http.StatusForbidden, "AccessDenied")
				}),
			)
		}, "Not allowed to write s3://ml-results/" + file},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			of, l := must(t, first), start(t, part)
			l.inject(test.fault())
			l.drop(t, of)
			l.mustFail(t, test.cause)
		})
	}
}

// always makes a fault of one that strikes every call that fits.
func always(fits func(*call) bool, strike func(*call)) fault {
	return func(c *call) bool {
		if !fits(c) {
			return false
		}
		strike(c)
		return true
	}
}

// counter adds up what the proxy's handlers see.
type counter struct {
	mu  sync.Mutex
	all []int
}

func (c *counter) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, n)
}

func (c *counter) must(t *testing.T, want int) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	sum := 0
	for n := range slices.Values(c.all) {
		sum += n
	}
	if sum != want {
		t.Errorf("counted %v, want %d in all", c.all, want)
	}
}
