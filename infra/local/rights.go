package main

import (
	"encoding/json"

	"brine/infra/lambdas"
)

// policy lets the functions do in a bucket what their roles let them do on AWS.
// A function signs with its name.
func policy(name string, bucket lambdas.Bucket) string {
	type statement struct {
		Effect    string
		Principal map[string][]string
		Action    []string
		Resource  string
	}
	var statements []statement
	for _, right := range lambdas.Rights {
		if right.Bucket != bucket {
			continue
		}
		var names []string
		for _, f := range right.Functions {
			names = append(names, functionName(f))
		}
		resource := "arn:aws:s3:::" + name
		if right.Keys != "" {
			resource += "/" + right.Keys
		}
		statements = append(statements, statement{"Allow", map[string][]string{"AWS": names}, right.Actions, resource})
	}
	text, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements}) // strings can always be encoded
	return string(text)
}
