package engines

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"brine/infra/local/lambda"
)

// proxy stands between the functions and a service, and has S3 refuse a part
// where a test wants it to.
type proxy struct {
	*httptest.Server
	service *httputil.ReverseProxy
	// functions serves the calls of Lambda, if the service itself can't.
	functions http.Handler

	mu     sync.Mutex
	faults map[string]*fault // by the result's bucket/key
	rounds map[string]int    // by the execution: how often Write had shards done again
}

// fault has S3 refuse a part of a result: the one that comes first.
type fault struct {
	status int // of S3's answer
	code   string
	times  int // how often; after that the part is taken

	part   string
	struck int
}

func newProxy(t *testing.T, port string) *proxy {
	t.Helper()
	to := &url.URL{Scheme: "http", Host: "127.0.0.1:" + port}
	p := &proxy{faults: map[string]*fault{}, rounds: map[string]int{}, service: &httputil.ReverseProxy{
		// The host stays what the caller has signed.
		Rewrite:  func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host },
		ErrorLog: log.New(io.Discard, "", 0),
	}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// inject has f strike the next job with that result.
func (p *proxy) inject(result string, f fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults[result] = &f
}

// seen tells how often a result's fault has struck, and how often its
// execution had shards done again.
func (p *proxy) seen(result, execution string) (struck, rounds int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults[result].struck, p.rounds[execution]
}

// manifest is of the shards that Write has done again.
var manifest = regexp.MustCompile(`/\.brine/([^/]+)/again-\d+\.json$`)

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.functions != nil && strings.HasPrefix(r.URL.Path, lambda.Route) {
		p.functions.ServeHTTP(w, r)
		return
	}
	if f := p.meets(r); f != nil {
		io.Copy(io.Discard, r.Body) // what is lost is the call, not the connection
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>injected</Message></Error>`, f.code)
		return
	}
	p.service.ServeHTTP(w, r)
}

// meets counts a call, and returns the fault that strikes it.
func (p *proxy) meets(r *http.Request) *fault {
	part := r.URL.Query().Get("partNumber")
	p.mu.Lock()
	defer p.mu.Unlock()
	if m := manifest.FindStringSubmatch(r.URL.Path); m != nil && r.Method == http.MethodPut {
		p.rounds[m[1]]++
	}
	f := p.faults[strings.TrimPrefix(r.URL.Path, "/")]
	if f == nil || r.Method != http.MethodPut || part == "" {
		return nil
	}
	if f.struck == 0 {
		f.part = part
	}
	if f.part != part || f.struck == f.times {
		return nil
	}
	f.struck++
	return f
}
