package sklearn

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"brine/functions/internal/frame"
	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/store"
	"brine/functions/internal/table"
)

// benchFolder has a folder for each model: model.pkl and data.csv, which
// `make bench` makes.
const benchFolder = "../../../.local/bench/inference"

func benchModels(b *testing.B) []string {
	b.Helper()
	folders, err := filepath.Glob(filepath.Join(benchFolder, "*"))
	if err != nil || len(folders) == 0 {
		b.Skip("`make bench` makes the models")
	}
	return folders
}

// openBench opens a model as the pipeline does.
func openBench(b *testing.B, folder string) (m *Model) {
	b.Helper()
	obj, err := store.Files{}.Stat(b.Context(), job.URI{Key: filepath.Join(folder, "model.pkl")})
	if err != nil {
		b.Fatal(err)
	}
	err = store.Use(b.Context(), store.Files{}, obj, obj.Size, func(data []byte) error {
		file, err := pickle.Decode(data)
		if err != nil {
			return err
		}
		m, err = Open(file)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// BenchmarkPredict is inference alone: blocks as the pipeline's, parsed before.
func BenchmarkPredict(b *testing.B) {
	for _, folder := range benchModels(b) {
		b.Run(filepath.Base(folder), func(b *testing.B) {
			m := openBench(b, folder)
			blocks, rows := tableBlocks(b, m, filepath.Join(folder, "data.csv"))
			var mem frame.Arena
			b.ReportAllocs()
			for b.Loop() {
				for _, block := range blocks {
					mem.Reset()
					x := frame.New(block.Rows, &mem)
					x.Cols = block.Cols
					if _, err := m.Predict(x); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkOpen reads, decodes, checks and compiles a model.
func BenchmarkOpen(b *testing.B) {
	for _, folder := range benchModels(b) {
		b.Run(filepath.Base(folder), func(b *testing.B) {
			info, err := os.Stat(filepath.Join(folder, "model.pkl"))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(info.Size())
			b.ReportAllocs()
			for b.Loop() {
				openBench(b, folder)
			}
		})
	}
}

// tableBlocks reads a table in the blocks of 1 MiB in which the pipeline does.
func tableBlocks(b *testing.B, m *Model, path string) (blocks []*frame.Frame, rows int) {
	b.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	header, err := table.ReadHeader(data, true)
	if err != nil {
		b.Fatal(err)
	}
	features, err := m.Bind(nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	columns := make([]table.Column, len(features))
	for i, f := range features {
		columns[i] = table.Column(f)
	}
	layout, err := table.NewLayout(header, columns, "prediction", m.Outputs())
	if err != nil {
		b.Fatal(err)
	}
	s := table.NewSplitter(bytes.NewReader(data[header.Size:]), 1<<20)
	for {
		block, err := s.Next(nil)
		if errors.Is(err, io.EOF) {
			return blocks, rows
		}
		if err != nil {
			b.Fatal(err)
		}
		x, err := layout.Parse(block, nil, new(table.Rows))
		if err != nil {
			b.Fatal(err)
		}
		blocks = append(blocks, x)
		rows += x.Rows
	}
}
