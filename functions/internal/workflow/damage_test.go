package workflow

import (
	"strings"
	"testing"

	"brine/functions/internal/job"
	"brine/functions/internal/store/storetest"
)

// meanwhile are the objects that one step leaves for another.
var meanwhile = []string{"plan.json", "shards.json", "receipts/00001"}

// begun is an execution with its first shard done.
func begun(t testing.TB) (*Workflow, *storetest.Memory, *State) {
	t.Helper()
	w, m := newWorkflow(t, rows, 0)
	s, err := w.Validate(t.Context(), ValidateInput{"run-1", payload(t, uploaded)})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Predict(t.Context(), *s.First); err != nil {
		t.Fatal(err)
	}
	return w, m, s
}

// TestDamaged: what lies in the results bucket meanwhile is no input of a user's,
// but if it is damaged, the step says which object is.
func TestDamaged(t *testing.T) {
	for _, name := range meanwhile {
		for _, content := range []string{"", "{", "[]", "null", `"x"`, `{"shard":"x"}`, `[{"shard":[]}]`, "\x00\xff"} {
			if content == "null" && strings.HasPrefix(name, "receipts/") {
				continue // to be told from what is there by no name, as fields may be added
			}
			w, m, s := begun(t)
			uri := below(s.Plan, name)
			put(t, m, uri.Bucket, uri.Key, content)
			if _, err := w.Write(t.Context(), WriteInput{State: *s}); err == nil ||
				!strings.HasPrefix(err.Error(), uri.String()+" is damaged: ") || job.TypeOf(err) != job.SystemError {
				t.Errorf("%s is %q: %v", name, content, err)
			}
		}
	}
}

// TestBrokenChain: shards that do not cover the table, or a receipt that goes
// back, end the step.
func TestBrokenChain(t *testing.T) {
	for name, content := range map[string]string{
		"shards.json":    `[{"shard":1,"start":0,"end":9},{"shard":2,"start":9,"end":9}]`,
		"receipts/00001": `{"shard":1,"start":67,"end":0}`,
	} {
		w, m, s := begun(t)
		uri := below(s.Plan, name)
		put(t, m, uri.Bucket, uri.Key, content)
		if _, err := w.Write(t.Context(), WriteInput{State: *s}); err == nil || !strings.Contains(err.Error(), "do not follow one another at byte") {
			t.Errorf("%s is %s: %v", name, content, err)
		}
	}
}

// FuzzDamaged goes on with an execution whose plan, manifest or receipt is
// another: a step may say what is wrong or do as told, and must end.
func FuzzDamaged(f *testing.F) {
	_, m, s := begun(f)
	for i, name := range meanwhile {
		content, err := m.Get(f.Context(), below(s.Plan, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), content)
	}
	f.Fuzz(func(t *testing.T, name uint8, content []byte) {
		w, m, s := begun(t)
		uri := below(s.Plan, meanwhile[int(name)%len(meanwhile)])
		put(t, m, uri.Bucket, uri.Key, string(content))
		if next, err := w.Write(t.Context(), WriteInput{State: *s}); err == nil && next == nil {
			t.Error("the step has neither a state nor an error")
		}
		if err := w.Predict(t.Context(), *s.First); err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
		if cause, err := w.Write(t.Context(), WriteInput{Execution: "run-1", Undo: []byte("{}")}); err == nil && cause == nil {
			t.Error("undo has neither a cause nor an error")
		}
	})
}
