package lambda

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"sync/atomic"
)

// tailSize is how much of an invocation's log goes into its Response, in bytes.
const tailSize = 4096

// logStream carries what a child writes into its function's log. The
// platform's own lines go through the same pipe, so that they stand in their
// place, and so that all that the child wrote before one has been read when
// that one is.
type logStream struct {
	w      *os.File
	start  atomic.Pointer[string] // the line that an invocation begins with
	end    atomic.Pointer[string] // the line that it ends with
	tail   chan []byte            // what stands between the two; holds one
	copied chan struct{}          // closed when all is copied
}

func newLogStream(to *os.File) (*logStream, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	l := &logStream{w: w, tail: make(chan []byte, 1), copied: make(chan struct{})}
	l.start.Store(new(string))
	l.end.Store(new(string))
	go l.copy(r, to)
	return l, nil
}

func (l *logStream) copy(r, to *os.File) {
	defer close(l.copied)
	defer r.Close()
	lines := bufio.NewReader(r)
	var tail []byte
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			to.Write(line)
			return
		}
		to.Write(line)
		// The child may have left a line of its own open before these.
		if ends(line, *l.start.Load()) {
			tail = nil
		}
		tail = append(tail, line...)
		tail = tail[max(0, len(tail)-tailSize):]
		if ends(line, *l.end.Load()) {
			select {
			case l.tail <- bytes.Clone(tail):
			default:
			}
		}
	}
}

func ends(line []byte, with string) bool {
	return with != "" && bytes.HasSuffix(line, []byte(with+"\n"))
}

func (l *logStream) printf(format string, args ...any) {
	fmt.Fprintf(l.w, format+"\n", args...)
}

// begin writes the line that an invocation begins with.
func (l *logStream) begin(line string) {
	l.start.Store(&line)
	l.printf("%s", line)
}

// report writes the line that an invocation ends with and returns its log.
func (l *logStream) report(line string) []byte {
	l.end.Store(&line)
	l.printf("%s", line)
	select {
	case tail := <-l.tail:
		return tail
	case <-l.copied:
		return nil
	}
}

func (l *logStream) close() { l.w.Close() }
