package main

import (
	"fmt"
	"strconv"

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
	shardBytes            string // shardBytes: the table's bytes for one worker; "" leaves it to the functions
	dist                  string // dist: the folder of the functions' zips
}

func settingsOf(scope constructs.Construct) settings {
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
	return settings{
		stack:      get("stack", "brine"),
		prefix:     get("prefix", lambdas.Prefix),
		models:     get("modelsBucket", ""),
		data:       get("dataBucket", ""),
		results:    get("resultsBucket", ""),
		shardBytes: get("shardBytes", ""),
		dist:       get("dist", "dist"),
	}
}
