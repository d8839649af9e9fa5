# Every chore is one word; `make` alone lists them. Nothing is needed but make and Python 3.11 or later.
.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
OUT := out
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# Where this is set, every process compiles anew: a worker rewrites all tests for five seconds before the first begins.
unexport PYTHONDONTWRITEBYTECODE
# uv installs faster where it is there; pip does the same from the same hashed pins.
INSTALL = if command -v uv >/dev/null 2>&1; then VIRTUAL_ENV=$(VENV) uv pip install -q --compile-bytecode --require-hashes -r $(1); \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi

help:  ## list the chores
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null \
	|| grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST)

setup: $(VENV)/.run $(VENV)/.catalogues  ## create .venv with `tocsin` in it

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "Tocsin needs Python 3.11 or later: install it, or name it: make PYTHON=/path/to/python3"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "This Python cannot make virtual environments; on Debian: apt install python3-venv"; exit 2; }
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements/run.txt pyproject.toml
	@echo "Setting up .venv ..."
	@$(call INSTALL,requirements/run.txt)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@$(BIN)/python -m compileall -q src
	@touch $@

# Compiled by Babel, so that nobody needs gettext's tools; installing without make does the same (hatch_build.py).
CATALOGUES = $(wildcard src/tocsin/config/locale/*/LC_MESSAGES/*.po)
$(VENV)/.catalogues: $(VENV)/.run $(CATALOGUES)
	@$(BIN)/pybabel -q compile -d src/tocsin/config/locale -D django
	@touch $@

$(VENV)/.test: $(VENV)/.run $(VENV)/.catalogues requirements/test.txt
	@$(call INSTALL,requirements/test.txt)
	@touch $@

$(VENV)/.bench: $(VENV)/.test requirements/bench.txt
	@$(call INSTALL,requirements/bench.txt)
	@touch $@

run: setup  ## the whole way from a report to a finished appeal; then serve a demonstration site to this machine
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/run.sh $(OUT)
	@echo
	@test -e var/site.toml || $(BIN)/tocsin site init --demonstration --case examples/case.yaml
	@$(BIN)/tocsin site serve

# CI runs the long ones with the others: it sets ARGS to `-m ''`, and the last word counts.
test: $(VENV)/.test  ## set up and run the tests, those of the rooms on SQLite; the others have chores of their own
	@$(BIN)/python -m pytest -q -n auto --dist worksteal --database sqlite --ignore tests/browser -m 'not long' $(ARGS)

long: $(VENV)/.test  ## start whole sites from the command line, kill them and their processes, let the benches run once
	@$(BIN)/python -m pytest -q -n auto --dist worksteal --database sqlite --ignore tests/browser -m long $(ARGS)

postgresql: $(VENV)/.test  ## run the tests of the rooms on PostgreSQL, which a wheel brings (PART=1/2 for a part)
	@$(BIN)/python -m pytest -q -n auto --dist worksteal --database postgresql $(if $(PART),--part $(PART)) tests/rooms $(ARGS)

browser: $(VENV)/.test  ## walk through the pages in Debian's Chromium (PICTURES=1 keeps what was looked at in out/screens, each main page in all eight looks; PICTURES=3/8 in one)
	@$(if $(PICTURES),rm -rf $(OUT)/screens)
	@$(BIN)/python -m pytest -q -n auto --dist worksteal tests/browser $(ARGS)
	@$(if $(PICTURES),$(if $(or $(CI),$(if $(ARGS),,all)),$(BIN)/python -m pytest -q tests/browser/pictures_there.py))

check: $(VENV)/.test  ## lint, types, import contract
	@$(BIN)/ruff check --no-cache src tests bench
	@$(BIN)/ruff format --no-cache --check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: $(VENV)/.test  ## format, and repair what the linter can
	@$(BIN)/ruff check --fix src tests bench
	@$(BIN)/ruff format src tests bench

golden: $(VENV)/.test  ## rewrite the golden files; read the diff
	@$(BIN)/python -m pytest -q -n auto --update-golden $(ARGS)
	@git --no-pager diff --stat

BENCHES := reading_speed preflight rendering code_finding name_matching classifying reader_score round_trip composing journal strongroom \
	evidence desk_speed directory_files public_site_speed public_server_speed importing sending subscribers_import outbox_speed \
	outbox_growth outbox_floor desk_beside_mailing mail_reading inbox_flood standing_set
ifdef PART
BENCHES := $(shell printf '%s\n' $(BENCHES) | awk -v part='$(PART)' '{ split(part, p, "/") } NR % p[2] == p[1] % p[2]')
endif
ifdef CI
SMALL_code_finding := --codes 2000 --replies 6000
SMALL_desk_beside_mailing := --readers 300
SMALL_desk_speed := --cases 300
SMALL_faults := FAULT_STEP=3 FAULT_EVERY=21 FAULT_SEEDS=2 FAULT_FORGED=20000 FAULT_TRIES=50000 FAULT_NONCES=10000 TOCSIN_KILLS=8
SMALL_importing := --documents 5
SMALL_inbox_flood := --reports 300 --database sqlite --drain
SMALL_journal := --largest 100000
SMALL_outbox_floor := --quick
SMALL_outbox_growth := --quick
SMALL_outbox_speed := --messages 2000 --mailers 2
SMALL_public_server_speed := --requests 400
SMALL_mail_reading := --mails 300 --codes 2000
SMALL_name_matching := --cases 5000 --questions 150
SMALL_preflight := --quick
SMALL_public_site_speed := --appeals 120
SMALL_reading_speed := --quick
SMALL_round_trip := --cases 60
SMALL_standing_set := --appeals 120 --cases 300
SMALL_strongroom := --quick
SMALL_subscribers_import := --rows 15000
endif

docs: $(VENV)/.test  ## rewrite the generated pages of docs/
	@$(BIN)/python -m pytest -q --update-golden tests/test_docs.py

messages: $(VENV)/.test  ## bring the catalogues of the desk's pages up to date; then translate what is empty
	@PYTHONPATH=tests $(BIN)/python tests/catalogues.py
	@$(MAKE) -s setup

bench: $(VENV)/.bench  ## measure: speed, precision and recall, side by side with peers (PART=1/3 for a part; most are small where CI is set)
	@missed=; $(foreach each,$(BENCHES),echo "== $(each)"; $(BIN)/python bench/$(each).py $(SMALL_$(each)) || missed="$$missed $(each)";) \
	test -z "$$missed" || { echo "bench: a figure was missed, or a script broke:$$missed"; exit 1; }

fuzz: $(VENV)/.test  ## throw hostile input at all that reads strangers' text or bytes, SECONDS for each (60; then TURN=3 one of them for 60)
	@if $(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/fuzz.txt; \
	then $(BIN)/python bench/fuzz.py --seconds $(or $(SECONDS),60) && \
	$(if $(TURN),$(BIN)/python bench/fuzz.py --turn $(TURN),true); \
	else echo "fuzz: atheris has no build for this Python; nothing was fuzzed"; test -z "$(CI)"; fi
	@test $(or $(SECONDS),60) -lt 60 || $(BIN)/python -m pytest -q -n auto --hypothesis-profile thorough -m hypothesis tests/core tests/adapters
	@EXAMPLES=$$(( $(or $(SECONDS),60) * 5 )) $(BIN)/python -m pytest -q -m "not long" tests/rooms/publishing/test_public_schema.py \
	tests/rooms/appeals/test_every_order.py

faults: $(VENV)/.test  ## fill a disk, hold a database, stop or kill a process: what must work all the same (SEEDS=1000 simulated worlds, SEED=17 one, PART=1/2 a part; fewer points where CI is set)
	@$(SMALL_faults) WORLD_SEEDS=$(SEEDS) WORLD_SEED=$(SEED) $(BIN)/python -m pytest -q -n 2 --dist worksteal $(if $(PART),--part $(PART)) tests/faults/faults_*.py tests/rooms/*/faults_*.py $(ARGS)

image: $(VENV)/.test  ## build the container image and let a site live in it (BUILD='buildah build' RUN=podman where docker is not)
	@IMAGE_BUILD="$(or $(BUILD),docker build)" IMAGE_RUN="$(or $(RUN),docker)" $(BIN)/python -m pytest -q -s tests/image/try_image.py $(ARGS)

sabotage: $(VENV)/.test  ## break each safety promise in a copy; a test must go red (ARGS=word for some, ARGS=1/3 for a part)
	@$(BIN)/python tests/sabotage/run.py $(ARGS)

clean:  ## remove what was built
	@rm -rf $(VENV) $(OUT) .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: help setup run test postgresql browser check fix golden docs messages bench fuzz faults image sabotage clean
