# Everything this project does, by name. `make help` lists it.
#   PYTHON=python3.12   the interpreter that makes .venv (3.11 or newer)
#   SIZE=S              size of the demonstration: S, M or L
#   PORT=8501           where the dashboard of `make run` and `make demo` listens
#   ARGS=...            more arguments for pytest, or for the benchmarks

ifeq ($(wildcard dashboard.py ccm/__init__.py),)
$(error Run make in the project's folder, or name that folder: make -C <folder> run)
endif

PYTHON ?= python3
SIZE ?= S
PORT ?= 8501
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --disable-pip-version-check --no-input
RUN_READY := $(VENV)/.requirements-installed
PROOFS := $(addprefix tests/integration/test_,store_journal.py concurrency.py permissions.py raw_export.py \
	rights.py checks_removed.py journal_size.py killed.py told_once.py guessing.py traces.py \
	past_readings.py register_query.py) \
	tests/spec/test_random_plans.py tests/web/test_forged_frames.py tests/ui/test_figures_lead_to_rows.py
DEV_READY := $(VENV)/.requirements-dev-installed

.DEFAULT_GOAL := help
.PHONY: help run demo test check bench proof format i18n clean
# A step that fails half-way must not look done at the next call.
.DELETE_ON_ERROR:

help: ## list these commands
	@grep -E '^[a-z0-9]+:.*## ' Makefile | sed -E 's/^([a-z0-9]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: $(RUN_READY) ## set everything up and open the dashboard in the browser (PORT=8501)
	$(PY) -m ccm init
	$(PY) -m ccm serve --port $(PORT)

demo: $(RUN_READY) ## open the dashboard on invented data, in a store of its own (SIZE=S, M or L; PORT=8501)
	test -f data/demo-$(SIZE).db || $(PY) -m ccm demo --size $(SIZE) --store "sqlite:///$(CURDIR)/data/demo-$(SIZE).db"
	$(PY) -m ccm serve --store "sqlite:///$(CURDIR)/data/demo-$(SIZE).db" --port $(PORT)

test: $(DEV_READY) ## run the tests, but the long ones; installs Chromium, PostgreSQL and LibreOffice where it may
	sh tools/ensure_test_services.sh
	TMPDIR=$$(sh tools/fast_folder.sh) $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not long" $(ARGS)

check: $(DEV_READY) ## format, lint, types, contracts, translations and generated docs
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PY) -m ccm.i18n.check
	$(PY) -m ccm.cli.docs --check

bench: $(DEV_READY) ## measure what the application costs
	$(PY) -m benchmarks $(ARGS)

proof: $(DEV_READY) ## the long tests, and others at the sizes of the requirements: tamperings, writers, rights
	sh tools/ensure_test_services.sh
	CCM_PROOF=1 TMPDIR=$$(sh tools/fast_folder.sh) $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m long $(ARGS)
	CCM_PROOF=1 TMPDIR=$$(sh tools/fast_folder.sh) $(PY) -m pytest -s $(PROOFS) $(ARGS)

format: $(DEV_READY) ## format the code and mend what ruff can mend
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

i18n: $(DEV_READY) ## bring the new messages of the code into the English catalogue
	$(PY) -m ccm.i18n.check update

clean: ## remove the environment and the tools' caches; the stores in data/ stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	sh tools/make_venv.sh "$(PYTHON)" $(VENV)

$(RUN_READY): requirements.txt | $(PY)
	$(PIP) -r requirements.txt
	$(PY) -m ccm.web.compressed_files
	touch $@

$(DEV_READY): requirements-dev.txt requirements.txt | $(PY)
	$(PIP) -r requirements-dev.txt
	$(PY) -m ccm.web.compressed_files
	touch $@ $(RUN_READY)
