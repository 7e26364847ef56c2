// Validate is the state machine's first step: it checks a job's model and
// header, plans its shards and opens the upload of its result.
package main

import "brine/functions/internal/function"

func main() {
	function.Start(function.Must(function.Workflow()).Validate)
}
