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
}

// ErrorBody is the body of a 400 or a 500.
type ErrorBody struct {
	Success bool   `json:"success"`
	Error   string `json:"error"`
	Type    Type   `json:"error_type"`
}

// Succeeded answers a finished job.
func Succeeded(r *Receipt) Response {
	return Response{200, SuccessBody{Success: true, Rows: r.Rows, OutputURI: r.Result.URI, Column: r.Column}}
}

// Failed answers a job that ended in err.
func Failed(err error) Response {
	return Response{Status(err), ErrorBody{Error: err.Error(), Type: TypeOf(err)}}
}
