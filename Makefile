# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test screenshots check lint types contracts evidence faults bench lock catalogues pages clean

help:
	@echo "make demo        set up, build an invented union of 26 cities, evaluate it, publish it"
	@echo "make test        set up, run the tests"
	@echo "make check       lint, types, import contracts"
	@echo "make evidence    the long simulations behind docs/evidence.md"
	@echo "make faults      kill -9 at 400 moments, full and read-only disks: counts of docs/evidence.md"
	@echo "make bench       every benchmark with its rival"
	@echo "make catalogues  collect the texts that need a translation into the gettext catalogues"
	@echo "make pages       run the code of docs/method, renew its figures and pictures"
	@echo "make screenshots pictures of every page of the demonstration's site, to be looked at"
	@echo "make lock        resolve the dependencies anew"

# A requirement that changes, a catalogue that changes: the environment is made ready again.
$(READY): pyproject.toml requirements.lock.txt hatch_build.py package-lock.json $(wildcard src/otdacha/site/styles/*.scss) $(wildcard src/otdacha/locale/*/LC_MESSAGES/*.po)
	@sh tools/environment.sh "$(PYTHON)" "$(VENV)"
	@sh tools/assets.sh $(BIN)/python
	@touch $@

demo: $(READY)
	@$(BIN)/otdacha demo demo

test: $(READY)
	@sh tools/browser.sh
	@sh tools/engines.sh
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: lint types contracts

lint: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(READY)
	@$(BIN)/mypy

contracts: $(READY)
	@$(BIN)/lint-imports

evidence: $(READY)
	@$(BIN)/python -m pytest -m long tests/simulation tests/property -s

faults: $(READY)
	@$(BIN)/python -m pytest -m "long or not long" tests/faults -s

bench: $(READY)
	@for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python "$$file" || exit 1; done

catalogues: $(READY)
	@$(BIN)/python tools/catalogues.py

pages: $(READY)
	@$(BIN)/python tools/method_pages.py

screenshots: $(READY)
	@sh tools/browser.sh
	@$(BIN)/python tools/screenshots.py

lock:
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
	    --group dev --python-version 3.11 pyproject.toml -o requirements.lock.txt

clean:
	@rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
