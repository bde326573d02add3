"""What would decide where memory times leave the verdict open: sizes, and how many networks of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .. import checks
from ..result import Floats
from .times import MemoryTimes
from .verdict import LEAST_SIZES, Verdict, decide, fit, means, slopes

_DOUBLINGS = 3  # of the largest size, at most: further the fit tells nothing
_MORE = 4 ** np.arange(5)  # times as many networks
_POWER = (1.96 + 1.28) / 1.96  # half-widths that an effect must have to be seen in nine of ten cases
_WATCHED = 5.0  # memory times that are to be watched, so that few are censored


class Plan(NamedTuple):
    """Sizes and numbers of networks that would decide, and the work that they take in units of that done."""

    sizes: tuple[int, ...]
    replicates: int
    verdict: Verdict
    longest: float
    work: float


def advice(times: Sequence[MemoryTimes]) -> str:
    """Return in words what would decide, for memory times of increasing sizes that don't."""
    if not times:
        return "No size was measured before the interrupt."
    n, mean, error = means(times)
    if len(n) < LEAST_SIZES:
        return _too_little(times, len(n))
    plan = min(_plans(times, n, mean, error), key=lambda plan: plan.work, default=None)
    if plan is None:
        return (
            f"No sizes up to {2**_DOUBLINGS * times[-1].n} and no {_MORE[-1]} times as many replicates would "
            "decide, if memory times go on as the fit says: they grow about as at the fold, like N^(1/3)."
        )
    watched = times[0].t_max - times[0].exit_after
    longer = f", and t_max >= {_rounded_up(_WATCHED * plan.longest):g}"
    return (
        f"Sizes {list(plan.sizes)} with {plan.replicates} replicates each"
        f"{longer if _WATCHED * plan.longest > watched else ''} would decide (for {plan.verdict!r}), if memory "
        f"times go on as the fit says. That takes about {plan.work:.2g} times as many spikes."
    )


def _too_little(times: Sequence[MemoryTimes], told: int) -> str:
    """Say what is missing where too few sizes had exits."""
    watched = times[0].t_max - times[0].exit_after
    return (
        f"Only {told} of {len(times)} sizes had two exits or more at different times before t_max, and a verdict "
        f"takes {LEAST_SIZES}: take smaller sizes, or watch for longer than {watched:g}."
    )


def _plans(times: Sequence[MemoryTimes], n: Floats, mean: Floats, error: Floats) -> Iterator[Plan]:
    """Find what would decide, among larger sizes and more networks."""
    replicates = max(len(one.time) for one in times)
    curve = fit(np.log(n), np.log(mean), error, 2)[:, 0]
    # What an error is for a single network: nearly the same for all sizes.
    single = float(np.median(error * np.sqrt([len(one.time) for one in times if one.n in n])))
    sizes = n
    spent = float(np.sum(n * mean)) * replicates
    for _ in range(_DOUBLINGS + 1):
        x = np.log(sizes) - np.log(n[-1])
        expected = np.exp(np.polynomial.polynomial.polyval(x, curve))
        # Memory does not get shorter with more neurons, wherever a parabola turns down.
        expected = np.maximum.accumulate(expected)
        for more in _MORE:
            found = slopes(sizes, expected, np.full(len(sizes), single / np.sqrt(replicates * more)))
            verdict = decide(*(np.array([value, _POWER * half]) for value, half in found))
            if verdict != "undecided":
                work = float(np.sum(sizes * expected)) * replicates * more / spent
                whole = tuple(int(size) for size in sizes)
                yield Plan(whole, int(replicates * more), verdict, float(expected.max()), work)
                break
        if 2 * sizes[-1] > checks.MOST_NEURONS:
            return
        sizes = np.append(sizes, 2 * sizes[-1])


def _rounded_up(value: float) -> float:
    """Return the number with two digits that is next above."""
    unit = 10.0 ** (np.floor(np.log10(value)) - 1.0)
    return float(np.ceil(value / unit) * unit)
