package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
)

// progress is a line that is drawn over itself on a terminal; elsewhere it is
// nothing. It appears only for work that takes longer than a moment.
type progress struct {
	w     io.Writer
	start time.Time
	drawn time.Time
	width int
}

const (
	moment  = 500 * time.Millisecond
	redrawn = 100 * time.Millisecond
)

func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) {
		w = nil
	}
	return &progress{w: w, start: time.Now()}
}

func (p *progress) show(done, total int64) {
	now := time.Now()
	if p.w == nil || now.Sub(p.start) < moment || now.Sub(p.drawn) < redrawn {
		return
	}
	p.drawn = now
	elapsed := now.Sub(p.start).Seconds()
	line := fmt.Sprintf("%3d %%  %d of %d MB  %.0f MB/s  %.0f s left",
		100*done/max(total, 1), done>>20, total>>20, float64(done)/1e6/elapsed,
		elapsed*float64(total-done)/float64(max(done, 1)))
	p.draw(line)
}

func (p *progress) clear() {
	if p.width > 0 {
		p.draw("")
		fmt.Fprint(p.w, "\r")
	}
}

func (p *progress) draw(line string) {
	fmt.Fprint(p.w, "\r", line, strings.Repeat(" ", max(0, p.width-len(line))))
	p.width = len(line)
}
