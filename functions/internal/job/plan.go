package job

import "time"

// Object is one state of an object: what was read or written.
type Object struct {
	URI  URI    `json:"uri"`
	ETag string `json:"etag"`
	Size int64  `json:"size"`
}

// Upload is a result under way: nothing is seen of it until it is completed.
type Upload struct {
	URI URI    `json:"uri"`
	ID  string `json:"id"`
}

// Part is one piece of an Upload. Parts are joined in the order of their numbers.
type Part struct {
	Number int    `json:"number"`
	ETag   string `json:"etag"`
	Size   int64  `json:"size"`
	CRC32  string `json:"crc32,omitempty"` // as S3 gives it
}

// Plan is a job whose model and header have been checked. Model and data are
// pinned: another state of either fails the job.
type Plan struct {
	Request Request `json:"request"`
	Model   Object  `json:"model"`
	Data    Object  `json:"data"`
	Upload  Upload  `json:"upload"`
	// Rejects is the upload of the rejected rows, if the job rejects any.
	Rejects *Upload `json:"rejects,omitempty"`
	// ModelClass and ModelVersion are what the model says of itself.
	ModelClass   string `json:"model_class"`
	ModelVersion string `json:"sklearn_version"`
	// ModelSHA256 is of the file's bytes, in hexadecimal; "" if nobody asked.
	ModelSHA256 string `json:"model_sha256,omitempty"`
	// Features are the names of the columns that the model reads, in its order.
	Features []string `json:"features"`
	// Header is the table's first bytes up to its first data record.
	Header []byte `json:"header"`
	// Compressed tells that the table is gzip and must be read from its start.
	Compressed bool `json:"compressed,omitempty"`
	// Columns is how many the result has.
	Columns int `json:"columns"`
	// Began is when the job did, and Usage what its validation took.
	Began time.Time `json:"began"`
	Usage Usage     `json:"usage"`
	// PartsPerShard is how many part numbers each shard owns.
	PartsPerShard int `json:"parts_per_shard"`
	// Shards is kept apart from the rest, which every worker reads.
	Shards []Shard `json:"-"`
	// Table is the whole table, if planning had to read all of it; who planned
	// need not read it again.
	Table []byte `json:"-"`
}

// Shard is a range of the table's bytes. Its rows are the records that begin
// in [Start, End).
type Shard struct {
	Number int   `json:"shard"` // from 1
	Start  int64 `json:"start"`
	End    int64 `json:"end"`
	// Quoted says that Start is assumed to lie inside a quoted cell.
	Quoted bool `json:"quoted"`
}

// ShardReceipt says what a worker did with a Shard.
type ShardReceipt struct {
	Shard
	// Rows is how many have a prediction.
	Rows int64 `json:"rows"`
	// Rejected is what was left out, of a job that rejects.
	Rejected Rejected `json:"rejected,omitzero"`
	// OddQuotes tells that [Start, End) has an odd number of quotes, so that
	// its end lies inside a quoted cell just if its start does not.
	OddQuotes bool   `json:"odd_quotes"`
	Parts     []Part `json:"parts"`
	// Kinds has for each of the plan's Features what its cells are (table.Kinds).
	Kinds []byte `json:"kinds,omitempty"`
	// Error is why the rows could not be predicted, its Row counted within the
	// shard. It is no failure yet: if the shard's start was assumed wrongly, it
	// means nothing.
	Error *CellError `json:"error,omitempty"`
	Usage Usage      `json:"usage"`
}

// Rejected says what a worker left out of the result, and, for the rejects of
// the shards behind to be counted from the table's begin, what it read.
type Rejected struct {
	Rows int64 `json:"rows"`
	// First is why the first of them was rejected, its Row counted within the shard.
	First *CellError `json:"first,omitempty"`
	// Pieces is how many pieces of the spool hold the rejects.
	Pieces int `json:"pieces"`
	// Bytes and Lines are of the shard's records, those that were not rejected
	// and blank lines too.
	Bytes int64 `json:"bytes"`
	Lines int64 `json:"lines"`
}

// CellError is a ValidationError in a form that travels.
type CellError struct {
	Message string `json:"message"`
	Row     int64  `json:"row,omitempty"`
	Column  string `json:"column,omitempty"`
	Value   string `json:"value,omitempty"`
	Hint    string `json:"hint,omitempty"`
}

// NewCellError takes from an error what travels.
func NewCellError(e *Error) *CellError {
	c := &CellError{Message: e.Message, Row: e.Row, Column: e.Column, Value: e.Value, Hint: e.Hint}
	if e.Err != nil {
		c.Message += ": " + e.Err.Error()
	}
	return c
}

// Err returns the error with its row counted from the table's first one, given
// the number of rows before the shard.
func (c *CellError) Err(before int64) *Error {
	e := &Error{Type: ValidationError, Message: c.Message, Row: c.Row, Column: c.Column, Value: c.Value, Hint: c.Hint}
	if e.Row > 0 {
		e.Row += before
	}
	return e
}
