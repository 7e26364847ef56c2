// Predict is the state machine's worker: one shard of the table becomes its
// parts of the result.
package main

import (
	"context"

	"brine/functions/internal/function"
	"brine/functions/internal/workflow"
)

func main() {
	w := function.Must(function.Workflow())
	function.Start(func(ctx context.Context, item workflow.Item) (struct{}, error) {
		return struct{}{}, w.Predict(ctx, item)
	})
}
