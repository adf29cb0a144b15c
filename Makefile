# One command per habit. Everything needed is installed into $(VENV) from the project's own files.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= auto
PACKAGE ?= iam

.PHONY: demo test lint types check docs mutants clean

$(VENV)/.installed: setup.cfg pyproject.toml ecs_preflight/_version.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint]'
	@touch $@

# What the setup guide tells to set up, against the embedded AWS. Findings are what it is for: it exits 0 whatever it finds.
demo: $(VENV)/.installed
	@$(BIN)/ecs-preflight check examples/guide/clouddriver.yml --preflight examples/guide/preflight.yml --sandbox --exit-zero
	@echo
	@echo "And an account that is set up well:"
	@echo
	@$(BIN)/ecs-preflight check examples/healthy/clouddriver.yml examples/healthy/clouddriver-local.yml \
	    --preflight examples/healthy/preflight.yml --sandbox --exit-zero

docs: $(VENV)/.installed
	$(BIN)/python -m ecs_preflight.reports.explain > docs/checks.md

test: $(VENV)/.installed
	$(BIN)/python -m pytest -n $(WORKERS)

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.installed
	$(BIN)/mypy

check: lint types test

# How much the tests of a package notice, and what they do not (docs/mutation.md): make mutants PACKAGE=ecs MODULES="query strategies"
mutants: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,mutation]'
	$(BIN)/python tools/run_mutants.py $(PACKAGE) $(MODULES) $(if $(filter-out auto,$(WORKERS)),--workers $(WORKERS)) $(if $(BODIES),--bodies) $(if $(LAWS),--laws)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
