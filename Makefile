# Every command that a person or a machine needs. `make` or `make help` prints them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
DATA ?= .run
ROLE ?= ops
SUBJECT ?=
EVENT ?=
SOAK ?=
TESTS ?= tests
WORKERS ?= 2
LOCAL := $(PY) -m deploy.local

.PHONY: help setup protos run stop demo test unit lint format types bench soak token inbox replay lock clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  \033[1mmake %-8s\033[0m %s\n", $$1, $$2}'

setup:  ## Make .venv with everything requirements.lock names (instant when nothing changed)
	@deploy/local/setup.sh

protos: setup  ## Make typed Python of the .proto files (only when one changed)
	@$(PY) -m deploy.local.protos

run: protos  ## Start the whole suite; Ctrl-C ends it. DATA=dir keeps the data there (default .run)
	@$(LOCAL) up --data "$(DATA)"

stop: setup  ## End a suite that was started elsewhere with the same DATA
	@$(LOCAL) down --data "$(DATA)"

demo: protos  ## Against a running suite: import 5,000 members, approve a campaign, run today's care
	@$(PY) -m deploy.demo --data "$(DATA)"

test: protos  ## All tests: unit, integration, contract, end to end. TESTS=path chooses
	@$(PY) -m pytest -n $(WORKERS) $(TESTS)

unit: protos  ## Only the tests that need no database and no socket
	@$(PY) -m pytest tests/unit -q

lint: protos  ## Everything that can be checked without running the product
	@deploy/local/lint.sh

format: setup  ## Put Python and proto files into the house's format
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix . ; .venv/bin/buf format -w

types: protos  ## Only the type check
	@$(PY) -m mypy

bench: protos  ## Measure the figures of bench/README.md against their references
	@$(PY) -m bench

soak: protos  ## The long forms of the reliability figures. SOAK="--only kills --kills 20" runs a part
	@$(PY) -m tests.soak $(SOAK)

token: setup  ## Print a sign-in token of a running suite. ROLE=ops SUBJECT=somebody
	@$(LOCAL) token --data "$(DATA)" --role "$(ROLE)" --subject "$(SUBJECT)"

inbox: setup  ## Show the messages of all channels that the local sink has kept
	@$(LOCAL) inbox --data "$(DATA)"

replay: setup  ## Bring parked events back. EVENT=id, or EVENT=all
	@$(LOCAL) replay --data "$(DATA)" --event "$(EVENT)"

lock: setup  ## Remake requirements.lock from pyproject.toml
	@.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --universal \
		--python-version 3.11 --extra dev pyproject.toml -o requirements.lock

clean:  ## Remove what was made (not the data of `make run`)
	@rm -rf .venv protos/gen .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
