// Invoke is the direct handler: the documented payload, the whole job in one
// call.
package main

import (
	"context"
	"encoding/json"

	"brine/functions/internal/function"
	"brine/functions/internal/job"
	"brine/functions/internal/pipeline"
	"brine/functions/internal/store"
)

func main() {
	p := &pipeline.Pipeline{Store: function.Must(store.NewS3(context.Background()))}
	function.StartDirect(func(ctx context.Context, payload json.RawMessage) (*job.Receipt, error) {
		fields, err := job.ParsePayload("the payload", payload)
		if err != nil {
			return nil, err
		}
		request, err := fields.Request()
		if err != nil {
			return nil, err
		}
		return p.Run(ctx, *request)
	})
}
