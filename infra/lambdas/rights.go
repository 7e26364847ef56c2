package lambdas

// Bucket is one of the deployment's buckets.
type Bucket int

// The buckets.
const (
	Models Bucket = iota
	Data
	Results
)

// Right lets functions do something to the keys of a bucket, or to the bucket
// itself where Keys is "".
type Right struct {
	Functions []Function
	Bucket    Bucket
	Keys      string // with * for any text
	Actions   []string
}

// Keys of the results bucket.
const (
	// Work is what executions keep their plans in.
	Work = ".brine/*"
	// rejects are the tables of rejected rows: those of an earlier job go once
	// there are none.
	rejects = "*.rejects.csv"
)

// steps read models and tables: Write too, to see whether they are still those
// of the plan. They write to the results: a worker that comes late takes back
// what it left.
var steps = []Function{Validate, Predict, Write, Handler}

// Rights are all that the functions may do to the buckets. The local run holds
// them to these as well.
var Rights = []Right{
	{steps, Models, "*", []string{"s3:GetObject"}},
	{steps, Data, "*", []string{"s3:GetObject"}},
	// Without the right to list a bucket, S3 answers 403 for a key that is not there.
	{steps, Models, "", []string{"s3:ListBucket"}},
	{steps, Data, "", []string{"s3:ListBucket"}},
	{steps, Results, "", []string{"s3:ListBucket"}},
	{steps, Results, "*", []string{"s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"}},
	{[]Function{Write, Handler}, Results, "*", []string{"s3:GetObject"}},
	{[]Function{Validate, Predict}, Results, Work, []string{"s3:GetObject"}},
	{[]Function{Predict, Write}, Results, Work, []string{"s3:DeleteObject"}},
	{[]Function{Write, Handler}, Results, rejects, []string{"s3:DeleteObject"}},
}
