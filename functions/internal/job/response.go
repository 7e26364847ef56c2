package job

// Response is the documented answer of a direct invocation. The body is an
// object, not a string.
type Response struct {
	StatusCode int `json:"statusCode"`
	Body       any `json:"body"` // a SuccessBody or an ErrorBody
}

// SuccessBody is the body of a 200.
type SuccessBody struct {
	Success   bool   `json:"success"`
	Rows      int64  `json:"predictions_generated"`
	OutputURI URI    `json:"output_s3_uri"`
	Column    string `json:"prediction_column_name"`
	// Rejected is how many rows were left out, and RejectsURI where they are.
	Rejected   int64 `json:"rows_rejected,omitempty"`
	RejectsURI *URI  `json:"rejects_s3_uri,omitempty"`
}

// ErrorBody is the body of a 400 or a 500.
type ErrorBody struct {
	Success bool   `json:"success"`
	Error   string `json:"error"`
	Type    Type   `json:"error_type"`
}

// NewErrorBody tells an error in a text that logs, states and Lambda's answers have
// room for: foreign files have a part in many.
func NewErrorBody(err error) ErrorBody {
	const most = 4 << 10
	return ErrorBody{Error: Short(err.Error(), most), Type: TypeOf(err)}
}

// Succeeded answers a finished job.
func Succeeded(r *Receipt) Response {
	body := SuccessBody{Success: true, Rows: r.Rows, OutputURI: r.Result.URI, Column: r.Column}
	if r.Rejected.Object != nil {
		body.Rejected, body.RejectsURI = r.Rejected.Rows, &r.Rejected.URI
	}
	return Response{200, body}
}

// Failed answers a job that ended in err.
func Failed(err error) Response {
	return Response{Status(err), NewErrorBody(err)}
}
