"""Which observable tells the conventions apart, at which N, and from how many runs.

`python -m verification.conventions` writes conventions.md: runs per convention for which a two-sided comparison
of means at level 0.001 tells them apart with probability 0.99. The differences are estimated from RUNS runs of
each, MEMORY_RUNS of the memory time; where one is within three standard errors of 0, a lower bound is given.
"""

from dataclasses import replace

import numpy as np
from scipy import stats

from .case import Case
from .simulators import kernel
from .verify import HERE

SIZES = (2, 10, 50, 200, 1000)
RUNS = 40_000
MEMORY_RUNS = 4000
MEMORY_END = 200.0
PAIRS = (
    ("others or all (before)", ("before", "others"), ("before", "all")),
    ("others or all (after)", ("after", "others"), ("after", "all")),
    ("before or after (others)", ("before", "others"), ("after", "others")),
)
OBSERVABLES = (
    "mean potential at t = 5",
    "mean calcium at t = 5",
    "spikes until t = 5",
    "memory time, up to 200",
)


def observe(n, transmits, recipients):
    """Return the runs of each observable for one convention."""
    model = {
        "alpha": 0.22,
        "beta": 1.0,
        "lam": 0.1,
        "rate": {"Hill": {"top": 1.0, "half": 1.0, "power": 4.0}},
        "transmits": transmits,
        "recipients": recipients,
    }
    short = Case(f"conventions-{n}-{transmits}-{recipients}", "", "", model, n, 2.0, 9.0, 5.0, RUNS, [])
    sample = kernel(short, RUNS, 1).observables
    long = replace(short, t_end=MEMORY_END, region={"potential": 0.7})
    memory = np.nan_to_num(kernel(long, MEMORY_RUNS, 2).observables["exit_time"], nan=MEMORY_END)
    return [sample["potential"], sample["calcium"], sample["spikes"], memory]


def needed(x, y):
    """Return the runs needed of each, in words."""
    difference, spread = x.mean() - y.mean(), x.var() + y.var()
    error = np.sqrt(spread / len(x))
    quantiles = stats.norm.isf(0.0005) + stats.norm.isf(0.01)
    if spread == 0.0:
        return "1" if difference else "never"
    if abs(difference) < 3.0 * error:
        return f"> {round_up(quantiles**2 * spread / (3.0 * error) ** 2)}"
    return str(round_up(quantiles**2 * spread / difference**2))


def round_up(x):
    """Round to two digits, upwards."""
    digits = 10.0 ** max(0, int(np.floor(np.log10(max(x, 1.0)))) - 1)
    return int(np.ceil(x / digits) * digits)


def table():
    """Return the table as lines of Markdown."""
    lines = [f"| what is told apart | observable | {' | '.join(f'N = {n}' for n in SIZES)} |"]
    lines.append("| --- | --- |" + " ---: |" * len(SIZES))
    conventions = {convention for _, *pair in PAIRS for convention in pair}
    seen = {(n, c): observe(n, *c) for n in SIZES for c in conventions}
    for what, first, second in PAIRS:
        for k, observable in enumerate(OBSERVABLES):
            cells = (needed(seen[n, first][k], seen[n, second][k]) for n in SIZES)
            lines.append(f"| {what} | {observable} | {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    text = "\n".join(["# Runs needed to tell the conventions apart", "", *table(), ""])
    (HERE / "conventions.md").write_text(text)
    print(text)
