// Package engines runs what is deployed on services that others wrote, so that
// no fault of this repository's own interpreter, S3 server or Lambda API is
// taken for the truth:
//
//   - ministack, by the real `cdk deploy` of the very template
//   - moto, whose Step Functions are another's again
//   - AWS's own Lambda Runtime Interface Emulator, for each function
//   - AWS's own linter of the states language, and asl-validator
//
// The functions are always the real binaries.
package engines

import (
	"os"
	"path/filepath"
	"testing"

	"brine/infra/local/localtest"
)

// What others wrote, where the Makefile installs it.
var (
	ministack = tool(".local/engines/bin/ministack")
	moto      = tool(".local/engines/bin/moto_server")
	emulator  = tool(".local/engines/bin/aws-lambda-rie")
	boto      = tool(".local/clients/bin/python")
	cdk       = tool("node_modules/.bin/cdk")
	validator = tool("node_modules/.bin/asl-validator")
)

func tool(path string) string {
	path, err := filepath.Abs(filepath.Join(localtest.Root, path))
	if err != nil {
		panic(err) // there is no working directory
	}
	return path
}

func TestMain(m *testing.M) {
	made := map[string]string{}
	for _, path := range []string{ministack, moto, emulator, boto, cdk, validator, localtest.Program("start.zip")} {
		made[path] = "make engines"
	}
	localtest.Made(made)
	os.Exit(m.Run())
}
