package engines

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"brine/infra/local/localtest"
)

// scenario is one job and what must come of it, whoever runs it.
type scenario struct {
	name  string
	table func() (table, error)
	fault fault // none if it strikes 0 times
	// rounds is how often Write has shards done again that began inside quotes.
	rounds int
	// cause is of the execution and the error receipt; "" if the job succeeds.
	cause string
}

var (
	// again is an answer that the AWS SDK takes for final and the state machine
	// does not: its Retry calls the function once more.
	again = fault{status: 409, code: "OperationAborted", times: 1}
	// never is taken for final by both.
	never = fault{status: 403, code: "AccessDenied", times: math.MaxInt}
)

var scenarios = []scenario{
	{name: "one shard", table: sample},
	{name: "many shards", table: split, rounds: 1},
	{name: "one shard that is tried again", table: sample, fault: again},
	{name: "many shards and one that is tried again", table: split, fault: again, rounds: 1},
	{name: "one shard that always fails", table: sample, fault: never, cause: "Not allowed to write s3://"},
	{name: "many shards and one that always fails", table: split, fault: never, cause: "Not allowed to write s3://"},
	{name: "invalid input", table: invalid, cause: "Missing required feature columns: "},
}

// services are who runs them, and ministack in TestDeployment.
var services = map[string]func(*testing.T) *engine{
	"brine-local": startLocal,
	"moto":        startMoto,
}

// swallowed is what moto gets wrong, and nobody else: a Map of which a child
// has failed counts as succeeded there. Only Write finds out, and has the shard
// done again, until it is the only one left, is done without a Map, and fails.
var swallowed = map[string]string{"moto": "many shards and one that always fails"}

func TestScenarios(t *testing.T) {
	for service, start := range services {
		t.Run(service, func(t *testing.T) {
			t.Parallel()
			e := start(t)
			for _, s := range scenarios {
				t.Run(s.name, func(t *testing.T) { e.play(t, s, swallowed[service] == s.name) })
			}
		})
	}
}

// play runs a scenario's job and checks all that it leaves.
func (e *engine) play(t *testing.T, s scenario, swallowed bool) {
	of, err := s.table()
	if err != nil {
		t.Fatal(err)
	}
	name := strings.ReplaceAll(s.name, " ", "-")
	key := name + "/data.csv"
	result := e.results + "/" + key
	e.inject(result, s.fault)
	e.put(t, name+"/model.pkl", of.model)
	e.put(t, key, of.csv)
	x := e.execute(t, name, `{"data_s3_uri": "s3://`+e.models+`/`+key+`"}`)
	if s.cause == "" {
		e.mustSucceed(t, x, key, of.predicted)
	} else {
		e.mustFail(t, x, key, s.cause)
	}
	e.mustBeClean(t)
	struck, rounds := e.seen(result, name)
	if swallowed {
		if rounds == 0 {
			t.Error("a failed child of a Map is no longer swallowed: strike that from the table")
		}
		return
	}
	if want := min(s.fault.times, 1); struck != want || rounds != s.rounds {
		t.Errorf("a part was refused %d times and shards were done again %d times, want %d and %d", struck, rounds, want, s.rounds)
	}
}

// receipt has of a receipt what the scenarios look at.
type receipt struct {
	Status, Error, Execution string

	Type string `json:"error_type"`
}

func (e *engine) receipt(t *testing.T, key string) (r receipt) {
	t.Helper()
	if err := json.Unmarshal(e.get(t, key+".receipt.json"), &r); err != nil {
		t.Errorf("the receipt: %v", err)
	}
	return r
}

func (e *engine) mustSucceed(t *testing.T, x *sfn.DescribeExecutionOutput, key string, want []byte) {
	t.Helper()
	if x.Status != types.ExecutionStatusSucceeded {
		t.Errorf("the execution ended %s, %s: %s", x.Status, aws.ToString(x.Error), aws.ToString(x.Cause))
	}
	if r := e.receipt(t, key); r.Status != "succeeded" {
		t.Errorf("the receipt says %+v", r)
	}
	if got := e.get(t, key); !bytes.Equal(got, want) {
		t.Errorf("the result is another one: %d bytes, want %d", len(got), len(want))
	}
}

func (e *engine) mustFail(t *testing.T, x *sfn.DescribeExecutionOutput, key, cause string) {
	t.Helper()
	if x.Status != types.ExecutionStatusFailed || aws.ToString(x.Error) != "PredictionFailed" || !strings.HasPrefix(aws.ToString(x.Cause), cause) {
		t.Errorf("the execution ended %s, %s: %s", x.Status, aws.ToString(x.Error), aws.ToString(x.Cause))
	}
	if r := e.receipt(t, key); r.Status != "failed" || r.Type != "ValidationError" || r.Error != aws.ToString(x.Cause) || r.Execution != aws.ToString(x.Name) {
		t.Errorf("the receipt says %+v", r)
	}
	if got := e.get(t, key); got != nil {
		t.Errorf("there is a result of %d bytes", len(got))
	}
}

// shard is S3's smallest part, in bytes.
const shard = 5 << 20

// table is a file and what must become of it.
type table struct{ model, csv, predicted []byte }

// sample is of one shard; its predictions are scikit-learn's own.
var sample = sync.OnceValues(func() (of table, err error) {
	files, err := read("sample/house-prices/model.pkl", "sample/house-prices.csv", "sample/expected.csv")
	if err != nil {
		return of, err
	}
	return table{model: files[0], csv: files[1], predicted: files[2]}, nil
})

// invalid lacks the model's columns.
var invalid = sync.OnceValues(func() (of table, err error) {
	of, err = sample()
	of.csv = []byte("a,b\n1,2\n")
	return of, err
})

// split is of three shards that begin inside quotes, so that some are
// predicted twice; its predictions are those of one process.
var split = sync.OnceValues(func() (of table, err error) {
	const folder = "models/linear-regression/"
	files, err := read(folder+"model.pkl", folder+"data.csv")
	if err != nil {
		return of, err
	}
	of.model = files[0]
	header, rows, _ := bytes.Cut(files[1], []byte("\n"))
	block := bytes.ReplaceAll(rows, []byte("\n"), []byte(",\"two\nlines, \"\"quoted\"\"\"\n"))
	of.csv = append(bytes.Clone(header), ",note\n"...)
	for len(of.csv) < 2*shard+shard/2 {
		of.csv = append(of.csv, block...)
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return of, err
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "in.csv"), filepath.Join(dir, "out.csv")
	if err := os.WriteFile(in, of.csv, 0o600); err != nil {
		return of, err
	}
	model := localtest.Fixture(folder + "model.pkl")
	if err := exec.Command(localtest.Program("brine"), "predict", model, in, "-o", out).Run(); err != nil {
		return of, err
	}
	of.predicted, err = os.ReadFile(out)
	return of, err
})

// read returns the fixtures of those names.
func read(names ...string) (contents [][]byte, err error) {
	for _, name := range names {
		content, err := os.ReadFile(localtest.Fixture(name))
		if err != nil {
			return nil, err
		}
		contents = append(contents, content)
	}
	return contents, nil
}
