package faults

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"brine/infra/local/localtest"
)

const replaced = " was replaced while the job ran"

// isInput tells a worker's read of an input.
func (c *call) isInput(bucket, key string) bool {
	return c.function == "predict" && c.op == "GetObject" && c.object == bucket+"/"+key
}

// TestReplacedModel puts another model in place before a worker has read it,
// and when all the workers are through: its predictions are nobody's.
func TestReplacedModel(t *testing.T) {
	other := read(t, otherModel)
	for name, when := range map[string]func(*call) bool{
		"before it is read": func(c *call) bool { return c.isInput(models, model) },
		"after it is read":  func(c *call) bool { return c.isReceipt("00003") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			of, l := must(t, first), start(t, part)
			l.inject(once(when, func(c *call) {
				if err := l.tryPut(models, model, other); err != nil {
					t.Error(err)
				}
				c.forward()
			}))
			l.drop(t, of)
			l.mustFail(t, "s3://"+models+"/"+model+replaced)
		})
	}
}

// TestReplacedData uploads another table while the first one's job runs. That
// one fails, the other's result stays, whichever is first to end.
func TestReplacedData(t *testing.T) {
	tests := []struct {
		name string
		// when the first job makes this call, the second table is uploaded
		when func(*call) bool
		// and this call of the first job waits until the second job is through
		wait func(*call) bool
	}{
		{"while it is read", func(c *call) bool { return c.isInput(data, file) }, nil},
		{"while it is read, undone late", func(c *call) bool { return c.isInput(data, file) },
			func(c *call) bool { return c.op == "AbortMultipartUpload" }},
		{"after it is read, completed late", func(c *call) bool { return c.isReceipt("00003") },
			func(c *call) bool { return c.op == "ListParts" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			of, later, l := must(t, first), must(t, second), start(t, part)
			var early sync.Map // the upload ids of the first job
			over := make(chan bool)
			release := sync.OnceFunc(func() { close(over) })
			defer release()
			l.inject(each(
				once(test.when, func(c *call) {
					if err := l.tryPut(data, file, later.csv); err != nil {
						t.Error(err)
					}
					c.forward()
				}),
				once(func(c *call) bool { return c.op == "CreateMultipartUpload" }, func(c *call) {
					answer := c.perform()
					early.Store(uploadID(answer.Body.Bytes()), true)
					c.answer(answer)
				}),
				func(c *call) bool {
					if _, first := early.Load(c.r.URL.Query().Get("uploadId")); first && test.wait != nil && test.wait(c) {
						<-over
					}
					return false
				},
			))
			l.drop(t, of)
			localtest.Until(t, "the second job's result", func() bool {
				for _, x := range l.executions(t) {
					if x.status == "SUCCEEDED" {
						return true
					}
				}
				return false
			})
			release()
			all := l.ended(t, 2)
			if all[0].status != "SUCCEEDED" || all[1].status != "FAILED" || !strings.Contains(all[1].cause, "s3://"+data+"/"+file+replaced) {
				t.Errorf("the executions ended %+v", all)
			}
			l.mustHave(t, later)
			l.mustBeClean(t)
		})
	}
}

// TestReplacedDataWithoutJob is the same where no second job follows: the table
// lies in a bucket that sends no events.
func TestReplacedDataWithoutJob(t *testing.T) {
	t.Parallel()
	of, l := must(t, first), start(t, part)
	l.put(t, models, file, of.csv)
	l.inject(once(func(c *call) bool { return c.isInput(models, file) }, func(c *call) {
		if err := l.tryPut(models, file, of.csv[:part]); err != nil {
			t.Error(err)
		}
		c.forward()
	}))
	input := `{"data_s3_uri": "s3://` + models + "/" + file + `"}`
	if _, err := l.sfn.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: aws.String(machine), Input: &input}); err != nil {
		t.Fatal(err)
	}
	l.mustFail(t, "s3://"+models+"/"+file+replaced)
}

// TestResultThere has a result in place already. It stays until there is a new
// one, and if there is none.
func TestResultThere(t *testing.T) {
	t.Parallel()
	of, l := must(t, first), start(t, part)
	old := []byte("an earlier result\n")
	l.put(t, results, file, old)
	l.inject(always(func(c *call) bool { return c.isPart(2) }, func(c *call) { c.fail(http.StatusForbidden, "AccessDenied") }))
	l.drop(t, of)
	if x := l.ended(t, 1)[0]; x.status != "FAILED" {
		t.Errorf("the execution ended %s", x.status)
	}
	if got := l.get(t, results, file); !bytes.Equal(got, old) {
		t.Errorf("a job that failed left %d bytes in the result's place", len(got))
	}
	if r := l.receipt(t); r.Status != "failed" {
		t.Errorf("the receipt says %+v", r)
	}
	l.inject(once((*call).isComplete, func(c *call) {
		got, err := l.tryGet(results, file)
		if err != nil || !bytes.Equal(got, old) {
			t.Errorf("before Complete there are %d bytes in the result's place, %v", len(got), err)
		}
		c.forward()
	}))
	l.drop(t, of)
	if all := l.ended(t, 2); all[0].status != "SUCCEEDED" {
		t.Errorf("the execution ended %+v", all[0])
	}
	l.mustHave(t, of)
	l.mustBeClean(t)
}

// TestSameEvent delivers one event five times at once. The table lies in a
// bucket that sends none of its own.
func TestSameEvent(t *testing.T) {
	t.Parallel()
	of, l := must(t, first), start(t, part)
	l.put(t, models, file, of.csv)
	event, err := json.Marshal(map[string]any{"detail": map[string]any{
		"bucket": map[string]string{"name": models},
		"object": map[string]string{"key": file, "etag": "e", "sequencer": "1"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var deliveries sync.WaitGroup
	deliver := func() {
		out, err := l.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("ml-prediction-start"), Payload: event})
		if err != nil || out.FunctionError != nil {
			t.Errorf("%v %s", err, out.Payload)
		}
	}
	for range 5 {
		deliveries.Go(deliver)
	}
	deliveries.Wait()
	l.mustSucceed(t, of)
	deliver()
	l.mustSucceed(t, of)
	list, err := l.sfn.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: aws.String(machine)})
	if err != nil || len(list.Executions) != 2 { // one is the sample's
		t.Errorf("%d executions, %v", len(list.Executions), err)
	}
}
