// Package s3 serves buckets in a folder of this machine by the S3 API, and
// other APIs beside it on the same port.
package s3

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"brine/infra/local/events"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3api"
	"github.com/versity/versitygw/s3api/middlewares"
	"github.com/versity/versitygw/s3api/utils"
)

// Credentials that clients sign with who may do everything: both the key and its
// secret.
const Credentials = "local"

// Config says what a Server serves.
type Config struct {
	Address string // host:port
	Dir     string // an absolute path; the buckets are the folders in its folder objects
	// Accounts are who else may sign, with the name as key and as secret. They
	// may do what the policy of a bucket allows.
	Accounts []string
	// Created is told of each object written, once it is there. The client
	// gets its answer after that.
	Created func(events.Created)
	// Other names the handler of a request that is not S3's, by its path and
	// its header X-Amz-Target; nil if it is.
	Other func(path, target string) http.Handler
}

// Server is a running one. There can be one in a process: posix.New, the
// storage behind it, moves into its folder.
type Server struct {
	api     *s3api.S3ApiServer
	backend *posix.Posix
	stopped chan error
	calls   sync.RWMutex // held for reading by each call that is being handled
}

// Limits of S3, and one that a machine does not come near to.
const (
	maxConnections = 16_384
	maxParts       = 10_000
	maxCopy        = 5 << 30 // bytes
)

// Start serves until Close. After it, the working directory is another one.
func Start(c Config) (*Server, error) {
	storage, err := openStorage(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("the buckets in %s: %w", c.Dir, err)
	}
	root := auth.Account{Access: Credentials, Secret: Credentials, Role: auth.RoleAdmin}
	listening := make(chan struct{})
	utils.SetBucketNameValidationStrict(true)
	s := &Server{backend: storage, stopped: make(chan error, 1)}
	s.api, err = s3api.New(
		&notifier{storage, c.Created},
		middlewares.RootUserConfig{Access: root.Access, Secret: root.Secret},
		"us-east-1", &accounts{auth.NewIAMServiceSingle(root), c.Accounts}, nil, nil, nil, nil,
		s3api.WithConcurrencyLimiter(maxConnections, maxConnections),
		s3api.WithMpMaxParts(maxParts),
		s3api.WithQuiet(),
		s3api.WithKeepAlive(),
		s3api.WithMiddleware("/", s.count),
		s3api.WithMiddleware("/", others(c.Other)),
		s3api.WithOnListen(func() { close(listening) }),
	)
	if err != nil {
		return nil, fmt.Errorf("the S3 server: %w", err)
	}
	go func() { s.stopped <- s.api.ServeMultiPort([]string{c.Address}) }()
	select {
	case <-listening:
		return s, nil
	case err := <-s.stopped:
		return nil, err
	}
}

// lastBytes is how long an answer may still be on its way when the server ends.
const lastBytes = time.Second

// Close stops serving once the calls under way are answered. ShutDown by itself
// would also wait for clients that have connected and ask nothing.
func (s *Server) Close() error {
	shut, answered := make(chan error, 1), make(chan struct{})
	go func() { shut <- s.api.ShutDown() }()
	go func() {
		s.calls.Lock()
		time.Sleep(lastBytes)
		close(answered)
	}()
	var err error
	select {
	case err = <-shut:
	case <-answered:
	}
	s.backend.Shutdown()
	return err
}

func (s *Server) count(c fiber.Ctx) error {
	s.calls.RLock()
	defer s.calls.RUnlock()
	return c.Next()
}

// openStorage keeps what S3 knows of an object beyond its bytes in extended
// attributes, or in files of a folder beside where there are none.
func openStorage(dir string) (*posix.Posix, error) {
	objects, metadata := filepath.Join(dir, "objects"), filepath.Join(dir, "metadata")
	if err := os.MkdirAll(objects, 0o755); err != nil {
		return nil, err
	}
	attributes := meta.XattrMeta{}
	if attributes.Test(objects) == nil {
		return posix.New(objects, attributes, posix.PosixOpts{CopyObjectThreshold: maxCopy})
	}
	if err := os.MkdirAll(metadata, 0o755); err != nil {
		return nil, err
	}
	files, err := meta.NewSideCar(metadata)
	if err != nil {
		return nil, err
	}
	return posix.New(objects, files, posix.PosixOpts{SideCarDir: metadata, CopyObjectThreshold: maxCopy})
}

// others hands on what is not S3's, unless a web page of another site sent it.
func others(handler func(path, target string) http.Handler) fiber.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	return func(c fiber.Ctx) error {
		h := handler(c.Path(), c.Get("X-Amz-Target"))
		if h == nil {
			return c.Next()
		}
		return adaptor.HTTPHandler(sameOrigin.Handler(h))(c)
	}
}
