"""Times that a user gives: an end, a sequence, or the number of points of a grid."""

from math import isinf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks

_MOST_TIMES = 10**9


def end_time(name: str, value: object, start: float) -> float:
    """Return the time at which to stop, inf included."""
    allowed = f"a time >= {start!r}, or inf"
    end = checks.number(name, value, allowed)
    if not end >= start:
        raise ValueError(checks.wrong(name, allowed, value))
    return end


def increasing_times(
    name: str, value: ArrayLike | None, start: float, end: float, or_else: str = ""
) -> NDArray[np.float64]:
    """Return strictly increasing times within [start, end]; none for None."""
    if value is None:
        return np.empty(0)
    allowed = f"{or_else}an array of strictly increasing finite times from {start!r} to {end!r}"
    array = checks.reals(name, value, allowed)
    if array.ndim != 1:
        raise TypeError(checks.wrong(name, allowed, value))
    good = np.isfinite(array) & (array >= start) & (array <= end)
    good[1:] &= array[1:] > array[:-1]
    if not good.all():
        raise ValueError(f"{name} must be {allowed}, got {checks.first(name, array, ~good)}")
    return array


def grid_times(value: ArrayLike | None, start: float, end: float) -> NDArray[np.float64]:
    """Return the times of a grid: so many equally spaced from start to end, or the times given."""
    if not checks.is_count(value):
        return increasing_times("grid", value, start, end, "a number of times >= 2, None, or ")
    if isinf(end):
        raise ValueError(checks.wrong("grid", "None or an array of times where the end is inf", value))
    points = checks.count("grid", value, least=2, most=_MOST_TIMES)
    return np.linspace(start, end, points) if end > start else np.array([start])
