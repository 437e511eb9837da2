# demo: five schools on http://<school>.localhost:8000 (PORT=… another port, RESET=1 afresh)
# test: every test (ARGS="…" goes to pytest) · promises: what the schools promise, and what a test shows
# bench: the table of speeds · check: style, types, layers, migrations, known holes in dependencies
# lock: the locked requirements anew from pyproject.toml

bin := .venv/bin
catalogues := $(patsubst %.po,%.mo,$(wildcard portal/translations/*/LC_MESSAGES/messages.po))

.PHONY: setup demo test promises bench check lock
setup: .venv/.ready static/vendor/.ready $(catalogues)

demo: setup
	@$(bin)/python -m portal.demo

test: setup
	@.ci/chromium
	@.ci/postgresql
	@$(bin)/pytest -n logical $(ARGS)

promises: setup
	@.ci/chromium
	@$(bin)/pytest -n logical -q --promises $(ARGS)

bench: setup
	@$(bin)/python -m tests.bench $(ARGS)

check: setup
	@$(bin)/ruff format --check -q . && $(bin)/ruff check -q .
	@$(bin)/lint-imports
	@$(bin)/mypy
	@$(bin)/pytest -q -n 0 tests/house/test_migrations.py
	@$(bin)/python .ci/audit.py

lock: setup
	@.ci/lock

.venv/.ready: requirements-dev.txt pyproject.toml .ci/venv
	@.ci/venv
	@touch $@

static/vendor/.ready: package-lock.json .npmrc .ci/npm | .venv/.ready
	@.ci/npm ci --silent
	@mkdir -p $(@D)
	@cp node_modules/htmx.org/dist/htmx.min.js node_modules/@picocss/pico/css/pico.min.css node_modules/axe-core/axe.min.js $(@D)
	@touch $@

%.mo: %.po | .venv/.ready
	@$(bin)/pybabel --quiet compile -i $< -o $@
