package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambdadestinations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/jsii-runtime-go"

	"brine/infra/lambdas"
	"brine/statemachine"
)

// addStateMachine makes the workflow from statemachine/prediction.asl.json.
func (s *stack) addStateMachine() awsstepfunctions.StateMachine {
	role := awsiam.NewRole(s.Stack, jsii.String("workflow-role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("states.amazonaws.com"), nil),
	})
	machine := awsstepfunctions.NewStateMachine(s.Stack, jsii.String("workflow"), &awsstepfunctions.StateMachineProps{
		StateMachineName: &s.prefix,
		Role:             role,
		DefinitionBody:   awsstepfunctions.DefinitionBody_FromString(jsii.String(statemachine.Definition)),
		DefinitionSubstitutions: &map[string]*string{
			"ValidateFunctionArn": s.functions[lambdas.Validate].FunctionArn(),
			"PredictFunctionArn":  s.functions[lambdas.Predict].FunctionArn(),
			"WriteFunctionArn":    s.functions[lambdas.Write].FunctionArn(),
		},
		Logs: &awsstepfunctions.LogOptions{
			Level: awsstepfunctions.LogLevel_ERROR,
			Destination: awslogs.NewLogGroup(s.Stack, jsii.String("workflow-logs"), &awslogs.LogGroupProps{
				LogGroupName:  jsii.String("/aws/vendedlogs/states/" + s.settings.stack),
				Retention:     awslogs.RetentionDays_ONE_MONTH,
				RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
			}),
		},
	})
	s.allowWorkflow(role)
	return machine
}

// allowWorkflow lets the state machine call its functions, read its manifests
// and run the children of its Distributed Map. CDK adds none of it for a
// definition that is given as text. The machine is named rather than
// referenced: its own ARN in its own role would be a cycle.
func (s *stack) allowWorkflow(role awsiam.Role) {
	arn := func(kind, rest string) *string {
		return s.FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("states"), Resource: &kind, ResourceName: jsii.String(s.prefix + rest),
			ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
		})
	}
	allow := func(resources []*string, actions ...string) awsiam.PolicyStatement {
		return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: jsii.Strings(actions...), Resources: &resources})
	}
	policy := awsiam.NewPolicy(s.Stack, jsii.String("workflow-policy"), &awsiam.PolicyProps{
		Statements: &[]awsiam.PolicyStatement{
			allow([]*string{s.functions[lambdas.Validate].FunctionArn(), s.functions[lambdas.Predict].FunctionArn(), s.functions[lambdas.Write].FunctionArn()}, "lambda:InvokeFunction"),
			allow([]*string{s.buckets[lambdas.Results].ArnForObjects(jsii.String(lambdas.Work))}, "s3:GetObject"),
			allow([]*string{arn("stateMachine", "")}, "states:StartExecution"),
			allow([]*string{arn("execution", ":*"), arn("execution", "/Shards:*")}, "states:DescribeExecution", "states:StopExecution"),
			allow([]*string{arn("execution", "/Shards:*")}, "states:RedriveExecution"),
		},
	})
	policy.AttachToRole(role)
}

// addStart makes the rule that turns an upload into an execution. A queue keeps
// the events that did not come to one: those that could not be delivered, and
// those at which the function failed to the last, which EventBridge does not see.
func (s *stack) addStart(machine awsstepfunctions.StateMachine) {
	start := s.functions[lambdas.Start]
	machine.GrantStartExecution(start)
	s.setEnvironment(lambdas.Start, "STATE_MACHINE_ARN", machine.StateMachineArn())
	s.setEnvironment(lambdas.Start, "RESULTS_BUCKET", s.buckets[lambdas.Results].BucketName())
	lost := awssqs.NewQueue(s.Stack, jsii.String("lost-events"), &awssqs.QueueProps{
		EnforceSSL:      jsii.Bool(true),
		Encryption:      awssqs.QueueEncryption_SQS_MANAGED,
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)),
	})
	start.ConfigureAsyncInvoke(&awslambda.EventInvokeConfigOptions{
		OnFailure: awslambdadestinations.NewSqsDestination(lost), RetryAttempts: jsii.Number(2), MaxEventAge: awscdk.Duration_Hours(jsii.Number(6)),
	})
	awsevents.NewRule(s.Stack, jsii.String("upload"), &awsevents.RuleProps{
		Description: jsii.String("A table in a model's folder of the data bucket starts a prediction"),
		EventPattern: &awsevents.EventPattern{
			Source:     jsii.Strings("aws.s3"),
			DetailType: jsii.Strings("Object Created"),
			Detail: &map[string]any{
				"bucket": map[string]any{"name": []any{s.buckets[lambdas.Data].BucketName()}},
				"object": map[string]any{"key": []any{map[string]any{"wildcard": "*/*"}}},
			},
		},
		Targets: &[]awsevents.IRuleTarget{awseventstargets.NewLambdaFunction(start, &awseventstargets.LambdaFunctionProps{
			DeadLetterQueue: lost, RetryAttempts: jsii.Number(185), MaxEventAge: awscdk.Duration_Hours(jsii.Number(24)),
		})},
	})
}
