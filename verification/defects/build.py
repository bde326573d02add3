"""Builds the package once for each known defect, and once without any.

`python -m verification.defects.build [NAME …]` copies what the package is made of into target/defects/tree,
applies one patch after another there, and puts each build into a folder of its own, target/defects/sites/NAME. A
process whose PYTHONPATH is that folder imports that build.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import NONE, ROOT, SITES, Defect, defects

TREE = SITES.parent / "tree"
PARTS = ("Cargo.toml", "Cargo.lock", "benches", "python", "src")
NOT_SOURCES = ("__pycache__", "_core*")
LIBRARY = "libfacilis.dylib" if sys.platform == "darwin" else "libfacilis.so"


def refresh_tree() -> None:
    """Make the copy equal to the sources. Files that are equal already keep their times: less is compiled."""
    sources = {path.relative_to(ROOT) for part in PARTS for path in files(ROOT / part)}
    for old in {path.relative_to(TREE) for path in files(TREE)} - sources:
        (TREE / old).unlink()
    for path in sources:
        target = TREE / path
        if not target.exists() or target.read_bytes() != (ROOT / path).read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, target)


def files(path: Path) -> list[Path]:
    """Return the source files at or below a path."""
    found = [path] if path.is_file() else [below for below in path.rglob("*") if below.is_file()]
    return [
        file
        for file in found
        if not any(part.match(name) for part in (file, *file.parents) for name in NOT_SOURCES)
    ]


def apply(defect: Defect, *options: str) -> None:
    """Apply a patch to the copy, or take it back with --reverse."""
    # The copy lies within a repository that ignores it; without this git would pass over the patch in silence.
    alone = os.environ | {"GIT_CEILING_DIRECTORIES": str(TREE.parent)}
    subprocess.run(["git", "apply", *options, defect.patch], cwd=TREE, env=alone, check=True)


def compile_into(site: Path) -> None:
    """Compile the copy as it is, and put the package into a folder."""
    command = [
        "cargo",
        "build",
        "--locked",
        "--quiet",
        "--profile",
        "defects",
        "--lib",
        "--features",
        "python",
    ]
    # A defect may leave something unused; that needs no warning.
    quiet = os.environ | {"RUSTFLAGS": "-Awarnings", "PYO3_PYTHON": sys.executable}
    subprocess.run([*command, "--target-dir", SITES.parent / "cargo"], cwd=TREE, env=quiet, check=True)
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(TREE / "python" / "facilis", site / "facilis")
    shutil.copyfile(SITES.parent / "cargo" / "defects" / LIBRARY, site / "facilis" / "_core.abi3.so")


def main(*names: str) -> None:
    """Build what is named, by default everything."""
    known = {NONE, *(defect.name for defect in defects())}
    if unknown := set(names) - known:
        raise SystemExit(f"no such defect: {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    refresh_tree()
    if not names or NONE in names:
        compile_into(SITES / NONE)
    for defect in defects():
        if not names or defect.name in names:
            apply(defect)
            try:
                compile_into(SITES / defect.name)
            finally:
                apply(defect, "--reverse")
            print(f"built {defect.name}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
