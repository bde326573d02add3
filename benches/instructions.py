"""Count instructions: a regression shows on a noisy machine too.

`make bench-instructions` counts them with callgrind and prints the difference from `instructions.json`, which
is kept with the code; `--write` writes that file anew. Another compiler or processor gives other counts, so
no difference is an error. Where valgrind is not installed nothing is counted.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import built

KEPT = Path(__file__).with_suffix(".json")
# Of each work a short and a long piece: their difference has no start of a program in it.
WORK = {
    "equilibrium, N = 100": ("equilibrium", 100, 100_000, 300_000),
    "equilibrium, N = 10,000": ("equilibrium", 10_000, 100_000, 300_000),
    "memory times, N = 20": ("memory", 20, 200, 1200),
    "memory times, N = 100": ("memory", 100, 20, 60),
    "light loop, N = 10,000": ("light", 10_000, 100_000, 300_000),
}


def counted(kind: str, n: int, length: int) -> tuple[int, int]:
    """Return the instructions and the spikes of one piece of work."""
    # The light loop reads what to do, and makes as many spikes as it is told to.
    program, *words = ("light",) if kind == "light" else ("instructions", kind, str(n), str(length))
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", built(program)]
        done = subprocess.run(
            [*command, *words], input=f"{n} {length}\n", capture_output=True, text=True, check=True
        )
    spikes = length if kind == "light" else int(done.stdout)
    return int(re.search(r"Collected : (\d+)", done.stderr)[1]), spikes


def per_spike(kind: str, n: int, short: int, long: int) -> float:
    """Return the instructions per spike."""
    (less, fewer), (more, spikes) = (counted(kind, n, length) for length in (short, long))
    return (more - less) / (spikes - fewer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="keep the counts with the code")
    if shutil.which("valgrind") is None:
        sys.exit(print("valgrind is not installed: no instructions are counted"))
    counts = {name: round(per_spike(*work), 1) for name, work in WORK.items()}
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    print("instructions per spike (kept with the code; difference)")
    for name, count in counts.items():
        before = kept.get(name)
        change = "not kept" if before is None else f"{before}; {100 * (count / before - 1):+.1f} %"
        print(f"  {name}: {count} ({change})")
    if parser.parse_args().write:
        KEPT.write_text(json.dumps(counts, indent=1) + "\n")


if __name__ == "__main__":
    main()
