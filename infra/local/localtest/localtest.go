// Package localtest is what the tests of the built programs share: where those
// are, and children that serve until a test ends.
package localtest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Root is the repository's folder, seen from a package's in infra/local.
const Root = "../../.."

// Fixture names a file in testdata.
func Fixture(name string) string { return filepath.Join(Root, "testdata", name) }

// Program names a file that `make build` has made, by its absolute path.
func Program(name string) string {
	path, err := filepath.Abs(filepath.Join(Root, "dist/host", name))
	if err != nil {
		panic(err) // there is no working directory
	}
	return path
}

// Made ends the tests if something is not there yet that they run; made maps
// it to the command that makes it.
func Made(made map[string]string) {
	for path, by := range made {
		if _, err := os.Stat(path); err != nil {
			fmt.Fprintf(os.Stderr, "%v: run `%s` first\n", err, by)
			os.Exit(1)
		}
	}
}

// Read returns a file's content.
func Read(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// FreePort returns a port of 127.0.0.1 that nothing listens on.
func FreePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// Patience is how long anything may take before a test gives up.
const Patience = time.Minute

// Until polls for what is to become true.
func Until(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(Patience); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// Serve starts a child, returns once it says ready, and tells it to end with
// the test. What it said is logged if the test has failed.
func Serve(t testing.TB, child *exec.Cmd, ready string) {
	t.Helper()
	name := filepath.Base(child.Path)
	said := &transcript{ready: ready, serving: make(chan struct{}), ended: make(chan struct{})}
	out, in := io.Pipe()
	child.Stdout, child.Stderr = in, in
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	go said.follow(out)
	gone := make(chan error, 1)
	go func() {
		err := child.Wait()
		in.Close()
		gone <- err
	}()
	t.Cleanup(func() {
		if err := child.Process.Signal(syscall.SIGTERM); err != nil {
			t.Errorf("%s has ended before: %v", name, err)
		}
		if err := <-gone; err != nil {
			t.Errorf("%s ended with %v", name, err)
		}
		<-said.ended
		if t.Failed() {
			t.Logf("%s said:\n%s", name, said)
		}
	})
	select {
	case <-said.serving:
	case <-said.ended:
		t.Fatalf("%s has ended", name)
	case <-time.After(Patience):
		t.Fatalf("%s does not say %q", name, ready)
	}
}

// transcript is what a child says. It tells when it serves.
type transcript struct {
	ready          string
	serving, ended chan struct{}

	mu   sync.Mutex
	text strings.Builder
}

func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func (s *transcript) follow(out io.Reader) {
	defer close(s.ended)
	told := false
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		s.mu.Lock()
		s.text.WriteString(line)
		s.mu.Unlock()
		if !told && strings.Contains(line, s.ready) {
			told = true
			close(s.serving)
		}
		if err != nil {
			return
		}
	}
}
