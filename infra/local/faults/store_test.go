package faults

import (
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// TestFailingStore has S3 fail one call in twenty, over many small shards and
// the rounds that join them.
func TestFailingStore(t *testing.T) {
	t.Parallel()
	of, l := must(t, first), start(t, part/16)
	random := newRandom(seed)
	l.inject(random.strike)
	l.drop(t, of)
	l.mustSucceed(t, of)
	random.mu.Lock()
	defer random.mu.Unlock()
	t.Logf("of %d calls: %v", random.calls, random.struck)
	for name := range failures {
		if random.struck[name] == 0 {
			t.Errorf("no call was struck by %s", name)
		}
	}
}

// seed is one by which each failure comes up.
const seed = 1

// failures are what S3 and the way to it do.
var failures = map[string]func(*call){
	"an error":     func(c *call) { c.fail(http.StatusInternalServerError, "InternalError") },
	"slow down":    func(c *call) { c.fail(http.StatusServiceUnavailable, "SlowDown") },
	"a reset":      (*call).reset,
	"a short body": (*call).shorten,
}

var failureNames = []string{"an error", "slow down", "a reset", "a short body"}

// random strikes by a hash of the call and how often it came before, so that
// it does not matter which worker is faster.
type random struct {
	seed int

	mu     sync.Mutex
	seen   map[string]int
	struck map[string]int
	calls  int
}

func newRandom(seed int) *random {
	return &random{seed: seed, seen: map[string]int{}, struck: map[string]int{}}
}

// varying is what differs from run to run: the names of executions.
var varying = regexp.MustCompile(`\.brine/[^/]*/`)

func (r *random) strike(c *call) bool {
	name := r.choose(varying.ReplaceAllString(c.String(), ""))
	if name == "" || name == "a short body" && c.op != "GetObject" && c.op != "ListObjects" && c.op != "ListParts" {
		return false
	}
	r.mu.Lock()
	r.struck[name]++
	r.mu.Unlock()
	failures[name](c)
	return true
}

func (r *random) choose(call string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	r.seen[call]++
	h := fnv.New64a()
	fmt.Fprint(h, r.seed, r.seen[call], call)
	n := h.Sum64() >> 16 // the low bits of FNV are poor
	if n%20 > 0 {
		return ""
	}
	return failureNames[n/20%uint64(len(failureNames))]
}

// TestLostAnswers has calls take effect and their answers get lost: of each
// kind the first.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	of, l := must(t, first), start(t, part)
	// Of a lost CreateMultipartUpload nobody knows the upload: its bucket has
	// a rule that ends it.
	kinds := []string{"UploadPart", "CompleteMultipartUpload", "PutObject", "DeleteObject", "DeleteObjects", "GetObject", "HeadObject", "ListParts", "ListObjects"}
	var mu sync.Mutex
	lost := map[string]bool{}
	for _, kind := range kinds {
		lost[kind] = false
	}
	l.inject(func(c *call) bool {
		mu.Lock()
		was, wanted := lost[c.op]
		if wanted {
			lost[c.op] = true
		}
		mu.Unlock()
		if was || !wanted {
			return false
		}
		c.loseAnswer()
		return true
	})
	l.drop(t, of)
	l.mustSucceed(t, of)
	mu.Lock()
	defer mu.Unlock()
	for kind := range maps.Keys(lost) {
		if !lost[kind] {
			t.Errorf("no %s was lost", kind)
		}
	}
}

// TestKilledWrite ends the last step around what it does.
func TestKilledWrite(t *testing.T) {
	t.Parallel()
	of, l := must(t, first), start(t, part)
	done := func(c *call) { c.perform(); c.kill() }
	for _, test := range []struct {
		name   string
		fits   func(*call) bool
		strike func(*call)
	}{
		{"before Complete", (*call).isComplete, (*call).kill},
		{"after Complete", (*call).isComplete, done},
		{"after the receipt", isReceiptOfJob, done},
		{"after the plan is gone", isDeletionOfPlan, done},
		{"before the clean-up", isCleanUp, (*call).kill},
		{"after the clean-up", isCleanUp, done},
	} {
		t.Run(test.name, func(t *testing.T) {
			l.forget(t)
			var killed counter
			l.inject(once(test.fits, func(c *call) { killed.add(1); test.strike(c) }))
			l.drop(t, of)
			l.mustSucceed(t, of)
			killed.must(t, 1)
		})
	}
}

// TestKilledUndo ends the undoing of a job around what it does.
func TestKilledUndo(t *testing.T) {
	t.Parallel()
	of, l := must(t, first), start(t, part)
	for name, fits := range map[string]func(*call) bool{
		"after Abort":            func(c *call) bool { return c.op == "AbortMultipartUpload" },
		"after the receipt":      isReceiptOfJob,
		"after the plan is gone": isDeletionOfPlan,
		"after the clean-up":     isCleanUp,
	} {
		t.Run(name, func(t *testing.T) {
			l.forget(t)
			var killed counter
			l.inject(each(
				always(func(c *call) bool { return c.isPart(2) }, func(c *call) { c.fail(http.StatusForbidden, "AccessDenied") }),
				once(fits, func(c *call) { killed.add(1); c.perform(); c.kill() }),
			))
			l.drop(t, of)
			l.mustFail(t, "Not allowed to write s3://"+results+"/"+file)
			killed.must(t, 1)
		})
	}
}

func isReceiptOfJob(c *call) bool {
	return c.op == "PutObject" && strings.HasSuffix(c.object, file+".receipt.json")
}

func isDeletionOfPlan(c *call) bool {
	return c.op == "DeleteObject" && strings.HasSuffix(c.object, "/plan.json")
}

// isCleanUp tells the deletion of an execution's other working objects.
func isCleanUp(c *call) bool { return c.op == "DeleteObjects" }
