package engines

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"brine/infra/lambdas"
	"brine/infra/local/localtest"
)

// startLocal runs brine-local, with functions that find S3 at the proxy.
func startLocal(t *testing.T) *engine {
	port := localtest.FreePort(t)
	e := &engine{
		proxy: newProxy(t, port), models: "ml-models", results: "ml-results",
		machine: "arn:aws:states:" + region + ":" + account + ":stateMachine:" + lambdas.Prefix,
	}
	dist := t.TempDir()
	for _, name := range []string{"start", "validate", "predict", "write", "invoke"} {
		script := fmt.Sprintf("#!/bin/sh\nAWS_ENDPOINT_URL_S3=%s exec '%s'\n", e.URL, localtest.Program(name+"/bootstrap"))
		if err := os.Mkdir(filepath.Join(dist, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dist, name, "bootstrap"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	localtest.Serve(t, exec.Command(localtest.Program("brine-local"),
		"-port", port, "-dir", t.TempDir(), "-dist", dist, "-sample", localtest.Fixture("sample"), "-shard-bytes", fmt.Sprint(shard),
	), "Serving on")
	e.connect(port, "local")
	return e
}
