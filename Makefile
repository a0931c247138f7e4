# `make demo` and `make test` need nothing but Python 3.11 or later and PyPI.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Tests wait more than they compute: twice as many at a time as there are cores. Asked when Python is there.
PROCESSES ?= $(shell $(BIN)/python -c "import os; print(2 * (os.cpu_count() or 1))")
PARALLEL = --numprocesses $(PROCESSES) --dist loadgroup --no-loadscope-reorder --durations 10

.PHONY: demo test test-all dialects servers check prove bench lock clean

demo: $(READY)
	$(BIN)/conformance run --config reference_impl/conformance.toml $(ARGS)

# In parallel, without what is marked slow.
test: $(READY)
	$(BIN)/pytest $(PARALLEL) -m "not slow" $(ARGS)

test-all: $(READY)
	$(BIN)/pytest $(PARALLEL) $(ARGS)

# A thousand servers of tests/dialects; ARGS="--hypothesis-seed 7" draws others.
dialects: $(READY)
	DIALECTS=1000 $(BIN)/pytest $(PARALLEL) tests/dialects/test_laws.py $(ARGS)

# Servers that others wrote, from the registries of PyPI and npm, against docs/servers.md; ARGS="kinto" takes one.
servers: $(READY)
	PYTHONPATH=tests $(BIN)/python -m servers $(ARGS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

prove: $(READY)
	$(BIN)/conformance prove $(ARGS)

bench: $(READY)
	$(BIN)/python benchmarks/run.py $(ARGS)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

# Needs uv; the result names no registry.
lock:
	uv pip compile pyproject.toml --extra reference --group dev --universal --generate-hashes --no-header --no-annotate --output-file requirements.lock

clean:
	rm -rf $(VENV) conformance-report site
