package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"brine/functions/internal/job"
	"brine/functions/internal/pipeline"
	"brine/functions/internal/store"
)

func predictCommand() *cobra.Command {
	var output string
	r := job.Request{OnError: job.Fail, MaxErrorRate: job.MaxErrorRate}
	cmd := &cobra.Command{
		Use:   "predict MODEL.pkl DATA.csv -o OUT.csv",
		Short: "Copy a CSV with a column of predictions added",
		Long: `Copy a CSV with a column of the model's predictions added.

The input's columns come back byte for byte. The features are the columns that
the model was fitted with (its feature_names_in_); a model that was fitted
without names needs --features. A gzip CSV is read as it is; the result is
compressed if its name ends in .gz.

OUT.csv is put in its place whole, or not at all. If it is a symbolic link, the
file that it leads to is written. Model and data are never overwritten.

A row that cannot be predicted ends it and is named. With --on-error reject such
rows are left out, and OUT.csv.rejects.csv says which they are, where and why.`,
		Example: `  brine predict model.pkl houses.csv -o priced.csv
  brine predict model.pkl houses.csv -o priced.csv --column price
  brine predict model.pkl data.csv -o out.csv --features x1,x2,x3
  brine predict model.pkl data.csv -o out.csv --on-error reject --max-error-rate 0.05`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			r.Model, r.Data, r.Output = job.URI{Key: args[0]}, job.URI{Key: args[1]}, job.URI{Key: output}
			if cmd.Flags().Changed("features") {
				if err := job.CheckFeatures("--features", r.Features); err != nil {
					return err
				}
			}
			return predict(cmd.Context(), r, cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "the CSV to write")
	cmd.Flags().StringVar(&r.Column, "column", "prediction", "the new column's `name`")
	cmd.Flags().StringSliceVar(&r.Features, "features", nil, "the feature columns, in the model's order (default: the model's own names)")
	cmd.Flags().StringVar(&r.OnError, "on-error", r.OnError, `what to do with a row that cannot be predicted: "fail" or "reject" it`)
	cmd.Flags().Float64Var(&r.MaxErrorRate, "max-error-rate", r.MaxErrorRate, "the share of rows that may be rejected, from 0 to 1")
	cmd.MarkFlagRequired("output")
	return cmd
}

func predict(ctx context.Context, r job.Request, stderr io.Writer) error {
	if err := distinct(r); err != nil {
		return err
	}
	if err := r.Check(); err != nil {
		return err
	}
	// What the functions log is not for a terminal.
	slog.SetDefault(slog.New(slog.DiscardHandler))
	bar := newProgress(stderr)
	p := &pipeline.Pipeline{Store: store.Files{}, Progress: bar.show}
	receipt, err := p.Run(ctx, r)
	bar.clear()
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "%d predictions by %s in %s\n", receipt.Rows, receipt.Model.Class, receipt.Result.URI)
	if rejected := receipt.Rejected; rejected.Rows > 0 {
		fmt.Fprintf(stderr, "%d of %d rows were rejected: %s\n", rejected.Rows, receipt.Data.Rows, rejected.URI)
	}
	return nil
}

// distinct refuses to write a file that the job reads, or one file twice, by
// whatever names they go.
func distinct(r job.Request) error {
	type file struct {
		what string
		uri  job.URI
	}
	taken := []file{{"model", r.Model}, {"data", r.Data}}
	written := []file{{"result", r.Output}}
	if r.Rejects() {
		written = append(written, file{"rejects", r.RejectsURI()})
	}
	for _, out := range written {
		for _, other := range taken {
			if (store.Files{}).Same(out.uri, other.uri) {
				return job.Invalid("the %s %s would overwrite the %s %s: they are the same file", out.what, out.uri, other.what, other.uri).
					WithHint("Name another file for the result")
			}
		}
		taken = append(taken, out)
	}
	return nil
}
