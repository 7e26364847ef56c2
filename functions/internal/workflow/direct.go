package workflow

import (
	"context"
	"encoding/json"

	"brine/functions/internal/job"
)

// Run does the whole job of a documented payload in this process and puts its
// receipt beside the result.
func (w *Workflow) Run(ctx context.Context, payload json.RawMessage) (*job.Receipt, error) {
	fields, err := job.ParsePayload("the payload", payload)
	if err != nil {
		return nil, err
	}
	request, err := fields.Request()
	if err != nil {
		return nil, err
	}
	receipt, err := w.Pipeline.Run(ctx, *request)
	if err != nil {
		return nil, err
	}
	return receipt, w.putReceipt(ctx, job.ReceiptURI(request.Output), receipt)
}
