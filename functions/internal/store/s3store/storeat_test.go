package s3store

import (
	"context"
	"net"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// storeAt is the store that a server of HTTP serves.
func storeAt(url string) *Store { return New(configAt(url)) }

func configAt(url string) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
}

// storeOf is the store that a handler serves without a network, so that its
// time can be that of synctest.
func storeOf(t *testing.T, handle http.HandlerFunc) *Store {
	cfg := configAt("http://s3")
	cfg.HTTPClient = clientOf(t, handle)
	return New(cfg)
}

func clientOf(t *testing.T, handle http.HandlerFunc) *http.Client {
	accepted := make(pipes)
	server := &http.Server{Handler: handle}
	go server.Serve(accepted)
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		accepted <- there
		return here, nil
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Shutdown(context.Background()) // which waits for all calls to end
	})
	return &http.Client{Transport: transport}
}

// pipes is a listener whose connections are pipes.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if conn, ok := <-p; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (p pipes) Close() error {
	close(p)
	return nil
}

func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "s3"} }
