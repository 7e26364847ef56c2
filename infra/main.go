// Infra is the CDK app: `cdk deploy` runs it by cdk.json.
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	settings, err := settingsOf(app)
	if err != nil {
		fmt.Fprintln(os.Stderr, "brine:", err)
		os.Exit(1)
	}
	newStack(app, settings)
	app.Synth(nil)
}
