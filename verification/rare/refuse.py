"""`python -m verification.rare.refuse`: builds splitting with each known defect, and shows that it is refused."""

import os
import subprocess
import sys
from pathlib import Path

from ..defects import NONE, SITES, Defect, build, environment

DEFECTS = [Defect(path) for path in sorted((Path(__file__).parent / "defects").glob("*.patch"))]


def is_judged_well(name: str) -> bool:
    """Run the cases on one build; tell whether they fail exactly if there is a defect."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "verification.rare"],
        env=os.environ | environment(name),
        capture_output=True,
        text=True,
        timeout=600,
    )
    failed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAIL ")]
    print(f"{name:22s} exit code {done.returncode}, fail: {' '.join(failed)}", flush=True)
    # An exit code alone might be that of a crash.
    return done.returncode == (1 if failed else 0) and bool(failed) == (name != NONE)


def main() -> int:
    """Return 0 if every defect is refused, and the same build without one passes."""
    build.refresh_tree()
    build.compile_into(SITES / NONE)
    judged = [is_judged_well(NONE)]
    for defect in DEFECTS:
        build.apply(defect)
        try:
            build.compile_into(SITES / defect.name)
        finally:
            build.apply(defect, "--reverse")
        judged.append(is_judged_well(defect.name))
    print("every defect is refused" if all(judged) else "NOT as it should be")
    return 0 if all(judged) else 1


if __name__ == "__main__":
    sys.exit(main())
