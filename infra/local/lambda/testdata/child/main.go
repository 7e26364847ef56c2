// Child is a Lambda function that does what its event asks for.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sort"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do   string `json:"do"`
	Text string `json:"text"`
}

type refusal struct{ error }

func main() {
	if os.Getenv("CRASH") != "" {
		fmt.Println("no model")
		os.Exit(3)
	}
	if os.Getenv("HANG") != "" {
		time.Sleep(time.Hour)
	}
	lambda.Start(handle)
}

func meet(dir string) error {
	if err := os.WriteFile(fmt.Sprintf("%s/%d", dir, os.Getpid()), nil, 0o644); err != nil {
		return err
	}
	for {
		if files, err := os.ReadDir(dir); err != nil || len(files) > 1 {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}

func handle(ctx context.Context, e event) (any, error) {
	switch e.Do {
	case "echo":
		return e.Text, nil
	case "pid":
		return os.Getpid(), nil
	case "environment":
		env := os.Environ()
		sort.Strings(env)
		return env, nil
	case "context":
		deadline, _ := ctx.Deadline()
		lc, _ := lambdacontext.FromContext(ctx)
		return []any{time.Until(deadline).Seconds(), lc.InvokedFunctionArn, lc.AwsRequestID}, nil
	case "log":
		fmt.Println(e.Text)
		fmt.Fprintln(os.Stderr, "and more")
		return nil, nil
	case "open line":
		fmt.Print(e.Text)
		return nil, nil
	case "fail":
		return nil, refusal{errors.New(e.Text)}
	case "panic":
		panic(e.Text)
	case "exit":
		os.Exit(7)
	case "sleep":
		time.Sleep(time.Hour)
	case "meet": // answers when another one that does the same is there
		return os.Getpid(), meet(e.Text)
	case "grandchild":
		c := exec.Command("sleep", "3600")
		c.Stdout = os.Stdout
		return os.Getpid(), c.Start()
	case "large":
		return strings.Repeat("x", 7_000_000), nil
	}
	return nil, fmt.Errorf("I can't %q", e.Do)
}
