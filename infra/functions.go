package main

import (
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"brine/infra/lambdas"
)

// functions are the five Lambdas of the program.
type functions struct{ start, validate, predict, write, handler awslambda.Function }

// work is the folder of the results bucket that executions keep their plans in.
const work = ".brine/*"

// rejects are the tables of rejected rows: those of an earlier job go once
// there are none.
const rejects = "*.rejects.csv"

func (s *stack) addFunctions() {
	s.validate = s.function(lambdas.Validate)
	s.predict = s.function(lambdas.Predict)
	s.write = s.function(lambdas.Write)
	s.handler = s.function(lambdas.Handler)

	for _, f := range []awslambda.Function{s.validate, s.predict, s.handler} {
		s.allow(f, s.buckets.models, "*", "s3:GetObject")
		s.allow(f, s.buckets.data, "*", "s3:GetObject")
	}
	s.allow(s.validate, s.buckets.results, "*", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
	s.allow(s.validate, s.buckets.results, work, "s3:GetObject")
	// A worker that comes late takes back what it left.
	s.allow(s.predict, s.buckets.results, "*", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
	s.allow(s.predict, s.buckets.results, work, "s3:GetObject", "s3:DeleteObject")
	s.allow(s.write, s.buckets.results, "*", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
	s.allow(s.write, s.buckets.results, work, "s3:DeleteObject")
	for _, f := range []awslambda.Function{s.write, s.handler} {
		s.allow(f, s.buckets.results, rejects, "s3:DeleteObject")
	}
	s.allow(s.handler, s.buckets.results, "*", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")
	// Without the right to list a bucket, S3 answers 403 for a key that is not there.
	for _, f := range []awslambda.Function{s.validate, s.predict, s.handler} {
		s.allow(f, s.buckets.models, "", "s3:ListBucket")
		s.allow(f, s.buckets.data, "", "s3:ListBucket")
	}
	for _, f := range []awslambda.Function{s.validate, s.predict, s.write, s.handler} {
		s.allow(f, s.buckets.results, "", "s3:ListBucket")
	}
	for _, f := range []awslambda.Function{s.validate, s.predict, s.write} {
		f.AddEnvironment(jsii.String("MODELS_BUCKET"), s.buckets.models.BucketName(), nil)
		f.AddEnvironment(jsii.String("RESULTS_BUCKET"), s.buckets.results.BucketName(), nil)
		if s.shardBytes != "" {
			f.AddEnvironment(jsii.String("SHARD_BYTES"), &s.shardBytes, nil)
		}
	}
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
		Architecture: awslambda.Architecture_ARM_64(),
		Handler:      jsii.String("bootstrap"),
		Code:         awslambda.Code_FromAsset(jsii.String(filepath.Join(s.dist, f.Binary+".zip")), nil),
		MemorySize:   jsii.Number(f.MemoryMB),
		Timeout:      awscdk.Duration_Seconds(jsii.Number(f.Timeout.Seconds())),
		LogGroup:     logs,
		Role:         role,
	})
}

// allow lets a function do something to a bucket's keys, or to the bucket
// itself where keys is "".
func (s *stack) allow(f awslambda.Function, b awss3.Bucket, keys string, actions ...string) {
	resource := b.BucketArn()
	if keys != "" {
		resource = b.ArnForObjects(&keys)
	}
	f.AddToRolePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions: jsii.Strings(actions...), Resources: &[]*string{resource},
	}))
}
