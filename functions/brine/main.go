// Brine predicts on local files, with the engine that the functions run.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command().ExecuteContext(ctx); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx) // the signal
		}
		fmt.Fprintln(os.Stderr, "brine:", err)
		stop()
		os.Exit(1)
	}
}
