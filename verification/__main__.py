"""`python -m verification`: run the catalogue through a simulator, or check another simulator's files.

python -m verification                          the kernel; writes report.md and report.json
python -m verification --reduced                the same with fewer replicates
python -m verification --simulator plain        the plain NumPy program, checked likewise
python -m verification --write DIR              only write a simulator's replicates as CSV files
python -m verification --check DIR              check the CSV files that any simulator wrote
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from . import sample, simulators, verify
from .case import Case, catalogue

SIMULATORS = {"kernel": simulators.kernel, "plain": simulators.plain}


def main() -> int:
    """Return the exit code: 0 if all passes, 1 if a check fails, 3 if cases are missing."""
    parser = argparse.ArgumentParser(prog="verification", description=__doc__.splitlines()[0])
    parser.add_argument("--simulator", choices=SIMULATORS, default="kernel")
    parser.add_argument("--only", default="", help="cases whose names contain this")
    parser.add_argument("--reduced", action="store_true", help="fewer replicates")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--write", type=Path, help="write CSV files instead of checking")
    parser.add_argument("--check", type=Path, help="check the CSV files in this directory")
    parser.add_argument("--report", type=Path, default=verify.HERE, help="directory of the report")
    options = parser.parse_args()
    cases = [case for case in catalogue(options.only) if size(case, options)]
    missing = []
    if options.check:
        missing = [case.name for case in cases if not (options.check / f"{case.name}.csv").exists()]
        cases = [case for case in cases if case.name not in missing]
    if not cases:
        parser.error("no such case")
    with ProcessPoolExecutor(options.jobs) as pool:
        results = []
        for result in pool.map(one, cases, [options] * len(cases)):
            results.append(result)
            if result is not None:
                told = "pass" if verify.passes(result) else "FAIL"
                least = min(finding.p for finding in result.findings)
                print(
                    f"{told}  {result.case.name:34s} least p {least:.1e}  {result.seconds:6.1f} s", flush=True
                )
    if options.write:
        return 0
    good = verify.report(results, options.seed, options.report)
    print(f"{'pass' if good else 'FAIL'}: {options.report / 'report.md'}")
    if missing:
        print(f"INCOMPLETE: {len(missing)} cases have no files; --only NAME checks some cases only")
    return 1 if not good else 3 if missing else 0


def size(case: Case, options) -> int:
    """Return the number of replicates; 0 leaves the case out."""
    if options.simulator == "plain" and case.n > simulators.MOST_NEURONS_PLAIN and not options.check:
        return 0
    return case.reduced if options.reduced else case.replicates


def one(case: Case, options):
    """Simulate or read one case, and check or write it."""
    if options.check:
        told = sample.read(options.check, case.name)
        # Else one could stop when the numbers look well.
        if len(told) != size(case, options):
            raise SystemExit(f"{case.name}.csv has {len(told)} replicates, not {size(case, options)}")
        return verify.examine(case, told, options.seed)
    simulator = SIMULATORS[options.simulator]
    if options.write:
        sample.write(simulator(case, size(case, options), options.seed), options.write, case.name)
        return None
    return verify.simulate_and_examine(case, simulator, options.seed, size(case, options))


if __name__ == "__main__":
    sys.exit(main())
