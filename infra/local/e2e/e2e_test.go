// Package e2e runs the built programs as their users do: the real AWS command
// line and boto3 against the real brine-local with the functions' own binaries.
package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"brine/infra/local/localtest"
)

const root = "../../.."

var (
	program = filepath.Join(root, "dist/host/brine-local")
	cli     = filepath.Join(root, "dist/host/brine")
	aws     = filepath.Join(root, ".local/clients/bin/aws")
	python  = filepath.Join(root, ".local/clients/bin/python")
)

func TestMain(m *testing.M) {
	localtest.Made(map[string]string{program: "make build", cli: "make build", aws: "make clients"})
	os.Exit(m.Run())
}

// pipeline is a running brine-local.
type pipeline struct{ endpoint string }

// start runs brine-local with a folder of its own until the test ends. It
// serves once its sample job is done.
func start(t *testing.T, flags ...string) *pipeline {
	t.Helper()
	port := localtest.FreePort(t)
	args := append([]string{
		"-port", port, "-dir", t.TempDir(),
		"-dist", filepath.Join(root, "dist/host"), "-sample", filepath.Join(root, "testdata/sample"),
	}, flags...)
	localtest.Serve(t, exec.Command(program, args...), "Serving on")
	return &pipeline{"http://127.0.0.1:" + port}
}

// client runs a client as a user would, with nothing of the user's own set-up.
func (p *pipeline) client(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir(), "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local",
		"AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true", "LANG=C.UTF-8",
		"ENDPOINT=" + p.endpoint,
	}
	return cmd
}

// aws runs `aws … --endpoint-url …` and returns what it prints.
func (p *pipeline) aws(t *testing.T, args ...string) (string, error) {
	t.Helper()
	cmd := p.client(t.Context(), aws, append(args, "--endpoint-url", p.endpoint)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("aws %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return out.String(), nil
}

func (p *pipeline) mustAWS(t *testing.T, args ...string) string {
	t.Helper()
	out, err := p.aws(t, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// await gets an object that a job is to make.
func (p *pipeline) await(t *testing.T, uri string) []byte {
	t.Helper()
	to := filepath.Join(t.TempDir(), "object")
	deadline := time.Now().Add(2 * time.Minute)
	for {
		_, err := p.aws(t, "s3", "cp", uri, to, "--quiet")
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond)
	}
	return read(t, to)
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func fixture(name ...string) string {
	return filepath.Join(append([]string{root, "testdata"}, name...)...)
}
