package engines

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"brine/infra/local/localtest"
	"brine/statemachine"
)

// TestLinters has the linters of others look at the definition, and at ones
// with a mistake that each is known to find.
func TestLinters(t *testing.T) {
	t.Parallel()
	linters := map[string][]string{
		"amazon-states-language-service": {"node", filepath.Join(localtest.Root, "statemachine/lint.js")},
		"asl-validator":                  {validator, "--json-path"},
	}
	mistakes := []struct{ name, old, new string }{
		{"none", "", ""},
		{"a state that is not there", `"Next": "Remaining"`, `"Next": "Rest"`},
		{"a state that is not reached", `"Default": "PredictMany"`, `"Default": "Done"`},
		{"a type that there is not", `"Type": "Succeed"`, `"Type": "Success"`},
	}
	for name, linter := range linters {
		for _, m := range mistakes {
			t.Run(name+": "+m.name, func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(t.TempDir(), "definition.asl.json")
				if err := os.WriteFile(file, []byte(strings.Replace(statemachine.Definition, m.old, m.new, 1)), 0o600); err != nil {
					t.Fatal(err)
				}
				said, err := exec.Command(linter[0], append(linter[1:len(linter):len(linter)], file)...).CombinedOutput()
				if found := err != nil; found != (m.old != "") {
					t.Errorf("%v: %s", err, said)
				}
			})
		}
	}
}
