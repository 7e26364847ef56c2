package faults

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// fault does what is to be done with one call; false lets it pass unharmed.
type fault func(c *call) bool

// proxy stands between the functions and S3.
type proxy struct {
	address   string
	transport *http.Transport
	reverse   *httputil.ReverseProxy
	s3        atomic.Pointer[string] // host:port
	fault     atomic.Pointer[fault]
}

func newProxy(t *testing.T) *proxy {
	t.Helper()
	// Kept connections may be ones that never had a call; at its end, brine-local
	// would wait for theirs.
	p := &proxy{transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	p.reverse = &httputil.ReverseProxy{
		// The host stays what the caller has signed.
		Rewrite:      func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = "http", *p.s3.Load() },
		Transport:    p.transport,
		ErrorLog:     log.New(io.Discard, "", 0),
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	p.inject(func(*call) bool { return false })
	server := httptest.NewUnstartedServer(p)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	t.Cleanup(server.CloseClientConnections)
	p.address = server.URL
	return p
}

// inject has f look at every call from now on.
func (p *proxy) inject(f fault) { p.fault.Store(&f) }

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := newCall(p, w, r)
	if !(*p.fault.Load())(c) {
		c.forward()
	}
}

// call is one request of a function to S3.
type call struct {
	op       string // as S3 names it
	object   string // bucket/key
	part     int
	function string
	pid      int // of the function's process

	proxy *proxy
	w     http.ResponseWriter
	r     *http.Request
}

// caller is how a function's bootstrap here has it sign its calls.
var caller = regexp.MustCompile(`app/(\w+)-(\d+)`)

func newCall(p *proxy, w http.ResponseWriter, r *http.Request) *call {
	c := &call{proxy: p, w: w, r: r, object: strings.TrimPrefix(r.URL.Path, "/")}
	m := caller.FindStringSubmatch(r.UserAgent())
	if m == nil {
		panic("a call of " + r.UserAgent()) // to end process 0 would be to end this one
	}
	c.function = m[1]
	c.pid, _ = strconv.Atoi(m[2]) // digits
	query := r.URL.Query()
	c.part, _ = strconv.Atoi(query.Get("partNumber")) // 0 if there is none
	switch {
	case query.Has("uploads"):
		c.op = "CreateMultipartUpload"
	case query.Has("uploadId"):
		c.op = map[string]string{"PUT": "UploadPart", "GET": "ListParts", "POST": "CompleteMultipartUpload", "DELETE": "AbortMultipartUpload"}[r.Method]
	case query.Has("delete"):
		c.op = "DeleteObjects"
	case query.Has("list-type"):
		c.op = "ListObjects"
	default:
		c.op = map[string]string{"PUT": "PutObject", "GET": "GetObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}[r.Method]
	}
	return c
}

func (c *call) String() string {
	return fmt.Sprintf("%s %s of %s, part %d, range %q", c.function, c.op, c.object, c.part, c.r.Header.Get("Range"))
}

// forward lets the call through.
func (c *call) forward() { c.proxy.reverse.ServeHTTP(c.w, c.r) }

// perform lets the call through and keeps its answer.
func (c *call) perform() *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	c.proxy.reverse.ServeHTTP(answer, c.r)
	return answer
}

// answer passes on what perform has kept.
func (c *call) answer(kept *httptest.ResponseRecorder) {
	maps.Copy(c.w.Header(), kept.Header())
	c.w.WriteHeader(kept.Code)
	c.w.Write(kept.Body.Bytes())
}

// fail answers with an error of S3's.
func (c *call) fail(status int, code string) {
	io.Copy(io.Discard, c.r.Body) // what is lost is the call, not the connection
	c.w.Header().Set("Content-Type", "application/xml")
	c.w.WriteHeader(status)
	fmt.Fprintf(c.w, `<?xml version="1.0"?><Error><Code>%s</Code><Message>injected</Message></Error>`, code)
}

// reset ends the connection before the call has any effect.
func (c *call) reset() {
	conn, _, err := c.w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

// loseAnswer lets the call take effect and ends the connection then.
func (c *call) loseAnswer() {
	c.perform()
	panic(http.ErrAbortHandler)
}

// shorten answers with the first half of the body; one without a body passes.
func (c *call) shorten() {
	answer := c.perform()
	maps.Copy(c.w.Header(), answer.Header())
	whole := answer.Body.Bytes()
	if len(whole) > 0 {
		c.w.Header().Set("Content-Length", strconv.Itoa(len(whole)))
	}
	c.w.WriteHeader(answer.Code)
	if len(whole) > 0 {
		c.w.Write(whole[:len(whole)/2])
		http.NewResponseController(c.w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// kill ends the calling function as the kernel does when memory is short. The
// call is over with it.
func (c *call) kill() {
	if err := syscall.Kill(c.pid, syscall.SIGKILL); err != nil {
		panic(err)
	}
	panic(http.ErrAbortHandler)
}

// killInMid forwards half of the body, then ends the caller.
func (c *call) killInMid() {
	c.r.Body = &broken{c.r.Body, c.r.ContentLength / 2, func() { syscall.Kill(c.pid, syscall.SIGKILL) }}
	c.perform()
	panic(http.ErrAbortHandler)
}

// broken is a body that ends early.
type broken struct {
	io.ReadCloser
	left int64
	end  func()
}

func (b *broken) Read(p []byte) (int, error) {
	if b.left == 0 {
		b.end()
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// hold takes the call out of its caller's hands, as the network does with what
// is under way when the caller dies. The function that it returns delivers it
// and returns the answer's status.
func (c *call) hold() (deliver func() int) {
	body, err := io.ReadAll(c.r.Body)
	if err != nil {
		panic(err)
	}
	late := c.r.Clone(context.Background())
	late.RequestURI, late.URL.Scheme = "", "http"
	return func() int {
		late.URL.Host = *c.proxy.s3.Load()
		// S3 may refuse a call and hang up before it has read all of it: then
		// the answer is lost now and then.
		for try := 0; ; try++ {
			late.Body = io.NopCloser(bytes.NewReader(body))
			answer, err := c.proxy.transport.RoundTrip(late)
			if err == nil {
				answer.Body.Close()
				return answer.StatusCode
			}
			if try == 50 {
				panic(err)
			}
		}
	}
}

// uploadID reads the answer of CreateMultipartUpload.
func uploadID(answer []byte) string {
	var result struct{ UploadId string }
	if err := xml.Unmarshal(answer, &result); err != nil {
		panic(err)
	}
	return result.UploadId
}

// once makes a fault of one that is to strike only the first call that fits.
func once(fits func(*call) bool, strike func(*call)) fault {
	var mu sync.Mutex
	struck := false
	return func(c *call) bool {
		if !fits(c) {
			return false
		}
		mu.Lock()
		first := !struck
		struck = true
		mu.Unlock()
		if first {
			strike(c)
		}
		return first
	}
}

// each strikes with the first fault that wants the call.
func each(faults ...fault) fault {
	return func(c *call) bool {
		for _, f := range faults {
			if f(c) {
				return true
			}
		}
		return false
	}
}
