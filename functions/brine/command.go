package main

import (
	"github.com/spf13/cobra"

	"brine/functions/internal/pipeline"
)

func command() *cobra.Command {
	root := &cobra.Command{
		Use:           "brine",
		Short:         "Predictions from a scikit-learn model.pkl, without Python",
		Version:       pipeline.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(predictCommand(), inspectCommand())
	return root
}
