package main

import (
	"archive/zip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"brine/infra/lambdas"
)

// synth makes the template as `cdk synth` does, with cdk.json's context and the
// given one over it, from zips that hold nothing.
func synth(t *testing.T, context map[string]any) assertions.Template {
	t.Helper()
	all := fileContext(t)
	all["dist"] = emptyZips(t)
	for k, v := range context {
		all[k] = v
	}
	app := awscdk.NewApp(&awscdk.AppProps{Context: &all, Outdir: jsii.String(t.TempDir())})
	settings, err := settingsOf(app)
	if err != nil {
		t.Fatal(err)
	}
	return assertions.Template_FromStack(newStack(app, settings), nil)
}

func fileContext(t *testing.T) map[string]any {
	t.Helper()
	data, err := os.ReadFile("../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Context map[string]any }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file.Context
}

func emptyZips(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, function := range lambdas.All {
		f, err := os.Create(filepath.Join(dir, function.Binary+".zip"))
		if err != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(f)
		if _, err := z.Create("bootstrap"); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestStack(t *testing.T) {
	template := synth(t, nil)
	t.Run("counts", func(t *testing.T) {
		for resource, want := range map[string]float64{
			"AWS::S3::Bucket": 3, "AWS::Lambda::Function": 5, "AWS::Events::Rule": 1,
			"AWS::StepFunctions::StateMachine": 1, "AWS::SQS::Queue": 1, "AWS::Logs::LogGroup": 6,
		} {
			template.ResourceCountIs(jsii.String(resource), &want)
		}
	})
	t.Run("functions", func(t *testing.T) {
		for _, name := range []string{"start", "validate", "predict", "write", "handler"} {
			template.HasResourceProperties(jsii.String("AWS::Lambda::Function"), map[string]any{
				"FunctionName": "ml-prediction-" + name, "Runtime": "provided.al2023",
				"Architectures": []any{"arm64"}, "Handler": "bootstrap",
			})
			template.HasResourceProperties(jsii.String("AWS::Logs::LogGroup"), map[string]any{
				"LogGroupName": "/aws/lambda/ml-prediction-" + name, "RetentionInDays": 30,
			})
		}
	})
	t.Run("buckets", func(t *testing.T) {
		template.AllResourcesProperties(jsii.String("AWS::S3::Bucket"), map[string]any{
			"NotificationConfiguration":      map[string]any{"EventBridgeConfiguration": map[string]any{"EventBridgeEnabled": true}},
			"PublicAccessBlockConfiguration": map[string]any{"BlockPublicAcls": true, "RestrictPublicBuckets": true},
		})
		template.AllResources(jsii.String("AWS::S3::Bucket"), map[string]any{"DeletionPolicy": "Retain"})
	})
	t.Run("rule", func(t *testing.T) {
		template.HasResourceProperties(jsii.String("AWS::Events::Rule"), map[string]any{
			"EventPattern": map[string]any{
				"source": []any{"aws.s3"}, "detail-type": []any{"Object Created"},
				"detail": map[string]any{"object": map[string]any{"key": []any{map[string]any{"wildcard": "*/*"}}}},
			},
			"Targets": []any{map[string]any{"DeadLetterConfig": assertions.Match_AnyValue()}},
		})
	})
	t.Run("lost events", func(t *testing.T) {
		template.HasResourceProperties(jsii.String("AWS::Lambda::EventInvokeConfig"), map[string]any{
			"FunctionName":      map[string]any{"Ref": assertions.Match_StringLikeRegexp(jsii.String("^start"))},
			"DestinationConfig": map[string]any{"OnFailure": map[string]any{"Destination": map[string]any{"Fn::GetAtt": []any{assertions.Match_StringLikeRegexp(jsii.String("^lostevents")), "Arn"}}}},
		})
	})
	t.Run("workflow", func(t *testing.T) {
		template.HasResourceProperties(jsii.String("AWS::StepFunctions::StateMachine"), map[string]any{
			"StateMachineName": "ml-prediction",
			"DefinitionSubstitutions": map[string]any{
				"ValidateFunctionArn": assertions.Match_AnyValue(),
				"PredictFunctionArn":  assertions.Match_AnyValue(),
				"WriteFunctionArn":    assertions.Match_AnyValue(),
			},
		})
	})
	t.Run("nothing is of one account", func(t *testing.T) {
		text := templateText(t, template)
		for _, region := range []string{"us-east-1", "123456789012"} {
			if strings.Contains(text, region) {
				t.Errorf("the template holds %q", region)
			}
		}
	})
	t.Run("least privilege", func(t *testing.T) { checkPolicies(t, template) })
}

func TestNames(t *testing.T) {
	template := synth(t, map[string]any{"prefix": "acme", "modelsBucket": "acme-models", "shardBytes": 1048576, "memory": 3008, "arch": "amd64"})
	template.HasResourceProperties(jsii.String("AWS::Lambda::Function"), map[string]any{"FunctionName": "acme-handler"})
	template.HasResourceProperties(jsii.String("AWS::S3::Bucket"), map[string]any{"BucketName": "acme-models"})
	template.HasResourceProperties(jsii.String("AWS::StepFunctions::StateMachine"), map[string]any{"StateMachineName": "acme"})
	template.HasResourceProperties(jsii.String("AWS::Lambda::Function"), map[string]any{
		"Environment": map[string]any{"Variables": map[string]any{"SHARD_BYTES": "1048576"}},
		"MemorySize":  3008, "Architectures": []any{"x86_64"},
	})
}

func TestWrongSettings(t *testing.T) {
	tests := []struct {
		key   string
		value any
		want  string
	}{
		{"shardBytes", "64MB", `shardBytes must be a number of bytes, such as 67108864, found "64MB"`},
		{"shardBytes", 0, `shardBytes must be a number of bytes, such as 67108864, found "0"`},
		{"memory", "2 GB", `memory must be a number of MB from 128 to 10240, found "2 GB"`},
		{"memory", 64, `memory must be a number of MB from 128 to 10240, found "64"`},
		{"arch", "x86", `arch must be arm64 or amd64, found "x86"`},
		{"dist", "nowhere", "there is no nowhere/start.zip: run make package"},
	}
	dist := emptyZips(t)
	for _, test := range tests {
		t.Run(test.key, func(t *testing.T) {
			context := map[string]any{"dist": dist, test.key: test.value}
			if _, err := settingsOf(awscdk.NewApp(&awscdk.AppProps{Context: &context})); err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestStable holds the template equal over two runs, so that a deploy without
// a change changes nothing.
func TestStable(t *testing.T) {
	context := map[string]any{"dist": emptyZips(t)}
	first, second := templateText(t, synth(t, context)), templateText(t, synth(t, context))
	if first != second {
		t.Error("two runs make two templates")
	}
}

func templateText(t *testing.T, template assertions.Template) string {
	t.Helper()
	data, err := json.Marshal(template.ToJSON())
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// checkPolicies refuses wildcards in actions, and in resources but for the logs
// delivery that Step Functions can only have so.
func checkPolicies(t *testing.T, template assertions.Template) {
	t.Helper()
	buckets := *template.FindResources(jsii.String("AWS::S3::Bucket"), nil)
	for id, policy := range *template.FindResources(jsii.String("AWS::IAM::Policy"), nil) {
		var p struct {
			Properties struct {
				PolicyDocument struct {
					Statement []struct{ Action, Resource any }
				}
			}
		}
		data, err := json.Marshal(policy)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &p); err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Properties.PolicyDocument.Statement {
			actions := texts(s.Action)
			for _, action := range actions {
				if strings.Contains(action, "*") {
					t.Errorf("%s allows %s", id, action)
				}
			}
			if slices.Contains(texts(s.Resource), "*") && !strings.HasPrefix(actions[0], "logs:") {
				t.Errorf("%s allows %v on everything", id, actions)
			}
			if strings.HasPrefix(actions[0], "s3:") && !isOf(buckets, s.Resource) {
				t.Errorf("%s allows %v on %v, which is none of the stack's buckets", id, actions, s.Resource)
			}
		}
	}
}

// isOf reports whether an ARN, or each of several, is that of a bucket of the
// stack or of its keys.
func isOf[V any](buckets map[string]V, arn any) bool {
	if several, ok := arn.([]any); ok {
		return !slices.ContainsFunc(several, func(one any) bool { return !isOf(buckets, one) })
	}
	data, err := json.Marshal(arn)
	if err != nil {
		return false
	}
	for id := range buckets {
		if strings.Contains(string(data), `{"Fn::GetAtt":["`+id+`","Arn"]}`) {
			return true
		}
	}
	return false
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, texts(item)...)
		}
		return all
	}
	return nil
}
