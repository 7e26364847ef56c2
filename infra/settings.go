package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"

	"brine/infra/lambdas"
)

// settings are what an operator may choose, as context in cdk.json or by
// `cdk deploy -c key=value`.
type settings struct {
	stack string // stack: the stack's name
	// prefix: the state machine's name, and what the functions' names begin
	// with: <prefix>-handler and so on.
	prefix string
	// modelsBucket, dataBucket, resultsBucket: names; "" lets CloudFormation choose.
	models, data, results string
	shardBytes            string                 // shardBytes: the table's bytes for one worker; "" leaves it to the functions
	memory                int                    // memory: MB of each function that reads a model; 0 leaves it at its own
	dist                  string                 // dist: the folder of the functions' zips
	arch                  awslambda.Architecture // arch: what the zips are for, arm64 or amd64
}

func settingsOf(scope constructs.Construct) (settings, error) {
	get := func(key, otherwise string) string {
		switch v := scope.Node().TryGetContext(&key).(type) {
		case nil:
			return otherwise
		case float64:
			return strconv.FormatFloat(v, 'f', -1, 64)
		default:
			return fmt.Sprint(v)
		}
	}
	s := settings{
		stack:      get("stack", "brine"),
		prefix:     get("prefix", lambdas.Prefix),
		models:     get("modelsBucket", ""),
		data:       get("dataBucket", ""),
		results:    get("resultsBucket", ""),
		shardBytes: get("shardBytes", ""),
		dist:       get("dist", "dist"),
	}
	if n, err := strconv.ParseInt(s.shardBytes, 10, 64); s.shardBytes != "" && (err != nil || n <= 0) {
		return s, fmt.Errorf("shardBytes must be a number of bytes, such as 67108864, found %q", s.shardBytes)
	}
	memory := get("memory", "0")
	s.memory, _ = strconv.Atoi(memory)
	if memory != "0" && (s.memory < 128 || s.memory > 10_240) {
		return s, fmt.Errorf("memory must be a number of MB from 128 to 10240, found %q", memory)
	}
	switch arch := get("arch", "arm64"); arch {
	case "arm64":
		s.arch = awslambda.Architecture_ARM_64()
	case "amd64":
		s.arch = awslambda.Architecture_X86_64()
	default:
		return s, fmt.Errorf("arch must be arm64 or amd64, found %q", arch)
	}
	return s, s.checkZips()
}

// checkZips looks whether the functions are packaged.
func (s *settings) checkZips() error {
	for _, f := range lambdas.All {
		zip := filepath.Join(s.dist, f.Binary+".zip")
		if _, err := os.Stat(zip); err != nil {
			return fmt.Errorf("there is no %s: run make package", zip)
		}
	}
	return nil
}
