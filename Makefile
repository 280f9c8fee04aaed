# `make` prints this list. Everything else needs nothing but git, make and Python >= 3.11.
.DEFAULT_GOAL := help
PY := .venv/bin/python
PORT ?= 8080
DATA ?= .data/live

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.done: requirements/uv.txt requirements/run.txt requirements/dev.txt pyproject.toml infra/setup.sh
	@bash infra/setup.sh

setup: .venv/.done ## install everything that is needed (first time: some minutes)

run: setup ## start everything with demonstration data; Ctrl-C stops it
	@.venv/bin/driehoek up --demo --data $(DATA) --port $(PORT)

down: setup ## stop what runs in $(DATA)
	@.venv/bin/driehoek down --data $(DATA)

check: setup ## format, lint, types, import contracts, templates, spelling, sizes
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/djlint --quiet --check --lint dashboards/templates
	@.venv/bin/codespell
	@$(PY) -m pytest tests/architecture

browser: setup
	@bash infra/browser.sh

test: check browser ## make check and all tests that fit in 20 minutes
	@$(PY) -m pytest -m "not long"

test-all: check browser ## everything, also the long suites
	@$(PY) -m pytest

bench: setup ## the benchmarks of docs/benchmarks.md
	@.venv/bin/driehoek bench chain --json

gallery: browser ## screenshots of every page, nl and en, 390 and 1280 px, into build/gallery
	@$(PY) -m tests.acceptance.gallery

docs: setup ## write openapi.json and asyncapi.yaml from the code
	@.venv/bin/driehoek docs

.PHONY: help browser setup run down check test test-all bench gallery docs
