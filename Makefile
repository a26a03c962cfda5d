# make perform: play the default show.  make test: check everything.  Both do all set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

.PHONY: perform test lint bench clean

perform: $(VENV)/.installed
	@$(BIN)/performer perform $(ARGS)

test: $(VENV)/.installed-dev
	@.ci/all

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/basedpyright

bench: $(VENV)/.installed
	$(BIN)/performer bench

# -c pins every version by name alone
$(VENV)/.installed: pyproject.toml constraints.txt
	@.ci/system run
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt
	@.ci/system test
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) tests/diffs .pytest_cache .ruff_cache .hypothesis
