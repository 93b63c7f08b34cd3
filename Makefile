# make lab        open the course in JupyterLab
# make test       run every test
# make soak       run the property tests with many more examples
# make notebooks  run all notebooks and store their outputs
# make benchmark  time the widgets in a browser
#
# Every recipe line runs as it is in sh and in Windows' cmd.

ifeq ($(OS),Windows_NT)
    PYTHON ?= python
    BIN = .venv/Scripts
else
    PYTHON ?= $(if $(shell command -v python3 2>/dev/null),python3,python)
    BIN = .venv/bin
endif

PY = $(BIN)/python
PIP = $(PY) -m pip install --disable-pip-version-check --quiet --constraint constraints.txt
TOUCH = $(PY) -c "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"

.PHONY: lab test soak notebooks benchmark

lab: .venv/student
	$(PY) -m jupyterlab notebooks/00_start_here.ipynb

test: .venv/tests
	$(PY) -m ruff check .
	$(PY) -m pytest --nbval --nbval-current-env tests notebooks

# What this computer's user has solved is no part of a notebook.
test notebooks: export TENSOR_MONSTERS_PROGRESS = off

soak: export TM_SOAK = 1
soak: test

notebooks: .venv/tests
	$(PY) -m tests.notebooks.rerun

benchmark: .venv/tests
	$(PY) -m benchmarks.latency

.venv/student: requirements.txt constraints.txt pyproject.toml
	$(PYTHON) -c "import sys; v = sys.version_info; v < (3, 11) and sys.exit(f'Python 3.11 or newer is needed, this is {v[0]}.{v[1]}. Try: make PYTHON=python3.12 ...')"
	$(PYTHON) -m venv .venv
	$(PIP) --requirement requirements.txt
	$(TOUCH) $@

.venv/tests: .venv/student tests/requirements.txt
	$(PIP) --requirement tests/requirements.txt
	$(TOUCH) $@
