# Two commands for everybody: `make demo` and `make test`. Both set up their own environment in .venv, with the Python that
# `PYTHON` names: `make test PYTHON=python3.13`. Another Python makes the environment anew.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
READY := $(VENV)/.ready-$(VERSION)
PIP := -m pip install --quiet --disable-pip-version-check
ALONE := $(VENV)-alone
# Coverage is measured where every engine exists. Later Pythons lack durable-rules, and tracing makes the tests there ten times as slow.
COVERAGE := $(shell $(PYTHON) -c 'import sys; print("--cov --cov-report=term" if sys.version_info < (3, 13) else "")')

.PHONY: demo test alone fuzz bench differential generated goldens lock clean

demo: $(READY)
	@$(BIN)/jmentitle assess examples/dibao_family_with_disabled_father.yaml --on 2018-10-15 --lang zh
	@echo
	@$(BIN)/jmentitle assess examples/dibao_family_with_disabled_father.yaml --on 2018-10-15 --lang en

test: $(READY)-test
	$(BIN)/ruff check jmentitle tests benchmarks examples
	$(BIN)/ruff format --check jmentitle tests benchmarks examples
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist worksteal $(COVERAGE)

# The package as it is without extras, in an environment that has nothing else, answers all examples of the pack; a warning is an error.
alone: $(READY)
	$(PYTHON) -m venv --clear $(ALONE)
	$(ALONE)/bin/python $(PIP) --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir $(ALONE)/wheel .
	$(ALONE)/bin/python $(PIP) --no-deps $(ALONE)/wheel/*.whl
	$(ALONE)/bin/python -m pip check --disable-pip-version-check
	$(ALONE)/bin/python -I -W error -m jmentitle examples jingmen
	@rm -rf $(ALONE)

# For as long as wanted: make fuzz MINUTES=120
MINUTES ?= 30
fuzz: $(READY)-test
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES)

bench: $(READY)-bench
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks population --write

# All engines beside each other on a hundred million decisions; an interruption goes on where it was.
differential: $(READY)-test
	$(BIN)/python -m tests.differential --decisions 1e8 --resume $(VENV)/differential.json

# Files that come from the pack and the code: the typed profile, the pages of all items, the figures of the city, the API and what the notebooks show.
generated: $(READY)-test
	$(BIN)/python -m jmentitle.author.typed_profile jingmen > $(VENV)/typed.py && mv $(VENV)/typed.py jmentitle/typed/jingmen.py
	$(BIN)/jmentitle table --lang en > docs/items.md
	$(BIN)/jmentitle table --lang zh > docs/items.zh.md
	$(BIN)/python -m jmentitle.synthetic.table jingmen > docs/synthetic_city_figures.md
	$(BIN)/python -m jmentitle.author.api_reference docs/api
	$(BIN)/python examples/notebooks.py

# The texts that tests hold whole. Read the difference before committing it.
goldens: $(READY)-test
	$(BIN)/python -m tests.support.record
	git --no-pager diff --stat -- tests

# The engine `durable` needs durable-rules, which does not exist for Python 3.13 and later.
$(READY): pyproject.toml requirements/base.txt requirements/durable.txt requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python $(PIP) --require-hashes -r requirements/base.txt -r requirements/build.txt
	$(BIN)/python $(PIP) --no-build-isolation --require-hashes -r requirements/durable.txt
	$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(READY)-test: $(READY) requirements/test.txt
	$(BIN)/python $(PIP) --no-build-isolation --require-hashes -r requirements/test.txt
	@touch $@

# Other engines are optional: one that does not install beside what is locked here is skipped. IPython and psutil are left to them: policyengine-core
# wants older ones than the notebooks were locked with.
$(READY)-bench: $(READY)-test requirements/bench.in
	$(BIN)/python -m pip freeze --exclude-editable --exclude ipython --exclude psutil > $(VENV)/locked.txt
	@grep -v '^#' requirements/bench.in | while read -r peer; do \
	  $(BIN)/python $(PIP) --constraint $(VENV)/locked.txt "$$peer" || echo "skipped: $$peer does not install here"; \
	done
	@touch $@

# For maintainers: needs uv.
lock:
	uv pip compile --quiet --no-strip-extras --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" pyproject.toml -o requirements/base.txt
	uv pip compile --quiet --no-strip-extras --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" pyproject.toml --extra durable -o requirements/durable.txt
	uv pip compile --quiet --no-strip-extras --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" pyproject.toml --extra population --extra plot --extra spark --group test --group check -c requirements/base.txt -o requirements/test.txt
	uv pip compile --quiet --no-strip-extras --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" requirements/build.in -o requirements/build.txt

clean:
	rm -rf $(VENV) $(ALONE) build dist .coverage .hypothesis .mypy_cache .ruff_cache .pytest_cache
