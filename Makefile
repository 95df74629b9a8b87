# Two commands do everything: `make serve` and `make test`. Each sets up what it needs, in .venv.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
READY := .venv/.ready
ENGINES ?= firefox webkit
BUILDER := $(shell find coursekit/src -type f -not -name "*.pyc")
TEXTS := content/reviews/sources.json

.DEFAULT_GOAL := help
.PHONY: help serve test quick setup build lint unit transcripts editions determinism reproducible gradcheck wasm browser engines notebooks new-lesson words checkpoints lock bench bench-site load archive clean

help:  ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

serve: build  ## build the site and serve it on this machine (PORT=8000)
	@$(BIN)/coursekit serve build/site --port $(PORT)

test: lint unit transcripts editions build wasm browser reproducible  ## set up and pass every test, browser included

quick: PICK = -m "not slow"
quick: lint unit transcripts  ## the tests that need no site, no browser and no patience

setup: $(READY)  ## make .venv with the pinned requirements

$(READY): requirements.txt pyproject.toml coursekit/pyproject.toml $(TEXTS)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . -e coursekit
	@$(BIN)/coursekit data $(TEXTS)
	@touch $@

build: $(READY) build/.builder  ## build the site into build/site
	@for step in build check; do \
	  $(BIN)/jupyter lite $$step > build/$$step.log 2>&1 || { cat build/$$step.log; exit 1; }; \
	done
	@echo "the site is in build/site"

# What builds the site is in no task's dependencies: when it changes, the site is built from nothing.
build/.builder: $(BUILDER)
	@rm -rf build/site .jupyterlite.doit.db*
	@mkdir -p build
	@touch $@

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

unit: $(READY)  ## unit and property tests, natively
	@$(BIN)/pytest -q -n 2 --dist loadfile $(PICK)

transcripts: $(READY)  ## run every notebook natively and compare its outputs
	@$(BIN)/pytest -q -n 2 --dist loadfile --nbval --nbval-current-env --nbval-sanitize-with tests/nbval.cfg notebooks

editions: $(READY)  ## run the learner's edition of every notebook, and a new lesson
	@$(BIN)/pytest -q -n 2 --dist loadgroup tests/transcripts

determinism: build  ## run every notebook three times in other orders, in every Python found and in the browser
	@tests/determinism.sh $(BIN)

reproducible: $(READY)  ## build the site twice, differently, and compare the two sites
	@tests/reproducible.sh $(BIN)

gradcheck: $(READY)  ## every gradient against finite differences, as a table
	@$(BIN)/python tests/lesson/gradcheck_cases.py

wasm: build  ## the tests of NumPy code, inside WebAssembly
	@$(BIN)/coursekit wasm pytest tests/lesson

browser: build  ## every notebook and the site itself, in a real browser
	@$(BIN)/coursekit browser
	@$(BIN)/pytest -q -n 2 --dist loadgroup --browser-site build/site notebooks tests/site

engines: build  ## every notebook, and the site in short, in Firefox and in WebKit (ENGINES=webkit)
	@for engine in $(ENGINES); do \
	  $(BIN)/coursekit browser $$engine && \
	  $(BIN)/pytest -q -n 2 --dist loadgroup --browser-engine $$engine --browser-site build/site notebooks tests/engines || exit 1; \
	done

notebooks: $(READY)  ## run the notebooks and store their outputs
	@$(BIN)/coursekit execute notebooks/*.ipynb

checkpoints: $(READY)  ## train the models that lessons start from, and store them
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m lesson.recipes --into content/checkpoints

new-lesson: $(READY)  ## begin a lesson (NAME=12-my-lesson)
	@$(BIN)/coursekit new-lesson "$(NAME)"

words: $(READY)  ## collect the sentences to translate, and compile their translations (LANGUAGE_TO_BEGIN=fr)
	@$(BIN)/coursekit words lesson lesson $(LANGUAGE_TO_BEGIN:%=--language %)
	@$(BIN)/coursekit words lesson checks --data lesson.checks:every_sentence
	@$(BIN)/coursekit words coursekit/src/coursekit site $(LANGUAGE_TO_BEGIN:%=--language %)

lock: $(READY)  ## renew requirements.txt and runtime-lock.json
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --output-file requirements.txt requirements.in
	@$(MAKE) setup
	@$(BIN)/coursekit lock

bench: build  ## measure speed and learning, natively and in WebAssembly, into build/bench.json
	@missed=0; for bench in speed learn; do \
	  OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/bench/$$bench.py || missed=1; \
	  $(BIN)/coursekit wasm run tests/bench/$$bench.py || missed=1; \
	done; \
	OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/bench/faithfulness.py --seeds 5 || missed=1; \
	OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/bench/finetuning.py || missed=1; exit $$missed

bench-site: build  ## measure cold starts against a stock build
	@$(BIN)/coursekit browser
	@$(BIN)/coursekit bench

load: build  ## measure what many learners cost a web server, all of it on this machine
	@$(BIN)/coursekit load

archive: build  ## pack the site into one file, for a USB stick or a school's server
	@$(BIN)/jupyter lite archive > build/archive.log 2>&1 || { cat build/archive.log; exit 1; }
	@ls -l build/site.tgz

clean:  ## remove what was built
	@rm -rf build .jupyterlite.doit.db .cache
