bin := .venv/bin
catalogues := $(patsubst %.po,%.mo,$(wildcard portal/translations/*/LC_MESSAGES/messages.po))
shells := bin/portal $(shell grep -l '/usr/bin/env bash' .ci/*)
shellcheck = $(or $(wildcard $(bin)/shellcheck),$(shell command -v shellcheck))

# Python keeps what it compiled, also where the machine says otherwise: each process starts seconds sooner.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo test promises bench check .types .rules messages release lock

help: ## say what there is
	@awk -F ':[^#]*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready static/vendor/.ready $(catalogues) ## fetch what is needed, pinned, into ignored folders

demo: setup ## five schools on http://<school>.localhost:8000 (PORT=… another port, RESET=1 afresh)
	@$(bin)/python -m portal.demo

test: setup ## every test (ARGS="…" goes to pytest)
	@.ci/chromium
	@.ci/postgresql
	@.ci/pgbouncer
	@$(bin)/pytest -n logical $(ARGS)

promises: setup ## what the schools promise, and what a test shows (ARGS=--broken breaks each rule and wants red)
	@.ci/chromium
	@$(bin)/pytest -n logical -q --promises $(ARGS)

bench: setup ## the table of speeds (ARGS="…" names its parts)
	@$(bin)/python -m tests.bench $(ARGS)

check: setup ## style, types, layers, migrations, plain Dutch, scripts, platforms, known holes in dependencies
	@$(MAKE) --no-print-directory --jobs 2 .types .rules

.types:
	@$(bin)/mypy

.rules:
	@$(bin)/ruff format --check -q . && $(bin)/ruff check -q .
	@$(if $(shellcheck),$(shellcheck) $(shells),echo "shell scripts: not checked, shellcheck is not here")
	@$(bin)/lint-imports
	@$(bin)/pytest -q -n 0 tests/house/test_migrations.py tests/house/test_plain_dutch.py
	@$(bin)/python .ci/platforms.py
	@$(bin)/python .ci/audit.py || { [ $$? = 2 ] && [ -z "$$MUST_AUDIT" ]; }

messages: setup ## catalogues up to the sources (ARGS="new.en.po new.ar.po" adds those messages)
	@$(bin)/python -m tests.catalogues $(ARGS)

release: setup ## the archive that a hosting installs, in dist/
	@$(bin)/python .ci/release.py dist

lock: setup ## the locked requirements anew from pyproject.toml (UPGRADE=1 takes the newest of everything)
	@.ci/lock

.venv/.ready: requirements-dev.txt pyproject.toml .ci/venv
	@.ci/venv
	@touch $@

static/vendor/.ready: package-lock.json .npmrc .ci/npm Makefile | .venv/.ready
	@.ci/npm ci --silent
	@mkdir -p $(@D)
	@cp node_modules/htmx.org/dist/htmx.min.js node_modules/@picocss/pico/css/pico.classless.min.css $(@D)
	@rm -f $(@D)/axe.min.js
	@touch $@

%.mo: %.po | .venv/.ready
	@$(bin)/pybabel --quiet compile -i $< -o $@
