// Brine-local runs the whole pipeline on this machine: S3, the functions' own
// binaries behind the Lambda API, and the state machine that is deployed, all
// on one port of 127.0.0.1. It runs a sample job first, then it serves.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	port              int
	once              bool
	dir, dist, sample string
	shardBytes        int64
	memory            int
	timeout           time.Duration
}

func main() {
	var o options
	flag.IntVar(&o.port, "port", 4566, "the `port` of 127.0.0.1 to serve on")
	flag.BoolVar(&o.once, "once", false, "stop after the sample job; the exit status tells how it went")
	flag.StringVar(&o.dir, "dir", ".local", "the `folder` of buckets, executions and logs")
	flag.StringVar(&o.dist, "dist", "dist/host", "the `folder` of the functions' binaries")
	flag.StringVar(&o.sample, "sample", "testdata/sample", "the `folder` of the sample job")
	flag.Int64Var(&o.shardBytes, "shard-bytes", 0, "the `bytes` of a table that one worker predicts (default: the functions' own)")
	flag.IntVar(&o.memory, "memory", 0, "the `MB` of memory that each function is told to have (default: as deployed)")
	flag.DurationVar(&o.timeout, "timeout", 0, "the `time` after which an invocation is killed, such as 30s (default: as deployed)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C does not wait
	if err := run(ctx, o, newConsole(os.Stdout)); err != nil {
		fmt.Fprintln(os.Stderr, "brine-local:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, c *console) (err error) {
	if flag.NArg() > 0 {
		return fmt.Errorf("unknown argument %q; see brine-local -help", flag.Arg(0))
	}
	m, err := start(o, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	err = m.runSample(ctx)
	if o.once {
		return err
	}
	if err != nil {
		c.printf("\nNo result of the sample job: %v", err)
	}
	c.printf("\nServing on %s until Ctrl-C", m.endpoint)
	<-ctx.Done()
	return nil
}
