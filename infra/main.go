// Infra is the CDK app: `cdk deploy` runs it by cdk.json.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	newStack(app, settingsOf(app))
	app.Synth(nil)
}
