"""How memory times grow with the number of neurons, and which mechanism such a growth shows."""

from collections.abc import Sequence
from math import inf
from typing import Any, Literal, TypeAlias

import numpy as np

from ..result import Floats
from . import exponential
from .estimate import Estimate
from .survival import NORMAL
from .times import MemoryTimes

Verdict: TypeAlias = Literal["ghost", "escape", "undecided"]

LEAST_SIZES = 3
_LEAST_EXITS = 2
_ROUNDING = 1e-12
_CRITICAL = 1.0 / 3.0  # the exponent of N at the fold
_STEEP = 1.0
_FLAT = 1.0 / 6.0


def trend(times: Sequence[MemoryTimes]) -> dict[str, Any]:
    """Return the slopes, the bends and the verdict of memory times of increasing sizes.

    Sizes with too few exits are left out. What the rest can't tell has infinite intervals.
    """
    n, mean, error = means(times)
    line = fit(n, np.log(mean), error, 1)
    growth, local, bend, root_bend = slopes(n, mean, error)
    named = {
        "exponent": _named(line[1], "d log T/dN"),
        "growth": _named(growth, "d log T/d log N"),
        "local_growth": _named(local, "d log T/d log N at the largest N"),
        "bend": _named(bend, "bend of log T against log N"),
        "root_bend": _named(root_bend, "bend of T against N^(1/3)"),
    }
    return named | {"verdict": decide(growth, local, bend, root_bend)}


def means(times: Sequence[MemoryTimes]) -> tuple[Floats, Floats, Floats]:
    """Return the sizes that tell anything, their mean memory times, and the standard errors of log T."""
    data = np.array([(one.n, *_mean(one)) for one in times if _tells(one)]).reshape(-1, 3)
    n, mean, error = data[data[:, 2] > 0.0].T
    return n, mean, error


def slopes(n: Floats, mean: Floats, error: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return growth, local growth, bend and root bend, each with its 95 % half-width."""
    power = fit(np.log(n), np.log(mean), error, 1)
    parabola = fit(np.log(n), np.log(mean), error, 2)
    root = fit(np.cbrt(n), mean, error * mean, 2)
    return power[1], parabola[1], parabola[2], root[2]


def decide(growth: Floats, local: Floats, bend: Floats, root_bend: Floats) -> Verdict:
    """Apply the rule that `memory_scaling` states to values with their 95 % half-widths."""
    bends_up = bend[0] - bend[1] > 0.0
    steep = local[0] - local[1]
    if steep > _STEEP or (steep > _CRITICAL and bends_up):
        return "escape"
    slows_down = local[0] + local[1] < _CRITICAL and root_bend[0] + root_bend[1] < 0.0
    flat = abs(growth[0]) + growth[1] < _FLAT and not bends_up
    return "ghost" if slows_down or flat else "undecided"


def _tells(one: MemoryTimes) -> bool:
    """Tell whether there are exits enough, and at different times: else no error can be told."""
    exits = one.time[one.exited]
    if len(exits) < _LEAST_EXITS or not np.isfinite(one.known_time()).all():
        return False
    return bool(np.ptp(exits) > _ROUNDING * exits.max())


def _mean(one: MemoryTimes) -> tuple[float, float]:
    """Return the mean, and the standard error of its logarithm that holds whatever the law.

    T = shift + W/exits has the influences T_i − shift − scale·(1 if it exited), all divided by the exits.
    """
    shift, excess, exits = exponential.fit(one.time, one.exited)
    scale = excess / exits
    influence = np.maximum(one.time - shift, 0.0) - scale * one.exited
    mean = shift + scale
    return mean, float(np.sqrt(np.sum(influence**2))) / exits / mean


def fit(x: Floats, y: Floats, error: Floats, degree: int) -> Floats:
    """Fit a polynomial around the largest x; return its coefficients with their 95 % half-widths."""
    if len(x) <= degree:
        return np.array([[0.0, inf]] * (degree + 1))
    design = np.vander(x - x[-1], degree + 1, increasing=True) / error[:, None]
    covariance = np.linalg.inv(design.T @ design)
    values = covariance @ design.T @ (y / error)
    misfit, left = np.sum((y / error - design @ values) ** 2), len(x) - degree - 1
    widening = max(1.0, misfit / left) if left else 1.0
    return np.stack([values, NORMAL * np.sqrt(widening * np.diag(covariance))], axis=1)


def _named(pair: Floats, of: str) -> Estimate:
    value, half = pair.tolist()
    return Estimate(value, value - half, value + half, of)
