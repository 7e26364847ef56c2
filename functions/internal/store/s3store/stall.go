package s3store

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

const (
	// patience is for how long a request may go without a byte in either
	// direction. S3 answers in well under a second, so one that is silent has lost
	// its connection, which TCP alone would not notice for a quarter of an hour.
	patience = 30 * time.Second
	// joinPatience is the same while parts are joined, which can take minutes. S3
	// sends blanks meanwhile; others are silent.
	joinPatience = 5 * time.Minute
)

// stalled is the error of a request that was given up, for as long as it was
// silent.
type stalled time.Duration

func (s stalled) Error() string { return fmt.Sprintf("no byte came or went for %v", time.Duration(s)) }

// Timeout has the SDK try again.
func (stalled) Timeout() bool { return true }

// impatient gives up a request on which nothing moves: its user makes it anew.
// An answer whose reader takes its time is none of these: only the time within
// a Read counts.
type impatient struct{ s3.HTTPClient }

func (c impatient) Do(r *http.Request) (*http.Response, error) {
	limit := patience
	if r.Method == http.MethodPost && r.URL.Query().Has("uploadId") {
		limit = joinPatience
	}
	ctx, cancel := context.WithCancelCause(r.Context())
	timer := time.AfterFunc(limit, func() { cancel(stalled(limit)) })
	r = r.WithContext(ctx)
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &sending{r.Body, timer, limit}
	}
	answer, err := c.HTTPClient.Do(r)
	timer.Stop()
	if err != nil {
		cancel(nil)
		return answer, err
	}
	answer.Body = &receiving{answer.Body, timer, limit, cancel}
	return answer, nil
}

// sending is what a request sends. Each Read of it says that what was read
// before is on its way.
type sending struct {
	io.ReadCloser
	timer *time.Timer
	limit time.Duration
}

func (s *sending) Read(p []byte) (int, error) {
	if s.timer.Stop() { // else there is an answer already, or no more time
		s.timer.Reset(s.limit)
	}
	return s.ReadCloser.Read(p)
}

// receiving is the answer to a request.
type receiving struct {
	io.ReadCloser
	timer  *time.Timer
	limit  time.Duration
	cancel context.CancelCauseFunc
}

func (r *receiving) Read(p []byte) (int, error) {
	r.timer.Reset(r.limit)
	defer r.timer.Stop()
	return r.ReadCloser.Read(p)
}

func (r *receiving) Close() error {
	defer r.cancel(nil)
	return r.ReadCloser.Close()
}
