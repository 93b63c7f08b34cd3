# make lab        open the course in JupyterLab
# make test       run every test but those of the pages (make test-site)
# make check      run what is quick and needs neither browser nor kernel: while you work
# make test-oldest, test-newest, test-next, test-colab
#                 the tests with other versions than those of constraints.txt
# make soak       run the property tests with many more examples
# make mutants    plant faults in the package, 360 drawn by SEED: which do the tests not notice?
# make notebooks  run all notebooks and store their outputs
# make benchmark  measure every table of benchmarks/README.md
# make site       build the pages: every widget, and the whole course, in a browser
# make site-serve open them
# make site-zip   pack them, for a server of one's own
# make test-site  build the pages, and drive them in a browser that reaches nothing else
# make home       say where the course is published: make home REPOSITORY=owner/name
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
TOUCHED = -c "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
TOUCH = $(PY) $(TOUCHED)

# A process a core, up to four; each keeps a file's tests together, as they share a page or a kernel.
PYTEST = $(PY) -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

# A process a core: threads of the linear algebra would only fight over them.
test check soak: export OPENBLAS_NUM_THREADS = 1
# Some sixty kernels import the package: compiled once, wherever the environment says not to.
test check soak: export PYTHONDONTWRITEBYTECODE =

SITE = .venv/site/$(notdir $(BIN))/python
BENCH = .venv/benchmarks/$(notdir $(BIN))/python

VERSIONS = test-oldest test-newest test-next test-colab

.PHONY: lab test check soak mutants $(VERSIONS) notebooks benchmark site site-serve site-zip \
        test-site home

lab: .venv/student
	$(PY) -m jupyterlab notebooks/00_start_here.ipynb

test: .venv/tests
	$(PY) -m ruff check .
	$(PYTEST) --nbval --nbval-current-env notebooks tests

check: export TM_CHECK = 1
check: .venv/tests
	$(PY) -m ruff check .
	$(PYTEST) -m "not browser and not kernel and not slow" tests

soak: export TM_SOAK = 1
soak: test

mutants: .venv/tests
	$(PY) -m tests.mutants --seed $(or $(SEED),1)

# Each has an environment of its own, .venv/oldest and so on, with the Python that PYTHON names.
$(VERSIONS):
	$(PYTHON) -m tests.versions $(@:test-%=%)

notebooks: .venv/tests
	$(PY) -m tests.notebooks.rerun

benchmark: .venv/benchmarks/ready
	$(BENCH) -m benchmarks

site: .venv/site/ready
	$(SITE) site build

site-serve: .venv/site/ready
	$(SITE) site serve

site-zip: .venv/site/ready
	$(SITE) site zip

home: .venv/student
	$(PY) -m tests.home $(REPOSITORY)
	$(PY) -m helpers.atlas

test-site: site .venv/tests
	$(PYTEST) site/tests

.venv/student: requirements.txt constraints.txt pyproject.toml
	$(PYTHON) -c "import sys; v = sys.version_info; v < (3, 11) and sys.exit(f'Python 3.11 or newer is needed, this is {v[0]}.{v[1]}. Try: make PYTHON=python3.12 ...')"
	$(PYTHON) -m venv .venv
	$(PIP) --requirement requirements.txt
	$(TOUCH) $@

.venv/tests: .venv/student tests/requirements.txt
	$(PIP) --requirement tests/requirements.txt
	$(TOUCH) $@

# What builds the pages has an environment of its own: students do not pay for it.
.venv/site/ready: site/requirements.txt
	$(PYTHON) -m venv .venv/site
	$(SITE) -m pip install --disable-pip-version-check --quiet --requirement site/requirements.txt
	$(SITE) $(TOUCHED) $@

# What the course is measured against, PyTorch among it, has an environment of its own too.
.venv/benchmarks/ready: requirements.txt constraints.txt tests/requirements.txt benchmarks/requirements.txt
	$(PYTHON) -m venv .venv/benchmarks
	$(BENCH) -m pip install --disable-pip-version-check --quiet --constraint constraints.txt --requirement requirements.txt --requirement tests/requirements.txt --requirement benchmarks/requirements.txt
	$(BENCH) $(TOUCHED) $@
