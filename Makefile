# Everything a developer types. `make help` lists it. Works with GNU make 3.81 and later.
#
# Each environment is a folder of its own that keeps a copy of the lock file it was made from (its *.lock): it is
# brought up to date when the two differ, and only then. An interrupted installation is simply taken up again.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
# The client of 2024 does not install on Python 3.13 and later. Where there is no older one, its tests are left out.
OLD_PYTHON ?= $(shell for p in $(PYTHON) python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info[:2] > (3, 12))' 2>/dev/null && echo $$p && break; done)
# The tools for assistants want Python 3.13 or later; pyenv keeps what it installs off the path. Likewise left out.
NEW_PYTHON ?= $(shell for p in python3.13 $(PYTHON) $(wildcard $(HOME)/.pyenv/versions/3.13.*/bin/python3) python3.14; do \
  $$p -c 'import sys; sys.exit(sys.version_info[:2] < (3, 13))' 2>/dev/null && echo $$p && break; done)
ENGINE ?= embedded
JOBS ?= 2
TESTS ?= tests
VENV := .venv
SAM_VENV := .venv-sam
ASL_VENV := .venv-asl
CLIENTS_VENV := .venv-clients
OLD_VENV := .venv-clients-old
DPH_VENV := .venv-clients-dph
WXDI_VENV := .venv-clients-wxdi
DPX_VENV := .venv-clients-dpx
MCP_VENV := .venv-clients-mcp
AUDIT_VENV := .venv-audit

export ENGINE
export SAM_CLI_TELEMETRY := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

CLIENT_LOCKS = $(DPH_VENV)/clients.lock $(WXDI_VENV)/clients.lock $(DPX_VENV)/clients.lock $(CLIENTS_VENV)/clients.lock $(if $(OLD_PYTHON),$(OLD_VENV)/clients.lock) $(if $(NEW_PYTHON),$(MCP_VENV)/clients.lock)
NOT_HERE = $(if $(OLD_PYTHON),, and not old_clients)$(if $(NEW_PYTHON),, and not new_clients)
TEMPLATES = $(wildcard template.yaml functions/*/template.yaml statemachines/template.yaml)
CODE = layers functions local tests $(if $(wildcard benchmarks/*.py),benchmarks)

say = @printf '\033[1m==> %s\033[0m\n'

old_client = $(if $(OLD_PYTHON),,$(say) 'No Python 3.11 or 3.12 here: the tests with the client of 2024 are left out')
new_client = $(if $(NEW_PYTHON),,$(say) 'No Python 3.13 here: the tests with dataproduct-mcp are left out')

# uv installs in a third of the time. It does not know the index that somebody may have given to pip: then, and where
# uv cannot be had or does not succeed, pip installs.
by_pip = $(1)/bin/python -m pip install -qq --no-compile --require-hashes --no-deps $(3) -r $(2)
by_uv = { ! $(1)/bin/python -m pip config list | grep -qE '[.:]index-url='; } \
	  && $(call by_pip,$(1),requirements/uv.txt,--only-binary :all:) 2> /dev/null \
	  && $(1)/bin/uv pip install -q --python $(1)/bin/python --require-hashes --no-deps $(3) -r $(2) 2> /dev/null

# $(call install,folder,lock file,copy of the lock,python[,options of pip and uv])
define install
	@if cmp -s $(2) $(3); then touch $(3); else \
	  printf '\033[1m==> %s\033[0m\n' "Installing $(2) into $(1)"; \
	  $(4) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Souk needs Python 3.11 or later: make PYTHON=python3.13")' \
	  && { test -x $(1)/bin/pip || $(4) -m venv $(1); } \
	  && { { $(call by_uv,$(1),$(2),$(5)); } || $(call by_pip,$(1),$(2),$(5)); } \
	  && cp $(2) $(3); fi
endef

# The `souk` command and the import roots: two small files, so that nothing is built.
define launcher
	@printf '%s\n' '$(CURDIR)/layers/souk' '$(CURDIR)/functions' '$(CURDIR)' \
	  > "$$($(VENV)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/souk.pth"
	@printf '#!/bin/sh\nexec "%s" -c "import sys; from local.cli import souk; sys.exit(souk())" "$$@"\n' \
	  '$(CURDIR)/$(VENV)/bin/python' > $(VENV)/bin/souk && chmod +x $(VENV)/bin/souk
endef

.PHONY: help run reset test check clients heavy build bench openapi posture sbom audit lock

help:
	@printf '%s\n' \
	  'make run       start Souk on this machine (ENGINE=embedded|aws)' \
	  'make reset     forget the state of the local run' \
	  'make test      run the tests (ENGINE=..., TESTS=tests/...)' \
	  'make check     format, lint, types, import rules, templates, build' \
	  'make clients   only the tests that drive real clients' \
	  'make heavy     the long tests: many writers, many records' \
	  'make bench     measure against the budgets' \
	  'make build     what `sam deploy` deploys, compiled' \
	  'make openapi   write the OpenAPI documents anew' \
	  'make posture   what bandit says of the code, checkov of the templates' \
	  'make sbom      what the functions carry (build/sbom.json, CycloneDX)' \
	  'make audit     hold the pins against the advisories; fails when it cannot' \
	  'make lock      pin the newest versions that fit, with hashes'

run: $(VENV)/local.lock
	@$(VENV)/bin/souk up

reset: $(VENV)/local.lock
	@$(VENV)/bin/souk reset

test: $(VENV)/dev.lock $(CLIENT_LOCKS)
	$(old_client)
	$(new_client)
	$(say) 'Tests on the engine "$(ENGINE)"'
	@$(VENV)/bin/python -m pytest -q -n $(JOBS) --dist loadfile -m 'not heavy$(NOT_HERE)' $(TESTS)

clients: $(VENV)/dev.lock $(CLIENT_LOCKS)
	$(old_client)
	$(new_client)
	$(say) 'Real clients on the engine "$(ENGINE)"'
	@$(VENV)/bin/python -m pytest -q -m 'clients$(NOT_HERE)' $(TESTS)

heavy: $(VENV)/dev.lock
	$(say) 'Long tests on the engine "$(ENGINE)"'
	@$(VENV)/bin/python -m pytest -q -m heavy $(TESTS)

# Lambda cannot write beside the code, so all of it is compiled here, where Python 3.13 is at hand.
build: $(VENV)/dev.lock $(SAM_VENV)/sam.lock
	@PYTHON='$(CURDIR)/$(VENV)/bin/python' $(SAM_VENV)/bin/sam build
	@python3.13 -m compileall -q --invalidation-mode unchecked-hash .aws-sam/build \
	  || echo 'note: no python3.13 here, the functions are not compiled'

bench: $(VENV)/dev.lock
	$(say) 'Measurements'
	@$(VENV)/bin/python -m benchmarks

openapi: $(VENV)/dev.lock
	@$(VENV)/bin/python -m tests.doors.record
	@$(VENV)/bin/python -m local.openapi
	@$(VENV)/bin/python -m local.asyncapi

check: $(VENV)/dev.lock $(SAM_VENV)/sam.lock $(ASL_VENV)/asl.lock
	$(say) 'Format and lint'
	@$(VENV)/bin/ruff format --quiet --check $(CODE) || { $(VENV)/bin/ruff format --check $(CODE); exit 1; }
	@$(VENV)/bin/ruff check --quiet $(CODE)
	$(say) 'Types'
	@$(VENV)/bin/mypy --no-error-summary $(CODE)
	$(say) 'Import rules'
	@$(VENV)/bin/lint-imports --no-logo > .import-rules.log || { cat .import-rules.log; exit 1; }; rm -f .import-rules.log
	$(say) 'Templates'
	@$(VENV)/bin/cfn-lint $(TEMPLATES)
	@$(SAM_VENV)/bin/sam validate --lint > .sam.log 2>&1 || { cat .sam.log; exit 1; }; rm -f .sam.log
	$(say) 'State machines'
	@$(VENV)/bin/python -m tests.machines build/machines && $(ASL_VENV)/bin/statelint build/machines/*.json
	$(say) 'What templates, code and recordings say of each other'
	@$(VENV)/bin/python -m pytest -q -n $(JOBS) --dist loadfile tests/repository > .repository.log 2>&1 || { cat .repository.log; exit 1; }; rm -f .repository.log
	$(say) 'Build'
	@PYTHON='$(CURDIR)/$(VENV)/bin/python' $(SAM_VENV)/bin/sam build > .sam.log 2>&1 || { cat .sam.log; exit 1; }; rm -f .sam.log
	$(say) 'Recorded invocations, replayed through the build'
	@$(VENV)/bin/python -m tests.built_replay

# What is left out stands with its reason in pyproject.toml and in .checkov.yaml.
posture: $(AUDIT_VENV)/audit.lock
	$(say) 'Code'
	@$(AUDIT_VENV)/bin/bandit -q -c pyproject.toml -r layers/souk functions local
	$(say) 'Templates'
	@$(AUDIT_VENV)/bin/checkov --config-file .checkov.yaml --file $(TEMPLATES)

sbom: $(AUDIT_VENV)/audit.lock
	@mkdir -p build
	@$(AUDIT_VENV)/bin/cyclonedx-py requirements layers/vendor/requirements.txt --output-reproducible -o build/sbom.json
	$(say) 'build/sbom.json'

# Strict: what could not be looked up counts as a failure. It needs the advisories of PyPI, so no check rests on it.
audit: $(AUDIT_VENV)/audit.lock
	$(say) 'Advisories'
	@for lock in layers/vendor/requirements.txt requirements/local.txt; do \
	  $(AUDIT_VENV)/bin/pip-audit --strict --no-deps --disable-pip -r $$lock \
	    || { echo "$$lock: not audited, or not clean"; exit 1; }; done

# What the runtime pins, the local run pins too, and what that pins, the tests pin.
LOCK = $(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras --upgrade
lock: $(VENV)/dev.lock
	@$(call by_pip,$(VENV),requirements/uv.txt,)
	@$(LOCK) layers/vendor/requirements.in -o layers/vendor/requirements.txt
	@$(LOCK) requirements/local.in -c layers/vendor/requirements.txt -o requirements/local.txt
	@$(LOCK) requirements/dev.in -c requirements/local.txt -o requirements/dev.txt
	@$(LOCK) --build-constraints requirements/clients-dpx-build.in requirements/clients-dpx.in -o requirements/clients-dpx.txt
	@$(subst --python-version 3.11,--python-version 3.13,$(LOCK)) requirements/clients-mcp.in -o requirements/clients-mcp.txt
	@for name in uv sam asl audit clients clients-old clients-dph clients-wxdi clients-dpx-build; do $(LOCK) requirements/$$name.in -o requirements/$$name.txt; done

# What a run imports is compiled now: a first start would take three times as long.
$(VENV)/local.lock: requirements/local.txt
	$(call install,$(VENV),$<,$@,$(PYTHON),--compile)
	$(launcher)
	@$(VENV)/bin/python -m compileall -q layers functions local

$(VENV)/dev.lock: requirements/dev.txt $(VENV)/local.lock
	$(call install,$(VENV),$<,$@,$(PYTHON))

$(AUDIT_VENV)/audit.lock: requirements/audit.txt
	$(call install,$(AUDIT_VENV),$<,$@,$(PYTHON))

$(SAM_VENV)/sam.lock: requirements/sam.txt
	$(call install,$(SAM_VENV),$<,$@,$(PYTHON))

$(ASL_VENV)/asl.lock: requirements/asl.txt
	$(call install,$(ASL_VENV),$<,$@,$(PYTHON))

$(CLIENTS_VENV)/clients.lock: requirements/clients.txt
	$(call install,$(CLIENTS_VENV),$<,$@,$(PYTHON))

$(OLD_VENV)/clients.lock: requirements/clients-old.txt
	$(call install,$(OLD_VENV),$<,$@,$(OLD_PYTHON))

$(DPH_VENV)/clients.lock: requirements/clients-dph.txt
	$(call install,$(DPH_VENV),$<,$@,$(PYTHON))

$(WXDI_VENV)/clients.lock: requirements/clients-wxdi.txt
	$(call install,$(WXDI_VENV),$<,$@,$(PYTHON))

$(MCP_VENV)/clients.lock: requirements/clients-mcp.txt
	$(call install,$(MCP_VENV),$<,$@,$(NEW_PYTHON))

# This client is built here, with the tools of its day, which are there first.
$(DPX_VENV)/build.lock: requirements/clients-dpx-build.txt
	$(call install,$(DPX_VENV),$<,$@,$(PYTHON))

$(DPX_VENV)/clients.lock: requirements/clients-dpx.txt $(DPX_VENV)/build.lock
	$(call install,$(DPX_VENV),$<,$@,$(PYTHON),--no-build-isolation)
