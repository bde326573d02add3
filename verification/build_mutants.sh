#!/usr/bin/env bash
# Builds the package with the feature `mutants` beside the installed one: PYTHONPATH=target/mutants/site uses it.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet --features python,mutants --target-dir target/mutants
rm -rf target/mutants/site
mkdir -p target/mutants/site
cp -r python/facilis target/mutants/site/
rm -f target/mutants/site/facilis/_core*.so
cp target/mutants/release/libfacilis.so target/mutants/site/facilis/_core.abi3.so
