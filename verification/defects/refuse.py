"""Shows that the verification refuses the package with any known defect, and passes the same build without one.

`python -m verification.defects.refuse` runs the catalogue once per defect (the reduced set, or with --full all of
it) and asks for the exit code 1; build.py makes the builds.
"""

import argparse
import os
import subprocess
import sys
import tempfile

from . import NONE, defects, environment


def is_judged_well(name: str, full: bool) -> bool:
    """Run the catalogue on one build; tell whether it fails exactly if there is a defect."""
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-W", "ignore", "-m", "verification", "--report", directory]
        done = subprocess.run(
            command + ([] if full else ["--reduced"]),
            env=os.environ | environment(name),
            capture_output=True,
            text=True,
        )
    failed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAIL ")]
    print(
        f"{name:22s} exit code {done.returncode}, {len(failed):2d} cases fail  {' '.join(failed[:3])}",
        flush=True,
    )
    # An exit code alone might be that of a crash.
    return done.returncode == (1 if failed else 0) and bool(failed) == (name != NONE)


def main() -> int:
    """Return 0 if all is as it should be."""
    parser = argparse.ArgumentParser(prog="verification.defects.refuse", description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="the whole catalogue, not its reduced set")
    parser.add_argument("--only", default="", help="this defect only")
    options = parser.parse_args()
    names = [NONE, *(defect.name for defect in defects(options.only))]
    judged = [is_judged_well(name, options.full) for name in names]
    print("every defect is refused" if all(judged) else "NOT as it should be")
    return 0 if all(judged) else 1


if __name__ == "__main__":
    sys.exit(main())
