# Everything a fresh machine needs is Python 3.11 or newer and make; the rest is installed into .venv, from the locks.
#
#   make run      start the daemon on http://127.0.0.1:8000
#   make test     lint, types and every test
#   make lint     lint and types alone
#   make format   format the code, and mend what the linter can mend
#   make soak     the trials that take an hour
#   make bench    measure, as ratios in one run
#   make lock     rewrite the locks; `make lock UPGRADE=1` takes the newest versions
#   make clean    remove .venv, caches and build output; var/ stays

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) pyproject.toml

# Tests start the program hundreds of times: without the bytecode of the first time it would compile itself each time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
.PHONY: run test lint format soak bench lock clean tools moved

run: .venv/.runtime
	@exec $(BIN)/notifier run

# A minute or two each, and so side by side.
YEARS := tests/integration/test_year.py tests/integration/test_year_of_trouble.py

# Those that start programs wait for them half the time: one worker more than there are cores.
WAITING := $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
# Longest first, so that nobody waits for it at the end.
MESSAGES := tests/acceptance/test_messages.py
LONGEST := $(patsubst %,tests/acceptance/test_%.py,front_door static_site every_page subscribing foretelling hostile kills valid_pages notices)
OTHERS := $(filter-out $(MESSAGES) $(LONGEST),$(wildcard tests/acceptance/test_*.py))

# The Nu Html Checker, which reads every page.
NU := tests/nu/node_modules/vnu-jar/build/dist/vnu.jar

test: tools $(NU) lint
	@rm -rf test-artefacts
	@$(BIN)/pytest -n auto --dist loadfile tests/unit
	@$(BIN)/pytest -n auto --dist loadfile tests/integration $(YEARS:%=--ignore %)
	@$(BIN)/pytest -n auto $(YEARS)
	@$(BIN)/pytest -n auto $(MESSAGES)
	@$(BIN)/pytest -n $(WAITING) --dist loadfile --no-loadscope-reorder $(LONGEST) $(OTHERS)

lint: .venv/.dev
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: .venv/.dev
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet

# An hour: a year of messages to thousands of readers, years of trouble, long runs that are killed. Figures are printed.
soak: .venv/.dev
	@$(BIN)/pytest -s tests/soak

bench: .venv/.dev
	@$(BIN)/python -m benchmarks

# The wider set is resolved first and holds the narrower: what is tested is what runs.
lock: .venv/.dev
	@$(LOCK) --extra build --extra dev --output-file requirements-dev.lock
	@$(LOCK) --extra build --constraint requirements-dev.lock --output-file requirements.lock

clean:
	@rm -rf .venv tests/nu/node_modules test-artefacts build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A virtual environment holds its own absolute path, so a checkout that was moved makes a new one.
ifneq ($(shell test -x $(BIN)/python && cat .venv/.made-in 2>/dev/null),$(CURDIR))
.venv/.made-in: moved
endif

.venv/.made-in:
	@command -v "$(PYTHON)" >/dev/null || \
		{ echo "notifier needs Python 3.11 or newer, and there is no $(PYTHON) here: install one, or name it with PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "notifier needs Python 3.11 or newer, and $(PYTHON) is $$("$(PYTHON)" -V 2>&1): install a newer one, or name it with PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) has no venv or no ensurepip: install them (on Debian and Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear .venv
	@echo "$(CURDIR)" > $@

.venv/.runtime: .venv/.made-in requirements.lock pyproject.toml
	@echo "Installing the locked packages into .venv, once…" >&2
	@$(PIP) install --no-deps --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	@echo "Installing the locked development packages into .venv, once…" >&2
	@$(PIP) install --no-deps --require-hashes --requirement requirements-dev.lock
	@touch $@

# What the tests drive or ask beside Python: each command with the package that has it on Debian and Ubuntu.
TOOLS := chromium=chromium nginx=nginx-light dovecot=dovecot-imapd java=default-jre-headless npm=npm

tools:
	@PATH="$$PATH:/usr/sbin"; \
	missing=$$(for tool in $(TOOLS); do command -v "$${tool%%=*}" >/dev/null || echo "$${tool##*=}"; done | xargs); \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing $$missing for the tests, once…" >&2; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else \
		echo "The tests need $$missing, as Debian and Ubuntu name the packages: install them, then run make test again" >&2; exit 1; \
	fi

$(NU): tests/nu/package-lock.json | tools
	@npm ci --prefix tests/nu --ignore-scripts --no-audit --no-fund --silent
	@touch $@
