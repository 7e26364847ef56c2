package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"brine/functions/internal/job"
	"brine/functions/internal/pickle"
	"brine/functions/internal/sklearn"
	"brine/functions/internal/store"
)

func inspectCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "inspect MODEL.pkl",
		Short: "Show what a model file holds, running none of it",
		Long: `Show what a model file holds: the tree of its estimators with their parameters,
its features, the versions that wrote it, whether it can be predicted here and
how its trees are evaluated, and every name that a real unpickler would have
resolved. Nothing of it is run.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			model, err := store.Files{}.Stat(cmd.Context(), job.URI{Key: args[0]})
			if err != nil {
				return err
			}
			return store.Use(cmd.Context(), store.Files{}, model, model.Size, func(data []byte) error {
				return inspect(data, asJSON, cmd.OutOrStdout())
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// inspection is what `brine inspect --json` prints.
type inspection struct {
	Protocol    int             `json:"protocol"`
	Compression string          `json:"compression,omitempty"`
	Model       *sklearn.Node   `json:"model,omitempty"`
	Globals     []pickle.Global `json:"globals"`
	Error       string          `json:"error,omitempty"`
}

func inspect(data []byte, asJSON bool, w io.Writer) error {
	file, err := pickle.Decode(data)
	if file == nil {
		return err
	}
	in := inspection{Protocol: file.Protocol, Compression: file.Compression, Globals: file.Globals}
	if err == nil {
		in.Model = sklearn.Describe(file)
	} else {
		in.Error = err.Error()
	}
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(in)
	}
	return in.write(w)
}

func (in inspection) write(w io.Writer) error {
	storage := fmt.Sprintf("pickle protocol %d", in.Protocol)
	if in.Compression != "" {
		storage += ", " + in.Compression
	}
	fmt.Fprintln(w, storage)
	if in.Model != nil {
		if err := in.Model.WriteText(w); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(w, "refused:", in.Error)
	}
	fmt.Fprintf(w, "\nA real unpickler would have resolved %d names (nothing was run):\n", len(in.Globals))
	for _, g := range in.Globals {
		fmt.Fprintln(w, " ", g)
	}
	return nil
}
