// Scale measures how the pipeline grows, on the built programs: one table of
// some gigabytes, predicted in ever more shards. It prints a Markdown table with
// the throughput and the peak memory of a worker, and fails if a result differs
// from that of one shard. It reads /proc, so it needs Linux.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const sample = "testdata/sample"

func main() {
	size := flag.Int64("size", 2<<30, "the `bytes` of the table")
	dir := flag.String("dir", ".local/scale", "the `folder` for its data, some three times its size; it is removed in the end")
	flag.Parse()
	if err := run(*size, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func run(size int64, dir string) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	table := filepath.Join(dir, "table.csv")
	if size, err = makeTable(table, size); err != nil {
		return err
	}
	fmt.Printf("A table of %d MB, %s, %d processors, %s\n\n", size>>20, processor(), runtime.NumCPU(), time.Now().Format("2006-01-02"))
	fmt.Println("| shards | MB a shard | seconds | MB/s a worker | CPU seconds a GB | peak MB of a worker |")
	fmt.Println("|---|---|---|---|---|---|")
	var want []byte
	for _, shards := range []int64{1, 8, 25, 75, 200} {
		j := &job{dir: filepath.Join(dir, "local"), table: table, shardBytes: (size + shards - 1) / shards}
		m, err := j.measure(context.Background())
		if err != nil {
			return fmt.Errorf("%d shards: %w", shards, err)
		}
		if want == nil {
			want = m.sum
		}
		if !bytes.Equal(m.sum, want) {
			return fmt.Errorf("%d shards: the result is not that of one shard", shards)
		}
		fmt.Printf("| %d | %d | %.1f | %.1f | %.1f | %d |\n", shards, j.shardBytes>>20, m.wall.Seconds(),
			float64(size)/1e6/m.wall.Seconds()/float64(min(int(shards), m.workers)), m.cpu.Seconds()/float64(size)*1e9, m.peak>>20)
	}
	fmt.Println("\nAll results are the same, byte for byte.")
	return nil
}

// makeTable writes the sample's rows over and over, and returns the size.
func makeTable(path string, size int64) (int64, error) {
	text, err := os.ReadFile(filepath.Join(sample, "house-prices.csv"))
	if err != nil {
		return 0, err
	}
	header, rows, _ := bytes.Cut(text, []byte("\n"))
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	written, err := f.Write(append(header, '\n'))
	for block := bytes.Repeat(rows, 100); err == nil && int64(written) < size; {
		var n int
		n, err = f.Write(block)
		written += n
	}
	return int64(written), errors.Join(err, f.Close())
}

// hash is of a file's bytes.
func hash(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return h.Sum(nil), err
}

// processor is its name, as the kernel has it.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	_, after, found := strings.Cut(string(text), "model name\t: ")
	if !found {
		return runtime.GOARCH
	}
	name, _, _ := strings.Cut(after, "\n")
	return name
}
