// Package workflow is the pipeline as the steps of the state machine: what
// travels between its states, and what lies in the results bucket meanwhile.
//
// A state's payload is limited to 256 KiB, so only pointers travel. All that
// belongs to one execution is below s3://RESULTS/.brine/<execution>/:
//
//	plan.json         the job.Plan that every worker reads
//	shards.json       the manifest: an Item for each shard
//	again-<n>.json    the manifest of the n-th round of repairs
//	receipts/<shard>  a job.ShardReceipt for each shard that is done
//	rejects/<shard…>  what a worker rejected, if the job does that
//	failures/<shard>  a job.ErrorBody for each shard whose last attempt failed,
//	                  or one before the attempt that left a receipt
//
// It is deleted when the execution ends, well or not: the plan before all else,
// so that a step that is repeated, or a worker that comes late, can tell.
package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"

	"brine/functions/internal/job"
	"brine/functions/internal/pipeline"
	"brine/functions/internal/store"
)

// Objects is what the steps need of a store besides the job itself.
type Objects interface {
	Get(ctx context.Context, uri job.URI) ([]byte, error)
	Put(ctx context.Context, uri job.URI, contentType string, data []byte) error
	List(ctx context.Context, prefix job.URI) ([]job.Object, error)
	Delete(ctx context.Context, uris ...job.URI) error
}

// Workflow does the steps.
type Workflow struct {
	Pipeline *pipeline.Pipeline
	Objects  Objects
	// Models and Results are the buckets that a job's defaults point to.
	Models, Results string
}

// New returns a workflow over one store with shards of about shardSize bytes.
func New[S interface {
	store.Store
	Objects
}](s S, models, results string, shardSize int64) *Workflow {
	return &Workflow{
		Pipeline: &pipeline.Pipeline{Store: s, ShardSize: shardSize, Receipts: true},
		Objects:  s, Models: models, Results: results,
	}
}

// State is what travels from Validate to Predict and Write and back.
type State struct {
	Plan job.URI `json:"plan"`
	// Receipt is where the receipt will be.
	Receipt job.URI `json:"receipt"`
	// Shards is how many are to be predicted now; 0 ends the execution.
	Shards   int       `json:"shards"`
	First    *Item     `json:"first,omitempty"`
	Manifest *Manifest `json:"manifest,omitempty"`
	Round    int       `json:"round,omitempty"`
	// Spent is what the rounds before this one took, as far as their workers'
	// receipts are no longer there.
	Spent job.Spent `json:"spent,omitzero"`
	// Response is the documented answer once the result is complete.
	*job.Response
}

// Manifest is the object that the Distributed Map reads its Items from.
type Manifest struct {
	Bucket string `json:"bucket"`
	Key    string `json:"key"`
}

// Item is one shard's work, small enough to travel ten thousand times.
type Item struct {
	Plan job.URI `json:"plan"`
	job.Shard
}

// folder is where an execution's objects are.
func (w *Workflow) folder(execution string) job.URI {
	return job.URI{Bucket: w.Results, Key: ".brine/" + execution + "/"}
}

// below names an object in the folder of a plan.
func below(plan job.URI, name string) job.URI {
	return job.URI{Bucket: plan.Bucket, Key: strings.TrimSuffix(plan.Key, "plan.json") + name}
}

func (w *Workflow) putJSON(ctx context.Context, uri job.URI, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.Objects.Put(ctx, uri, "application/json", data)
}

// putReceipt is putJSON for people to read.
func (w *Workflow) putReceipt(ctx context.Context, uri job.URI, receipt any) error {
	data, err := json.MarshalIndent(receipt, "", "  ")
	if err != nil {
		return err
	}
	return w.Objects.Put(ctx, uri, "application/json", append(data, '\n'))
}

func (w *Workflow) getJSON(ctx context.Context, uri job.URI, v any) error {
	data, err := w.Objects.Get(ctx, uri)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return damaged(uri, err)
	}
	return nil
}

func damaged(uri job.URI, err error) error {
	return &job.Error{Message: uri.String() + " is damaged", Err: err, Hint: "Start the job again"}
}

// plan reads a plan without its shards.
func (w *Workflow) plan(ctx context.Context, uri job.URI) (*job.Plan, error) {
	var plan job.Plan
	if err := w.getJSON(ctx, uri, &plan); err != nil {
		return nil, err
	}
	if plan.Model.Size <= 0 || plan.Data.Size <= 0 {
		return nil, damaged(uri, errors.New("the model or the data has no size"))
	}
	return &plan, nil
}

// items reads a manifest, which names one shard at least.
func (w *Workflow) items(ctx context.Context, manifest job.URI) ([]Item, error) {
	var items []Item
	err := w.getJSON(ctx, manifest, &items)
	if err == nil && len(items) == 0 {
		err = damaged(manifest, errors.New("it names no shard"))
	}
	return items, err
}

// exists reports whether getJSON found its object; another error stays one.
func exists(err error) (bool, error) {
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// cleanUp deletes all that an execution left in its folder.
func (w *Workflow) cleanUp(ctx context.Context, plan job.URI) error {
	if err := w.Objects.Delete(ctx, plan); err != nil {
		return err
	}
	objects, err := w.Objects.List(ctx, below(plan, ""))
	if err != nil {
		return err
	}
	uris := make([]job.URI, len(objects))
	for i, o := range objects {
		uris[i] = o.URI
	}
	return w.Objects.Delete(ctx, uris...)
}
