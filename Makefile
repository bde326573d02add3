# `make demo` and `make test` need git, make, Python >= 3.11 with venv, cargo and a C linker; they set up the rest
# in .venv. Python files are live there: only a change of the Rust core or of the package's metadata builds anew.

PYTHON ?= python3
BIN    := .venv/bin
PY     := $(BIN)/python

# What else is installed or activated must not matter.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME CONDA_PREFIX
export PYTHONNOUSERSITE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYO3_PYTHON := $(CURDIR)/$(PY)

# Folders too: they tell that a file has gone.
RUST := Cargo.toml Cargo.lock $(shell find src)

.DELETE_ON_ERROR:
force: ;
.PHONY: force help demo test test-quick test-rust test-python test-neuro test-browser soak lint format bench bench-full bench-instructions docs wheel wheel-test verify verify-mutants verify-power notebooks clean

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST)

demo: .venv/built  ## a memory experiment: prints a table, draws facilis-demo.png
	@echo 'Simulating a network that remembers a stimulus, and 400 more like it ...'
	@$(PY) -m facilis demo

test: test-rust test-python  ## all tests: the Rust core, the Python package, the notebooks

test-quick: .venv/built .venv/group-test  ## the Python tests that are quick, in less than a minute once everything is built
	$(PY) -m pytest -m 'not slow' tests

test-rust:
	cargo test --locked

test-python: .venv/built .venv/group-test
	$(PY) -m pytest --nbmake -n auto --dist worksteal

test-neuro: .venv/built .venv/group-neuro  ## spikes' statistics beside those of Elephant, and what is handed to pynapple
	$(PY) -m pytest tests/test_spikes.py tests/test_export_neuro.py

test-browser: .venv/built .venv/group-browser  ## the explorer in JupyterLab, in a headless Chromium; screenshots in target/screenshots
	$(PY) -m pytest -s tests/browser

soak: .venv/built .venv/group-test  ## long tests against independent programs, some minutes
	$(PY) -m tests.soak.limit_sweep
	$(PY) -m pytest tests/soak

lint: .venv/built .venv/group-test .venv/group-lint  ## formatting, types, stubs, the crate's documentation, spelling, patches that still apply
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --all-targets --features python -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) -m mypy.stubtest facilis._core --allowlist tests/stubtest.allow
	$(PY) -m nbstripout --verify notebooks/*.ipynb
	$(BIN)/typos
	for patch in verification/defects/*.patch verification/rare/defects/*.patch; do git apply --check "$$patch" || exit 1; done

format: .venv/group-lint  ## rewrite files the way that lint wants them
	cargo fmt
	$(PY) -m ruff check --fix
	$(PY) -m ruff format
	$(PY) -m nbstripout notebooks/*.ipynb

bench: .venv/built .venv/group-bench  ## figures of speed, in some minutes; writes benches/RESULTS.md
	$(PY) benches/bench.py
	@cargo bench --quiet --locked --bench limit

bench-full: .venv/built .venv/group-bench  ## the same with 10^8 neurons, rare events and more sizes of the competitors, in some 20 minutes
	$(PY) benches/bench.py --full

bench-instructions: .venv/built  ## instructions per spike, where valgrind is installed, beside those kept in benches/instructions.json
	@$(PY) benches/instructions.py

verify: .venv/built .venv/group-test  ## the whole verification of the simulated law, some minutes; writes verification/report.md
	$(PY) -m verification
	$(PY) -m verification.rare

verify-mutants: .venv/built .venv/group-test  ## show that the verification refuses every known defect
	$(PY) -m verification.defects.build
	$(PY) -m verification.defects.refuse
	$(PY) -m verification.rare.refuse

verify-power: .venv/built .venv/group-test  ## how many runs each case needs to catch each defect; writes verification/power.md
	$(PY) -m verification.defects.build
	$(PY) -m verification.defects.power
	$(PY) -m verification.conventions

docs: .venv/built .venv/group-docs  ## the documentation, in docs/_build/html; a warning is an error
	rm -rf docs/_build docs/generated  # so that every picture is of the package as it is
	$(PY) -m sphinx -W --keep-going -b html $(SPHINX) docs docs/_build/html

wheel: .venv/group-wheel  ## the wheel and the source distribution that are published, in target/wheels
	$(PY) packaging/build_wheel.py

wheel-test: wheel  ## the quick tests with that wheel, in a fresh environment for each Python from 3.11 on that is found
	$(PY) packaging/test_wheel.py

notebooks: .venv/built .venv/group-test  ## execute the notebooks, leaving the files as they are
	$(PY) -m pytest --nbmake notebooks

clean:  ## forget everything that was built
	rm -rf .venv target facilis-demo.png docs/_build docs/generated docs/tutorial python/facilis/_core*.so
	find . -name __pycache__ -prune -exec rm -rf {} +

# The environment comes first and afresh, with a pip that knows dependency groups.
.venv/pip:
	@$(PYTHON) -c 'import sys; sys.exit("facilis needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@echo 'Making a Python environment in .venv ...'
	@$(PYTHON) -m venv --clear .venv
	@$(PY) -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $@

# Built anew as well when the extension has been swept away from the sources.
.venv/built: .venv/pip pyproject.toml $(RUST) $(if $(wildcard python/facilis/_core*.so),,force)
	@echo 'Compiling the Rust core of facilis, which takes some minutes the first time ...'
	@$(PY) -m pip install --quiet --editable '.[plot]'
	@echo 'Compiled.'
	@touch $@

.venv/group-%: .venv/pip pyproject.toml
	@echo 'Installing what "make" needs for this target: the group "$*" of pyproject.toml ...'
	@$(PY) -m pip install --quiet --group $*
	@touch $@
