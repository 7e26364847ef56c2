// Write is the state machine's last step: it completes the result and writes
// its receipt; or it undoes an execution that failed.
package main

import "brine/functions/internal/function"

func main() {
	function.Start(function.Must(function.Workflow()).Write)
}
