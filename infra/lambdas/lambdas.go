// Package lambdas is the functions as they are deployed: the facts that the CDK
// app and the local run share.
package lambdas

import "time"

// Prefix is what the functions' names begin with, and the state machine's
// name, unless an operator chooses another.
const Prefix = "ml-prediction"

// Function is one Lambda.
type Function struct {
	// Binary is the folder of the program below functions, and the name of its zip.
	Binary string
	// Name is what follows the prefix in the function's name.
	Name     string
	MemoryMB int
	Timeout  time.Duration
}

// The functions. 1,769 MB are one vCPU; 15 minutes are all that Lambda gives.
var (
	Start    = Function{"start", "start", 256, 30 * time.Second}
	Validate = Function{"validate", "validate", 1769, 15 * time.Minute}
	Predict  = Function{"predict", "predict", 1769, 15 * time.Minute}
	Write    = Function{"write", "write", 1769, 15 * time.Minute}
	Handler  = Function{"invoke", "handler", 1769, 15 * time.Minute}
)

// All is all of them.
var All = []Function{Start, Validate, Predict, Write, Handler}
