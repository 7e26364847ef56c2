// Invoke is the direct handler: the documented payload, the whole job in one
// call.
package main

import "brine/functions/internal/function"

func main() {
	function.StartDirect(function.Direct().Run)
}
