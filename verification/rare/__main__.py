"""`python -m verification.rare`: exit code 0 if all cases of splitting pass, 1 if one fails."""

import argparse
import sys
import time

from . import cases


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="verification.rare", description=__doc__)
    parser.add_argument("--only", default="", help="cases whose names contain this")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    good, seen = True, 0
    for case in cases():
        if options.only not in case.name:
            continue
        began, seen = time.perf_counter(), seen + 1
        judged = case.judge(options.seed)
        good &= judged.passes
        print(
            f"{'pass' if judged.passes else 'FAIL'}  {case.name:32s} {judged.found:.6g} for {judged.expected:.6g}, "
            f"z = {judged.score:5.2f}, variance {judged.variance:.2f}  {time.perf_counter() - began:5.1f} s",
            flush=True,
        )
    if not seen:
        parser.error("no such case")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
