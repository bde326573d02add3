"""An example of another simulator: plain NumPy, writing the files that the runner checks.

    python -m verification.example out a-constant-before-others
    python -m verification --check out --only a-constant-before-others

A program in any language does the same: read catalogue/NAME.json, simulate its replicates, write NAME.csv and,
where the case says "spikes": true, NAME.spikes.csv (FORMAT.md).
"""

import sys
from pathlib import Path

from . import sample, simulators
from .case import CATALOGUE, load


def main(directory: str, *names: str) -> None:
    """Simulate the cases named and write their files."""
    for name in names:
        case = load(CATALOGUE / f"{name}.json")
        sample.write(simulators.plain(case, case.replicates, seed=1), Path(directory), name)


if __name__ == "__main__":
    main(*sys.argv[1:])
