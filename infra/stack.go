package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// stack is all that brine needs in an account.
type stack struct {
	awscdk.Stack
	settings
	buckets
	functions
}

// buckets are where models and tables are put and results are found.
type buckets struct{ models, data, results awss3.Bucket }

func newStack(scope constructs.Construct, s settings) awscdk.Stack {
	st := &stack{Stack: awscdk.NewStack(scope, &s.stack, &awscdk.StackProps{
		Description: jsii.String("Predictions from scikit-learn models, without Python"),
	}), settings: s}
	st.addBuckets()
	st.addFunctions()
	machine := st.addStateMachine()
	st.addStart(machine)
	st.output("ModelsBucket", st.buckets.models.BucketName(), "Put a model here as <model>/model.pkl")
	st.output("DataBucket", st.buckets.data.BucketName(), "Drop a table here as <model>/any/name.csv")
	st.output("ResultsBucket", st.buckets.results.BucketName(), "The result comes back here under the same key")
	st.output("HandlerName", st.handler.FunctionName(), "The function for direct invocation")
	st.output("StateMachineArn", machine.StateMachineArn(), "The state machine that runs a job")
	return st.Stack
}

func (s *stack) output(id string, value *string, description string) {
	awscdk.NewCfnOutput(s.Stack, &id, &awscdk.CfnOutputProps{Value: value, Description: &description})
}

func (s *stack) addBuckets() {
	s.buckets = buckets{
		models:  s.bucket("Models", s.settings.models),
		data:    s.bucket("Data", s.settings.data),
		results: s.bucket("Results", s.settings.results),
	}
	// What an execution keeps while it runs is deleted by itself; this is for
	// one that was stopped by hand.
	s.buckets.results.AddLifecycleRule(&awss3.LifecycleRule{
		Id: jsii.String("work"), Prefix: jsii.String(".brine/"), Expiration: awscdk.Duration_Days(jsii.Number(7)),
	})
}

// bucket is private, encrypted, kept when the stack goes, and tells EventBridge
// of its objects.
func (s *stack) bucket(id, name string) awss3.Bucket {
	var physical *string
	if name != "" {
		physical = &name
	}
	b := awss3.NewBucket(s.Stack, &id, &awss3.BucketProps{
		BucketName:        physical,
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		Encryption:        awss3.BucketEncryption_S3_MANAGED,
		EnforceSSL:        jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_RETAIN,
		LifecycleRules: &[]*awss3.LifecycleRule{{
			Id: jsii.String("uploads"), AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(1)),
		}},
	})
	// The L2 switch for EventBridge would add a function of CDK's own.
	b.Node().DefaultChild().(awss3.CfnBucket).AddPropertyOverride(
		jsii.String("NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled"), true)
	return b
}
