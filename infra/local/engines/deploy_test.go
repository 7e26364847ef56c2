package engines

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"brine/infra/local/localtest"
)

// TestDeployment has the real CDK deploy the stack to ministack, as `make
// deploy` does but for the functions' zips, which are of this machine's
// architecture. The scenarios run there; a table that is dropped into the data
// bucket comes back predicted; and the stack is destroyed.
func TestDeployment(t *testing.T) {
	t.Parallel()
	port := localtest.FreePort(t)
	e := &engine{proxy: newProxy(t, port)}
	server := exec.Command(ministack)
	// Its functions inherit its environment, and so find S3 at the proxy. What it
	// would have on other ports than its own is not needed.
	server.Env = environment(port, "AWS_ENDPOINT_URL_S3="+e.URL, "GATEWAY_PORT="+port, "BIND_HOST=127.0.0.1", "TMPDIR="+t.TempDir(),
		"IOT_MTLS_ENABLED=0", "SFTP_ENABLED=0")
	localtest.Serve(t, server, "Running on")
	e.connect(port, "test")

	run := func(name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = localtest.Root
		cmd.Env = environment(port, "CDK_DEFAULT_ACCOUNT="+account, "CDK_DEFAULT_REGION="+region, "CDK_DISABLE_CLI_TELEMETRY=true", "CI=true")
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, said)
		}
	}
	out := t.TempDir()
	outputs := filepath.Join(out, "outputs.json")
	run(cdk, "synth", "--quiet", "--output", out, "--context", "dist=dist/host", "--context", fmt.Sprintf("shardBytes=%d", shard))
	run(cdk, "bootstrap", "--app", out, "aws://"+account+"/"+region)
	run(cdk, "deploy", "--app", out, "--require-approval", "never", "--outputs-file", outputs)

	var stacks map[string]struct{ ModelsBucket, DataBucket, ResultsBucket, StateMachineArn string }
	if err := json.Unmarshal(localtest.Read(t, outputs), &stacks); err != nil {
		t.Fatal(err)
	}
	made := stacks["brine"]
	e.machine, e.models, e.results = made.StateMachineArn, made.ModelsBucket, made.ResultsBucket
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) { e.play(t, s, false) })
	}
	run(boto, "infra/local/engines/testdata/drop.py", made.ModelsBucket, made.DataBucket, made.ResultsBucket, "testdata/sample")

	run(cdk, "destroy", "--app", out, "--force")
	_, err := e.sfn.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: &e.machine})
	if gone := (*types.StateMachineDoesNotExist)(nil); !errors.As(err, &gone) {
		t.Errorf("of a destroyed state machine, ministack says %v", err)
	}
}
