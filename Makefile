# Two commands matter: `make app` and `make test`. Both need Python >= 3.11 and nothing else.
#   PYTHON=python3.12  another interpreter      CPU=1  torch without CUDA (a tenth of the download)

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install --disable-pip-version-check
TORCH := $(shell sed -n 's/^torch==//p' requirements.txt)
TORCH_FROM := $(if $(CPU),--index-url https://download.pytorch.org/whl/cpu)

.DEFAULT_GOAL := help
.PHONY: help app test test-all gate lint types format screenshots tables venv clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

app: $(VENV)/.app ## open the app on the embedded model
	$(RUN) -m streamlit run app.py

venv: $(VENV)/.dev ## make the virtual environment with everything that the tests need

test: SLOW := -m 'not slow'
test: gate ## format, lint, types, import rules and the quick tests, each one timed

test-all: gate ## the same with the slow tests

gate: $(VENV)/.dev
	$(call step,format,$(RUN) -m ruff format --check .)
	$(call step,lint,$(RUN) -m ruff check .)
	$(call step,types,$(RUN) -m mypy)
	$(call step,imports,$(VENV)/bin/lint-imports)
	$(call step,tests,$(RUN) -m pytest -n 2 --dist loadfile $(SLOW) $(ARGS))

lint: $(VENV)/.dev ## ruff and the import rules
	$(RUN) -m ruff check .
	$(VENV)/bin/lint-imports

types: $(VENV)/.dev ## mypy on dlfa/
	$(RUN) -m mypy

format: $(VENV)/.dev ## let ruff format the code and sort the imports
	$(RUN) -m ruff check --select I --fix .
	$(RUN) -m ruff format .

screenshots: $(VENV)/.dev ## take the README's pictures anew (needs Chromium)
	$(RUN) -m docs.screenshots

tables: $(VENV)/.app ## write every number in README and cards anew from the records
	$(RUN) -m docs.tables

clean: ## remove what the tools left behind; the virtual environment stays
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "DLFA Explorer needs Python 3.11 or newer, and '$(PYTHON)' is not. Install one and name it: make app PYTHON=python3.12"; \
	  exit 1; }
	@echo "Making the virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "'$(PYTHON) -m venv' failed. On Debian and Ubuntu: sudo apt-get install python3-venv"; \
	  exit 1; }

# The stamps are older than the requirements only when something has to be installed. An installed
# torch of the right version, whichever build, is left alone.
$(VENV)/.app: requirements.txt | $(RUN)
	@echo "Installing the app's packages; the first time this takes some minutes ..."
	@$(RUN) -c 'from importlib.metadata import version as v; import sys; sys.exit(v("torch").split("+")[0] != "$(TORCH)")' 2>/dev/null \
	  || $(PIP) torch==$(TORCH) $(TORCH_FROM)
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.app
	@$(PIP) --quiet -r requirements-dev.txt
	@touch $@

# $(call step,name,command): run the command and say how long it took.
define step
@echo "== $(1)"; start=$$(date +%s); $(2); status=$$?; echo "== $(1): $$(($$(date +%s) - start)) s"; exit $$status
endef
