package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

const (
	dist    = "dist/host"
	machine = "arn:aws:states:us-east-1:000000000000:stateMachine:ml-prediction"
	// The table lies in a bucket whose uploads start nothing, and stays there
	// from job to job.
	bucket  = "ml-models"
	key     = "scale/table.csv"
	results = "ml-results"
	model   = "s3://ml-models/house-prices/model.pkl" // brine-local's sample job puts it there
)

// job is the prediction of the table by a brine-local of its own.
type job struct {
	dir, table string
	shardBytes int64

	process *exec.Cmd
	s3      *s3.Client
	sfn     *sfn.Client
}

// measured is what a job took: wall is the time from the first worker's start
// to the last one's end, cpu and peak are the workers' own.
type measured struct {
	wall, cpu time.Duration
	peak      int64 // bytes
	workers   int   // processes
	sum       []byte
}

func (j *job) measure(ctx context.Context) (m measured, err error) {
	if err := j.start(); err != nil {
		return m, err
	}
	defer j.stop()
	if err := j.upload(ctx); err != nil {
		return m, err
	}
	if m.wall, err = j.run(ctx); err != nil {
		return m, err
	}
	if err := j.workers(&m); err != nil {
		return m, err
	}
	m.sum, err = hash(filepath.Join(j.dir, "s3/objects", results, key))
	return m, err
}

// start starts brine-local and waits until it serves.
func (j *job) start() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := l.Addr().String()
	l.Close()
	_, port, _ := strings.Cut(address, ":")
	j.process = exec.Command(filepath.Join(dist, "brine-local"), "-port", port, "-dir", j.dir, "-shard-bytes", strconv.FormatInt(j.shardBytes, 10))
	j.process.Stderr = os.Stderr
	out, err := j.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := j.process.Start(); err != nil {
		return err
	}
	endpoint := aws.String("http://" + address)
	secret := credentials.NewStaticCredentialsProvider("local", "local", "")
	j.s3 = s3.New(s3.Options{Region: "us-east-1", BaseEndpoint: endpoint, Credentials: secret, UsePathStyle: true})
	j.sfn = sfn.New(sfn.Options{Region: "us-east-1", BaseEndpoint: endpoint, Credentials: secret})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "Serving on") {
			go io.Copy(io.Discard, out)
			return nil
		}
	}
	return fmt.Errorf("brine-local ended: %w", j.process.Wait())
}

func (j *job) stop() {
	j.process.Process.Signal(syscall.SIGTERM)
	j.process.Wait()
}

// upload puts the table into its bucket, if it is not there.
func (j *job) upload(ctx context.Context) error {
	if _, err := j.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)}); err == nil {
		return nil
	}
	f, err := os.Open(j.table)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = j.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), Body: f})
	return err
}

// run runs the state machine and returns the time that its workers took.
func (j *job) run(ctx context.Context) (time.Duration, error) {
	input := fmt.Sprintf(`{"data_s3_uri": "s3://%s/%s", "model_s3_uri": "%s"}`, bucket, key, model)
	started, err := j.sfn.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: aws.String(machine), Input: &input})
	if err != nil {
		return 0, err
	}
	for {
		time.Sleep(100 * time.Millisecond)
		x, err := j.sfn.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
		switch {
		case err != nil:
			return 0, err
		case x.Status == types.ExecutionStatusSucceeded:
			return j.predicting(ctx, started.ExecutionArn)
		case x.Status != types.ExecutionStatusRunning:
			return 0, fmt.Errorf("the execution ended %s: %s", x.Status, aws.ToString(x.Cause))
		}
	}
}

// predicting is the time that an execution spent in its Predict states.
func (j *job) predicting(ctx context.Context, execution *string) (took time.Duration, err error) {
	history, err := j.sfn.GetExecutionHistory(ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: execution, MaxResults: 1000})
	if err != nil {
		return 0, err
	}
	var entered time.Time
	for _, e := range history.Events {
		if d := e.StateEnteredEventDetails; d != nil && strings.HasPrefix(*d.Name, "Predict") {
			entered = *e.Timestamp
		}
		if d := e.StateExitedEventDetails; d != nil && strings.HasPrefix(*d.Name, "Predict") {
			took += e.Timestamp.Sub(entered)
		}
	}
	return took, nil
}

// workers adds up what brine-local's predict processes took, which it keeps.
func (j *job) workers(m *measured) error {
	binary, err := filepath.Abs(filepath.Join(dist, "predict/bootstrap"))
	if err != nil {
		return err
	}
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return err
	}
	for _, p := range processes {
		status, err := os.ReadFile(filepath.Join(p, "status"))
		exe, linkErr := os.Readlink(filepath.Join(p, "exe"))
		if err != nil || linkErr != nil || exe != binary || field(status, "PPid:") != int64(j.process.Process.Pid) {
			continue // of others, and gone perhaps
		}
		stat, err := os.ReadFile(filepath.Join(p, "stat"))
		if err != nil {
			return err
		}
		m.workers++
		m.cpu += cpu(stat)
		m.peak = max(m.peak, field(status, "VmHWM:")<<10)
	}
	if m.workers == 0 {
		return fmt.Errorf("there is no worker %s", binary)
	}
	return nil
}

// field is a number in /proc/<pid>/status.
func field(status []byte, name string) (n int64) {
	_, after, _ := strings.Cut(string(status), "\n"+name)
	fmt.Sscan(after, &n)
	return n
}

// cpu is a process's time in user and system mode, the 14th and 15th field of
// /proc/<pid>/stat in hundredths of a second (proc(5)).
func cpu(stat []byte) time.Duration {
	_, after, _ := strings.Cut(string(stat), ") ") // the 2nd is a name, and may have spaces
	fields := strings.Fields(after)
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}
