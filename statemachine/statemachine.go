// Package statemachine holds the workflow of a job in the Amazon States
// Language: the very text that is deployed and that runs locally.
package statemachine

import _ "embed"

// Definition is prediction.asl.json. Whoever runs it puts the functions' ARNs
// in place of ${ValidateFunctionArn}, ${PredictFunctionArn} and
// ${WriteFunctionArn}.
//
//go:embed prediction.asl.json
var Definition string
