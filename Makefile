# Every target installs what it needs on Debian and Ubuntu, Swift itself apart, and may be run again at any time.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
FUZZ_INPUTS ?= 200000

.PHONY: help tools build demo demo-kafka test test-sanitizers test-thread test-address test-traits test-kafka-faults benchmark soak fuzz lint format docs clean schemas

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

tools:
	@bash scripts/install-tools

build: tools ## Build everything
	$(SWIFT) build

demo: tools ## Run the main job: emit, handle, retry, dead-letter, redrive
	$(SWIFT) build -c release --product openedx-events
	$$($(SWIFT) build -c release --show-bin-path)/openedx-events demo

demo-kafka: tools ## The same on an embedded Kafka, as three processes: broker, services, LMS
	$(SWIFT) build -c release --product openedx-events
	@bash scripts/demo-kafka "$$($(SWIFT) build -c release --show-bin-path)/openedx-events"

test: tools ## Run all tests
	$(SWIFT) test

test-sanitizers: test-thread test-address ## Run all tests under either sanitizer

test-thread: THREAD := --sanitize=thread -Xswiftc -DTHREAD_SANITIZER --scratch-path .build/thread
test-thread: tools ## Run all tests under the thread sanitizer
	$(SWIFT) build --build-tests $(THREAD)
	@# What the sanitizer is to see of librdkafka's threads: scripts/posix-threads.c says why. The processes that tests
	@# start inherit it.
	$$(command -v clang || command -v cc) -std=gnu11 -O1 -Wall -Wextra -Werror -shared -fPIC -pthread \
		scripts/posix-threads.c -o .build/thread/posix-threads.so
	@# Two processes: beside tests that are busy for minutes, those of Kafka would run out of time.
	export LD_PRELOAD=$(CURDIR)/.build/thread/posix-threads.so; \
	$(SWIFT) test --skip-build $(THREAD) --skip KafkaTransportTests && \
	$(SWIFT) test --skip-build $(THREAD) --filter KafkaTransportTests

test-address: tools ## Run all tests under the address sanitizer
	@# Two processes: with the hundreds of sockets of Kafka open, Foundation's Process reads beyond a directory entry.
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize=address --scratch-path .build/address --skip KafkaTransportTests
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize=address --scratch-path .build/address --filter KafkaTransportTests

test-kafka-faults: tools ## Kill brokers, producers and consumers of a real Kafka, for minutes (KAFKA_TEST_TOOLS: its scripts)
	KAFKA_FAULT_TESTS=1 $(SWIFT) test --filter "KillTests|BrokerFaultTests|RebalanceStormTests"

test-traits: tools ## Run all tests with all traits on; fetches the packages they bring
	$(SWIFT) test --traits Logging,Metrics,Tracing,ServiceLifecycle --scratch-path .build/traits

benchmark: tools ## Measure, print the table, write .build/benchmarks.json
	$(SWIFT) build -c release --product Benchmarks
	$$($(SWIFT) build -c release --show-bin-path)/Benchmarks

soak: tools ## Move five million events through the bus in memory, and watch the memory
	$(SWIFT) build -c release --product Benchmarks
	$$($(SWIFT) build -c release --show-bin-path)/Benchmarks --soak 5000000

fuzz: tools ## Mutate the fixtures FUZZ_INPUTS times, with Foundation's parser as the oracle
	$(SWIFT) build -c release --product Fuzzer
	$$($(SWIFT) build -c release --show-bin-path)/Fuzzer --inputs $(FUZZ_INPUTS) Tests/*/Fixtures/*.json

schemas: tools ## Check the schemas: rules, what was published (SCHEMAS_AGAINST, the last tag or HEAD), generated code
	$(SWIFT) build -c release --product openedx-events
	tool=$$($(SWIFT) build -c release --show-bin-path)/openedx-events; \
	$$tool lint; \
	$$tool check --against "$${SCHEMAS_AGAINST:-$$(git describe --tags --abbrev=0 2>/dev/null || echo HEAD)}"; \
	$$tool generate --check

lint: ## Check the formatting
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Snippets

format: ## Mend the formatting
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Snippets

docs: tools ## Render the guides and the reference to .build/docs
	bash scripts/render-docs .build/docs

.PHONY: catalogue
catalogue: tools ## Write the site of all events to .build/catalogue, and open it in a browser if there is one
	$(SWIFT) build -c release --product openedx-events
	$$($(SWIFT) build -c release --show-bin-path)/openedx-events catalogue --output .build/catalogue
	bash scripts/check-catalogue .build/catalogue

clean: ## Remove what was built
	rm -rf .build
