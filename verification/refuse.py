"""Shows that the verification refuses a kernel with any known defect, and passes the same build without one.

`python -m verification.refuse` runs the catalogue once per defect (the reduced set, or with --full all of it) and
asks for the exit code 1; build_mutants.sh makes the kernel that has the defects.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

from .power import DEFECTS, SITE


def is_judged_well(defect: str, full: bool) -> bool:
    """Run the catalogue on a kernel with a defect ("" for none); tell whether it fails exactly if there is one."""
    environment = os.environ | {"FACILIS_DEFECT": defect, "PYTHONPATH": str(SITE)}
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-W", "ignore", "-m", "verification", "--report", directory]
        done = subprocess.run(
            command + ([] if full else ["--reduced"]), env=environment, capture_output=True, text=True
        )
    caught = sum(line.startswith("FAIL ") for line in done.stdout.splitlines())
    print(f"{defect or 'no defect':18s} exit code {done.returncode}, {caught} cases fail", flush=True)
    # An exit code alone might be that of a crash.
    return done.returncode == (1 if caught else 0) and bool(caught) == bool(defect)


def main() -> int:
    """Return 0 if all is as it should be."""
    parser = argparse.ArgumentParser(prog="verification.refuse", description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    good = is_judged_well("", options.full)
    for defect in json.loads(DEFECTS.read_text()):
        good &= is_judged_well(defect, options.full)
    print("every defect is refused" if good else "NOT as it should be")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
