#!/usr/bin/env bash
# Builds the package with the feature `mutants` beside the installed one: PYTHONPATH=target/mutants/site uses it.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet --features python,mutants --target-dir target/mutants
site=target/mutants/site/facilis
mkdir -p "$site"
for file in python/facilis/*; do
  case $file in *_core*.so | *__pycache__*) ;; *) ln -sfn "$PWD/$file" "$site/$(basename "$file")" ;; esac
done
cp target/mutants/release/libfacilis.so "$site/_core.abi3.so"
