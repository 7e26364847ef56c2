package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"brine/infra/lambdas"
)

// stack is all that brine needs in an account.
type stack struct {
	awscdk.Stack
	settings
	buckets   map[lambdas.Bucket]awss3.Bucket
	functions map[lambdas.Function]awslambda.Function
}

func newStack(scope constructs.Construct, s settings) awscdk.Stack {
	st := &stack{Stack: awscdk.NewStack(scope, &s.stack, &awscdk.StackProps{
		Description: jsii.String("Predictions from scikit-learn models, without Python"),
	}), settings: s, buckets: map[lambdas.Bucket]awss3.Bucket{}, functions: map[lambdas.Function]awslambda.Function{}}
	st.addBuckets()
	st.addFunctions()
	machine := st.addStateMachine()
	st.addStart(machine)
	st.output("ModelsBucket", st.buckets[lambdas.Models].BucketName(), "Put a model here as <model>/model.pkl")
	st.output("DataBucket", st.buckets[lambdas.Data].BucketName(), "Drop a table here as <model>/any/name.csv")
	st.output("ResultsBucket", st.buckets[lambdas.Results].BucketName(), "The result comes back here under the same key")
	st.output("HandlerName", st.functions[lambdas.Handler].FunctionName(), "The function for direct invocation")
	st.output("StateMachineArn", machine.StateMachineArn(), "The state machine that runs a job")
	return st.Stack
}

func (s *stack) output(id string, value *string, description string) {
	awscdk.NewCfnOutput(s.Stack, &id, &awscdk.CfnOutputProps{Value: value, Description: &description})
}

func (s *stack) addBuckets() {
	s.buckets[lambdas.Models] = s.bucket("Models", s.models)
	s.buckets[lambdas.Data] = s.bucket("Data", s.data)
	s.buckets[lambdas.Results] = s.bucket("Results", s.results)
	// What an execution keeps while it runs is deleted by itself; this is for
	// one that was stopped by hand.
	s.buckets[lambdas.Results].AddLifecycleRule(&awss3.LifecycleRule{
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
