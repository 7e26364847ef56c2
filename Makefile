# The commands of the project; `make help` lists them.

FUNCTIONS := start validate predict write invoke
PORT      ?= 4566
ARCH      ?= arm64
CONTEXT   ?=
FUZZTIME  ?= 1m
SECONDS   ?= 300

# The same binary from any folder, without what only a debugger reads.
GOBUILD := CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags lambda.norpc -ldflags "-s -w"

CDK     := npx cdk --context arch=$(ARCH) $(CONTEXT)
PYTHON  ?= python3
CLIENTS := .local/clients
ORACLE  := .local/oracle
OPPONENTS := .local/bench/venv
ENGINES := .local/engines

.PHONY: help run build package test arm64 faults engines scale lint clients oracle differential bench bootstrap deploy synth clean fuzz

help: ## this list
	@grep -hE '^[a-z0-9%-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: build ## the main job on this machine (ONCE=1 stops after it; PORT=4566)
	dist/host/brine-local --port $(PORT) $(if $(ONCE),--once)

build: ## the functions and programs for this machine, in dist/host
	@for f in $(FUNCTIONS); do $(GOBUILD) -o dist/host/$$f/bootstrap ./functions/$$f || exit 1; done
	@$(GOBUILD) -o dist/host/brine ./functions/brine
	@$(GOBUILD) -o dist/host/brine-local ./infra/local

package: ## the functions' zips for AWS Lambda, in dist (ARCH=amd64 for x86_64)
	@for f in $(FUNCTIONS); do \
		GOOS=linux GOARCH=$(ARCH) $(GOBUILD) -o dist/$(ARCH)/$$f/bootstrap ./functions/$$f && \
		go run ./infra/zip dist/$$f.zip dist/$(ARCH)/$$f/bootstrap || exit 1; done

test: lint build package clients node_modules ## everything but arm64, faults, fuzz and engines
	go test -race ./functions/... ./statemachine/... $$(go list ./infra/local/... | grep -vE '/(faults|engines)$$') ./infra/zip/...
	go test -run 'TestShards$$|TestLargestJob' ./functions/internal/pipeline ./functions/internal/scale
	go test ./infra
	npx asl-validator --json-path statemachine/prediction.asl.json
	node statemachine/lint.js statemachine/prediction.asl.json
	npx cdk synth --quiet

arm64: ## the engine's tests as arm64, which Lambda runs by default, under qemu-user
	GOARCH=arm64 CGO_ENABLED=0 go test -exec qemu-aarch64 $(addprefix ./functions/internal/,decimal numpy/... python/... table sklearn/...)

faults: build ## what dying workers and a failing S3 can do to a job, on the real binaries
	go test -count=1 ./infra/local/faults

# Go before 1.27 at times takes the end of the time for a failure: golang/go#75804.
fuzz: ## every fuzz target for FUZZTIME each (1m unless set)
	@mkdir -p .local
	@grep -rnoH --include='*_test.go' '^func Fuzz[A-Za-z]*' functions | sed -E 's/^(.*)\/[^/]*:[0-9]+:func (.*)/\1 \2/' | \
	while read -r folder target; do \
		{ go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x -parallel 2 "./$$folder" </dev/null || echo "$$target failed"; } 2>&1 | tee .local/fuzz.log; \
		if grep -qx "$$target failed" .local/fuzz.log && ! grep -qx "    context deadline exceeded" .local/fuzz.log; then exit 1; fi; done

scale: build ## a job of 2 GB in ever more shards: throughput and memory of a worker
	go run ./infra/local/scale

engines: build clients node_modules $(ENGINES)/installed ## the same on services that others wrote: deployed, run step by step, linted
	@for f in $(FUNCTIONS); do go run ./infra/zip dist/host/$$f.zip dist/host/$$f/bootstrap || exit 1; done
	go test -count=1 ./infra/local/engines

$(ENGINES)/installed: infra/local/engines/requirements.txt
	$(PYTHON) -m venv $(ENGINES)
	$(ENGINES)/bin/pip install --quiet --disable-pip-version-check -r $<
	CGO_ENABLED=0 GOBIN=$(CURDIR)/$(ENGINES)/bin go install github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie@v0.0.0-20261030222936-bef5c4ba774d
	@touch $@

lint: ## gofmt, go vet, staticcheck
	@test -z "$$(git ls-files '*.go' | xargs gofmt -l | tee -a /dev/stderr)"
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

clients: $(CLIENTS)/installed ## the AWS command line and boto3, as the tests use them

$(CLIENTS)/installed: infra/local/clients.txt
	$(PYTHON) -m venv $(CLIENTS)
	$(CLIENTS)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

oracle: $(ORACLE)/installed ## the fixtures of testdata anew, by scikit-learn itself
	$(ORACLE)/bin/python -B testdata/oracle/make.py

$(ORACLE)/installed: testdata/oracle/requirements.txt
	$(PYTHON) -m venv $(ORACLE)
	$(ORACLE)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

oracle-%: ## the same by another version, such as 1.5.2, in .local/versions (PYTHON=one that has it)
	$(PYTHON) -m venv $(ORACLE)-$*
	$(ORACLE)-$*/bin/pip install --quiet --disable-pip-version-check -r testdata/oracle/versions/$*.txt
	$(ORACLE)-$*/bin/python -B testdata/oracle/make.py --out .local/versions/$*

differential: build $(ORACLE)/installed ## models at random, answered by scikit-learn and by brine (SECONDS=300)
	$(ORACLE)/bin/python -B testdata/oracle/differential.py dist/host/brine --seconds $(SECONDS)

bench: build $(OPPONENTS)/installed ## testdata/BENCHMARKS.md anew (BENCH=quick takes minutes)
	$(PYTHON) -B testdata/bench/bench.py

$(OPPONENTS)/installed: testdata/bench/requirements.txt
	$(PYTHON) -m venv $(OPPONENTS)
	$(OPPONENTS)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

node_modules: package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	@touch $@

synth: package node_modules ## the CloudFormation template, in cdk.out
	$(CDK) synth --quiet

bootstrap: package node_modules ## an account and region that CDK has not seen made ready
	$(CDK) bootstrap

deploy: package node_modules ## the whole stack to your AWS account (ARCH=amd64; CONTEXT="-c prefix=acme")
	$(CDK) deploy

clean: ## what make has made (not the data in .local)
	rm -rf dist cdk.out node_modules $(CLIENTS) $(ORACLE) $(OPPONENTS) $(ENGINES)
