"""Compare the functions of the limit with SciPy and exact oracles on thousands of random models.

Run from the root: ``python -m tests.soak.limit_sweep --models 2000 --seed 1``. It prints how often each check was
made, and every model at which one failed; its exit code is 1 if there was one.
"""

import argparse
import sys
from collections import Counter
from multiprocessing import get_context

import numpy as np

from .limit_checks import CHECKS
from .random_models import random_model


def sweep_one(task):
    """All checks on one model: how many were made, and what failed."""
    seed, index = task
    rng = np.random.default_rng([seed, index])
    model, current, scale = random_model(rng)
    made, failed = Counter(), []
    for check in CHECKS:
        try:
            for name, good, what in check(model, current, scale, rng):
                made[name] += 1
                if not good:
                    failed.append(f"{index} {name}: {model!r}, current={current!r}: {what}")
        except RuntimeError as error:
            # An error is no wrong number; the sweep tells how many there are.
            made[f"{check.__name__} refused"] += 1
            if "steps allowed are used up" not in str(error):
                failed.append(f"{index} {check.__name__}: {model!r}, current={current!r}: {error!r}")
        except Exception as error:
            failed.append(f"{index} {check.__name__}: {model!r}, current={current!r}: {error!r}")
    return made, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=None)
    options = parser.parse_args()
    tasks = [(options.seed, k) for k in range(options.first, options.first + options.models)]
    made, failures = Counter(), 0
    with get_context("spawn").Pool(options.processes) as pool:
        for counts, failed in pool.imap_unordered(sweep_one, tasks, chunksize=10):
            made += counts
            failures += len(failed)
            for line in failed:
                print(line, flush=True)
    for name, count in sorted(made.items()):
        print(f"{name:40} {count:8}")
    print(f"{options.models} models, {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
