package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"brine/functions/internal/job"
)

// ValidateInput is what the state machine hands to Validate. Request is the
// documented payload; only data_s3_uri must be there, the rest has defaults.
type ValidateInput struct {
	Execution string      `json:"execution"`
	Request   job.Payload `json:"request"`
}

// Validate plans the execution's job. Called again for the same execution, it
// returns the plan that it made before.
func (w *Workflow) Validate(ctx context.Context, in ValidateInput) (*State, error) {
	began, measured := time.Now().UTC(), w.Pipeline.Measure()
	uri := w.folder(in.Execution).Sibling("plan.json")
	plan, err := w.plan(ctx, uri)
	found, err := exists(err)
	if err != nil {
		return nil, err
	}
	if found {
		return w.planned(ctx, uri, plan)
	}
	request, err := w.request(ctx, in.Request)
	if err != nil {
		return nil, err
	}
	made, err := w.Pipeline.Validate(ctx, *request)
	if err != nil {
		return nil, err
	}
	state, err := w.announce(ctx, newState(uri, made), "shards.json", made.Shards)
	if err == nil {
		made.Began, made.Usage = began, measured()
		// The plan comes last: where it is, the rest is too.
		err = w.putJSON(ctx, uri, made)
	}
	if err != nil {
		return nil, fmt.Errorf("%w%s", err, w.abort(ctx, made))
	}
	return state, nil
}

// planned rebuilds the state of an execution whose plan exists.
func (w *Workflow) planned(ctx context.Context, uri job.URI, plan *job.Plan) (*State, error) {
	manifest := below(uri, "shards.json")
	items, err := w.items(ctx, manifest)
	if err != nil {
		return nil, err
	}
	return newState(uri, plan).with(manifest, items), nil
}

func newState(uri job.URI, plan *job.Plan) State {
	return State{Plan: uri, Receipt: job.ReceiptURI(plan.Request.Output)}
}

// announce stores the manifest of shards to be predicted and returns the state
// that points to it.
func (w *Workflow) announce(ctx context.Context, s State, name string, shards []job.Shard) (*State, error) {
	items := make([]Item, len(shards))
	for i, shard := range shards {
		items[i] = Item{Plan: s.Plan, Shard: shard}
	}
	manifest := below(s.Plan, name)
	return s.with(manifest, items), w.putJSON(ctx, manifest, items)
}

// with returns the state that has items, which are in manifest, predicted.
func (s State) with(manifest job.URI, items []Item) *State {
	s.Shards, s.First = len(items), &items[0]
	s.Manifest = &Manifest{Bucket: manifest.Bucket, Key: manifest.Key}
	return &s
}

// abort drops a plan's upload and returns what went wrong with that, as a
// suffix to the error that led here.
func (w *Workflow) abort(ctx context.Context, plan *job.Plan) string {
	if err := w.Pipeline.Abort(context.WithoutCancel(ctx), plan); err != nil {
		return fmt.Sprintf(" (and the upload could not be aborted: %v)", err)
	}
	return ""
}

// request fills in what a payload leaves out: from the model's model.json, then
// from the data's key, whose first folder names the model.
func (w *Workflow) request(ctx context.Context, p job.Payload) (*job.Request, error) {
	data, err := p.DataURI()
	if err != nil {
		return nil, err
	}
	defaults := job.Payload{}
	defaults.Set("prediction_column_name", "prediction")
	defaults.Set("feature_columns", "auto")
	defaults.Set("output_s3_uri", job.URI{Bucket: w.Results, Key: data.Key}.String())
	name, _, ok := strings.Cut(data.Key, "/")
	if !ok {
		return p.Over(defaults).Request()
	}
	defaults.Set("model_s3_uri", job.URI{Bucket: w.Models, Key: name + "/model.pkl"}.String())
	uri := job.URI{Bucket: w.Models, Key: name + "/model.json"}
	own, err := w.modelDefaults(ctx, uri)
	if err != nil {
		return nil, err
	}
	request, err := p.Over(own.Over(defaults)).Request()
	if _, without := p.Over(defaults).Request(); err != nil && without == nil {
		err = fmt.Errorf("%s: %w", uri, err)
	}
	return request, err
}

// modelDefaults reads a model's optional model.json.
func (w *Workflow) modelDefaults(ctx context.Context, uri job.URI) (job.Payload, error) {
	data, err := w.Objects.Get(ctx, uri)
	if found, err := exists(err); !found {
		return nil, err
	}
	return job.ParsePayload(uri.String(), data)
}
