package job

import "time"

// What a receipt says has become of its job.
const (
	StatusSucceeded = "succeeded"
	StatusFailed    = "failed"
)

// Receipt is the account of a finished job, stored beside its result. Its JSON
// schema is receipt.schema.json.
type Receipt struct {
	Status string        `json:"status"` // StatusSucceeded
	Model  ModelReceipt  `json:"model"`
	Data   DataReceipt   `json:"data"`
	Result ResultReceipt `json:"result"`
	// Rejected is what was left out of the result.
	Rejected RejectedReceipt `json:"rejected"`
	Column   string          `json:"prediction_column_name"`
	Rows     int64           `json:"rows"` // of the result
	Shards   int             `json:"shards"`
	// Workers is how many runs of predict the shards took: one each, and one
	// for each that had to be done again.
	Workers int `json:"workers"`
	// The time of each step, summed over its runs, and of the longest run.
	ValidateMillis int64 `json:"validate_ms"`
	PredictMillis  int64 `json:"predict_ms"`
	LongestMillis  int64 `json:"predict_longest_ms"`
	WriteMillis    int64 `json:"write_ms"`
	// TotalMillis is from the begin of the job to this receipt.
	TotalMillis int64 `json:"total_ms"`
	// PeakMemory is what the largest process of the job had, in bytes.
	PeakMemory int64  `json:"peak_memory_bytes"`
	Cost       Cost   `json:"cost"`
	Program    string `json:"program"`
}

// ModelReceipt says which model made the predictions.
type ModelReceipt struct {
	Object
	SHA256  string `json:"sha256,omitempty"`
	Class   string `json:"class"`
	Version string `json:"sklearn_version"`
}

// DataReceipt says which table was read.
type DataReceipt struct {
	Object
	Rows int64 `json:"rows"`
}

// ResultReceipt says what was written.
type ResultReceipt struct {
	Object
	Rows    int64 `json:"rows"`
	Columns int   `json:"columns"`
}

// RejectedReceipt says how many rows were rejected, and where they are if there
// are any. They and the result's rows make up the data's.
type RejectedReceipt struct {
	Rows int64 `json:"rows"`
	*Object
}

// Account enters what a job took and cost that began then.
func (r *Receipt) Account(began time.Time, s Spent) {
	all := s.Validate
	all.Add(s.Predict)
	all.Add(s.Write)
	r.Workers = s.Predict.Runs
	r.ValidateMillis, r.WriteMillis = s.Validate.Millis, s.Write.Millis
	r.PredictMillis, r.LongestMillis = s.Predict.Millis, s.Predict.Longest
	r.TotalMillis = time.Since(began).Milliseconds()
	r.PeakMemory = all.PeakMemory
	r.Cost = newCost(all, s)
}

// ErrorReceipt stands in a result's place when its job failed.
type ErrorReceipt struct {
	Status string `json:"status"` // StatusFailed
	ErrorBody
	Execution string `json:"execution,omitempty"`
}
