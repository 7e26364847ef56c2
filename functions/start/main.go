// Start turns an upload into an execution of the state machine.
package main

import (
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"brine/functions/internal/function"
)

func main() {
	s := &starter{
		client:  sfn.NewFromConfig(function.AWS("SFN")),
		machine: function.Must(function.Variable("STATE_MACHINE_ARN")),
		results: function.Must(function.Variable("RESULTS_BUCKET")),
	}
	function.Start(s.start)
}
