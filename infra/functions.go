package main

import (
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"brine/infra/lambdas"
)

func (s *stack) addFunctions() {
	for _, f := range lambdas.All {
		s.functions[f] = s.function(f)
	}
	for _, right := range lambdas.Rights {
		for _, f := range right.Functions {
			s.allow(f, right)
		}
	}
	for _, f := range []lambdas.Function{lambdas.Validate, lambdas.Predict, lambdas.Write} {
		s.setEnvironment(f, "MODELS_BUCKET", s.buckets[lambdas.Models].BucketName())
		s.setEnvironment(f, "RESULTS_BUCKET", s.buckets[lambdas.Results].BucketName())
		if s.shardBytes != "" {
			s.setEnvironment(f, "SHARD_BYTES", &s.shardBytes)
		}
	}
}

func (s *stack) setEnvironment(f lambdas.Function, name string, value *string) {
	s.functions[f].AddEnvironment(&name, value, nil)
}

// function makes one Lambda of dist/<binary>.zip with a log group of its own.
func (s *stack) function(f lambdas.Function) awslambda.Function {
	name := s.prefix + "-" + f.Name
	logs := awslogs.NewLogGroup(s.Stack, jsii.String(f.Binary+"-logs"), &awslogs.LogGroupProps{
		LogGroupName:  jsii.String("/aws/lambda/" + name),
		Retention:     awslogs.RetentionDays_ONE_MONTH,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	role := awsiam.NewRole(s.Stack, jsii.String(f.Binary+"-role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
	})
	logs.GrantWrite(role)
	return awslambda.NewFunction(s.Stack, &f.Binary, &awslambda.FunctionProps{
		FunctionName: &name,
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: s.arch,
		Handler:      jsii.String("bootstrap"),
		Code:         awslambda.Code_FromAsset(jsii.String(filepath.Join(s.dist, f.Binary+".zip")), nil),
		MemorySize:   jsii.Number(s.memoryOf(f)),
		Timeout:      awscdk.Duration_Seconds(jsii.Number(f.Timeout.Seconds())),
		LogGroup:     logs,
		Role:         role,
	})
}

// memoryOf is a function's MB. Start reads no model.
func (s *stack) memoryOf(f lambdas.Function) int {
	if s.memory == 0 || f == lambdas.Start {
		return f.MemoryMB
	}
	return s.memory
}

// allow gives a function a right to a bucket's keys, or to the bucket itself.
func (s *stack) allow(f lambdas.Function, right lambdas.Right) {
	resource := s.buckets[right.Bucket].BucketArn()
	if right.Keys != "" {
		resource = s.buckets[right.Bucket].ArnForObjects(&right.Keys)
	}
	s.functions[f].AddToRolePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions: jsii.Strings(right.Actions...), Resources: &[]*string{resource},
	}))
}
