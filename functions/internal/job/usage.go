package job

// Usage is what runs of a function took that ended well, each up to the moment
// when it wrote that down.
type Usage struct {
	Runs    int   `json:"runs"`
	Millis  int64 `json:"ms"`
	Longest int64 `json:"longest_ms"` // of one run
	// PeakMemory is what the largest process had, in bytes.
	PeakMemory int64 `json:"peak_memory_bytes"`
	// GBSeconds are the functions' memory times their time.
	GBSeconds float64 `json:"gb_seconds"`
	// Reads and Writes are the requests to S3 in its two classes of price.
	Reads  int64 `json:"s3_reads"`
	Writes int64 `json:"s3_writes"`
}

// Add adds other runs.
func (u *Usage) Add(v Usage) {
	u.Runs += v.Runs
	u.Millis += v.Millis
	u.Longest = max(u.Longest, v.Longest)
	u.PeakMemory = max(u.PeakMemory, v.PeakMemory)
	u.GBSeconds += v.GBSeconds
	u.Reads += v.Reads
	u.Writes += v.Writes
}

// Spent is what a job has taken so far.
type Spent struct {
	Validate Usage `json:"validate"`
	Predict  Usage `json:"predict"`
	Write    Usage `json:"write"`
	// Requests is how often a function was called, and Transitions how often
	// the state machine entered a state.
	Requests    int `json:"requests"`
	Transitions int `json:"transitions"`
}
