# Everything a newcomer needs is here: `make demo` on a machine with Python 3.11 or newer and nothing else.

PYTHON ?= python3
VENV := $(or $(UV_PROJECT_ENVIRONMENT),.venv)
BIN := $(VENV)/bin

# As a desk behind TLS would run it; the key signs nothing.
AS_DEPLOYED := UPHELD_URL=https://desk.example.com \
	UPHELD_SECRET_KEY=for-make-check-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test test-long check bench bench-compare drill screenshots format environment environment-dev

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 22

demo: environment ## Run a desk with made-up data, and print how to sign in
	@exec $(BIN)/upheld demo $(ARGS)

demo-reset: environment ## The same, after throwing the demo's data away
	@exec $(BIN)/upheld demo --reset $(ARGS)

test: environment-dev ## Run the tests; make test ARGS="-k clock" runs some
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

test-long: environment-dev ## 10,000 stories a law, then an hour (or UPHELD_TEST_SECONDS) of mangled mails
	@LONG_TESTS=1 $(BIN)/pytest -n 2 tests/clock tests/policy tests/lives $(ARGS)
	@UPHELD_TEST_SECONDS=$(or $(UPHELD_TEST_SECONDS),3600) $(BIN)/pytest -m long $(ARGS)

check: environment-dev ## Look for mistakes without running the program
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(AS_DEPLOYED) $(BIN)/upheld manage makemigrations --check --dry-run
	$(AS_DEPLOYED) $(BIN)/upheld manage check --deploy --fail-level WARNING

bench: environment-dev ## Measure; prints a table and writes JSON
	@$(BIN)/python -m bench $(ARGS)

bench-compare: environment-dev ## Two runs of it side by side: make bench-compare A=FILE B=FILE
	@$(if $(and $(A),$(B)),,$(error Name two files of bench/results: make bench-compare A=... B=...))
	@$(BIN)/python -m bench.compare $(A) $(B)

drill: environment-dev ## Break the program in every way we know, and look whether anything was lost
	@$(BIN)/python -m drill $(ARGS)

screenshots: environment-dev ## Take the pictures of the documentation; ARGS="always-on readme" takes some
	@$(BIN)/python scripts/screenshots.py $(ARGS)

format: environment-dev ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

environment:
	@$(PYTHON) scripts/bootstrap.py

environment-dev:
	@$(PYTHON) scripts/bootstrap.py --dev
