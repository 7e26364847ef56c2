package function

import (
	"strings"
	"testing"
)

func TestAWS(t *testing.T) {
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_DEFAULT_REGION", "eu-west-1")
	t.Setenv("AWS_SESSION_TOKEN", "token")
	cfg := AWS("S3")
	if cfg.Region != "eu-west-1" || cfg.BaseEndpoint != nil {
		t.Errorf("got region %q and endpoint %v", cfg.Region, cfg.BaseEndpoint)
	}
	if _, err := cfg.Credentials.Retrieve(t.Context()); err == nil || !strings.Contains(err.Error(), "AWS_ACCESS_KEY_ID is not set") {
		t.Errorf("credentials from nowhere: %v", err)
	}
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_ENDPOINT_URL", "http://all")
	t.Setenv("AWS_ENDPOINT_URL_S3", "http://s3")
	cfg = AWS("S3")
	c, err := cfg.Credentials.Retrieve(t.Context())
	if err != nil || c.AccessKeyID != "key" || c.SecretAccessKey != "secret" || c.SessionToken != "token" {
		t.Errorf("got %+v, %v", c, err)
	}
	if cfg.Region != "us-east-1" || *cfg.BaseEndpoint != "http://s3" || *AWS("SFN").BaseEndpoint != "http://all" {
		t.Errorf("got region %q and endpoint %q", cfg.Region, *cfg.BaseEndpoint)
	}
}
