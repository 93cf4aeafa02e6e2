# Each command sets itself up: a virtual environment in .venv, with what pyproject.toml names.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SITE := build/html
PORT ?= 8000
BUILD := -c . -d build/doctrees -j auto -W -n --keep-going docs $(SITE)

.PHONY: html serve test lint test-slow test-digits site-audit benchmark newest linkcheck clean

html: $(VENV)/.docs ## build the site, executing every step
	$(BIN)/sphinx-build $(BUILD)
	@echo 'Open $(SITE)/index.html in a browser, or run: make serve'

serve: $(VENV)/.docs ## build, show the site on a local server, rebuild on each change
	$(BIN)/sphinx-autobuild $(BUILD) --port $(PORT) --watch gallery --watch mnistlesson \
		--watch conf.py --ignore docs/lesson --ignore docs/downloads --ignore "gallery/*.pt"

# Without a network, unless a folder of MNIST is named.
test test-slow test-digits: export MNISTLESSON_DATA ?= $(CURDIR)/mnistlesson/digits
test: lint ## lint, types, the site brought up to date, and every quick test
	$(BIN)/sphinx-build $(BUILD)
	$(BIN)/pytest --numprocesses 2 -m 'not slow' --durations 20

lint: $(VENV)/.test ## style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/oxlint

# slow: builds from nothing and broken off, downloads in fresh environments, every step by itself.
# They compare sites byte for byte, so no page of an earlier build may be left.
test-slow: clean
# digits: what other digits can change, on those that MNISTLESSON_DATA names
test-slow test-digits: test-%: $(VENV)/.test ## the site brought up to date, and the tests so marked
	$(BIN)/sphinx-build $(BUILD)
	$(BIN)/pytest --numprocesses 2 -m $* --durations 20

site-audit: $(VENV)/.test html ## what Lighthouse and axe say of every page; needs Node.js
	PYTHONPATH=tests $(BIN)/python -m tools.audit $(PAGES)

benchmark: $(VENV)/.test ## how long builds take, into a table of the contributors' guide; the better part of an hour
	PYTHONPATH=docs/_ext:tests $(BIN)/python -m tools.benchmark

newest: $(VENV)/.test ## check everything on the newest PyTorch, and leave it in the environment
	$(BIN)/pip install --quiet --upgrade torch torchvision
	$(MAKE) test test-slow

linkcheck: $(VENV)/.docs ## ask every other site that a page links to, whether it is there
	$(BIN)/sphinx-build -b linkcheck -c . -d build/doctrees -j auto -W -n --keep-going docs build/linkcheck

clean: ## remove all that was made here, but for the virtual environment
	rm -rf build docs/downloads docs/lesson gallery/*.pt

$(VENV)/.%: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed, and $(PYTHON) is " \
		+ sys.version.split()[0] + ". Name another: make PYTHON=python3.12" \
		if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[$*]'
	@touch $(VENV)/.docs $@ # whatever is installed includes docs
