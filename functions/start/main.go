// Start turns an upload into an execution of the state machine.
package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"brine/functions/internal/function"
)

func main() {
	cfg := function.Must(config.LoadDefaultConfig(context.Background()))
	s := &starter{
		client:  sfn.NewFromConfig(cfg),
		machine: function.Must(function.Variable("STATE_MACHINE_ARN")),
		results: function.Must(function.Variable("RESULTS_BUCKET")),
	}
	function.Start(s.start)
}
