package function

import (
	"cmp"
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// AWS is the configuration that a Lambda has in its environment: its region, its
// role's credentials and, for a service by its name in capitals such as S3, the
// endpoint in AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL; and what calls are to say
// who made them, AWS_SDK_UA_APP_ID, by which the fault tests know a function. The
// SDK's own loader would look for all of that in files and other services too,
// and takes milliseconds of every cold start for it.
func AWS(service string) aws.Config {
	cfg := aws.Config{
		Region:                     cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")),
		Credentials:                aws.CredentialsProviderFunc(credentials),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
		AppID:                      os.Getenv("AWS_SDK_UA_APP_ID"),
	}
	if url := cmp.Or(os.Getenv("AWS_ENDPOINT_URL_"+service), os.Getenv("AWS_ENDPOINT_URL")); url != "" {
		cfg.BaseEndpoint = &url
	}
	return cfg
}

func credentials(context.Context) (c aws.Credentials, err error) {
	if c.AccessKeyID, err = Variable("AWS_ACCESS_KEY_ID"); err != nil {
		return c, err
	}
	c.SecretAccessKey, err = Variable("AWS_SECRET_ACCESS_KEY")
	c.SessionToken = os.Getenv("AWS_SESSION_TOKEN")
	return c, err
}
