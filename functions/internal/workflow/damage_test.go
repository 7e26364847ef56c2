package workflow

import (
	"strings"
	"testing"

	"brine/functions/internal/job"
)

// TestDamaged: what lies in the results bucket meanwhile is no input of a user's,
// but if it is damaged, the step says which object is.
func TestDamaged(t *testing.T) {
	for _, name := range []string{"plan.json", "shards.json", "receipts/00001"} {
		for _, content := range []string{"", "{", "[]", "null", `"x"`, `{"shard":"x"}`, `[{"shard":[]}]`, "\x00\xff"} {
			if content == "null" && name != "shards.json" || strings.HasPrefix(content, "{\"") && name == "plan.json" {
				continue // to be told from what is there by no name, as fields may be added
			}
			w, m := newWorkflow(t, rows, 0)
			s, err := w.Validate(t.Context(), ValidateInput{"run-1", payload(t, uploaded)})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Predict(t.Context(), *s.First); err != nil {
				t.Fatal(err)
			}
			uri := below(s.Plan, name)
			put(t, m, uri.Bucket, uri.Key, content)
			if _, err = w.Write(t.Context(), WriteInput{State: *s}); err == nil ||
				!strings.HasPrefix(err.Error(), uri.String()+" is damaged: ") || job.TypeOf(err) != job.SystemError {
				t.Errorf("%s is %q: %v", name, content, err)
			}
		}
	}
}
