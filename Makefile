# The same recipes for people, hooks and CI. `make help` prints them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test unit lint types format lock messages schema check bench-api bench-progress bench-reminders faults-long shell base dev

help: ## print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

base:
	@$(PYTHON) requirements/sync.py base

dev:
	@$(PYTHON) requirements/sync.py dev

run: base ## set up, migrate, load the demo clinic and serve on PORT (8000)
	@exec $(BIN)/python -m config.launcher

test: dev ## everything: lint, types, contracts, schema, all tests in real engines and Chromium
	@$(BIN)/python tests/chromium.py
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2

unit: dev ## only the quick tests
	$(BIN)/python -m pytest -q tests/unit

lint: dev ## ruff, djlint, import contracts, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint config rehab patients exercises
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

format: dev ## format code and templates
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock: ## resolve requirements/*.in into hashed locks (needs uv)
	cd requirements && for name in base dev; do uv pip compile --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url $$name.in -o $$name.txt; done

messages: dev ## collect what has to be translated and compile what has been
	$(BIN)/python manage.py messages

schema: dev ## write docs/openapi.yaml
	$(BIN)/python manage.py spectacular --lang en --validate --fail-on-warn --file docs/openapi.yaml

check: dev ## system checks, and migrations that are missing
	$(BIN)/python manage.py check
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

bench-api: dev ## measure the API beside a bare floor
	$(BIN)/python -m bench.api

bench-progress: dev ## measure twelve weeks of progress for 200 logs and for 20,000, among a million
	$(BIN)/python -m bench.progress

bench-reminders: dev ## measure many reminders that are due at one moment
	$(BIN)/python -m bench.reminders

faults-long: dev ## kill parts of the delivery at random, 200 rounds and 5 holes in 30 to 60 minutes; resumes
	nice -n 10 $(BIN)/python -m tests.faults.reminder_rounds --rounds 200 --holes 5 --lanes 3 --state var/faults

shell: ## a Python shell on the engines of a running `make run`
	@$(BIN)/python manage.py shell
