"""Times that a user gives: an end, a sequence, or the number of points of a grid."""

from math import isinf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks, ram

_MOST_TIMES = 10**9


def times(
    name: str, value: ArrayLike | None, start: float, end: float, or_else: str = ""
) -> NDArray[np.float64]:
    """Return times, none for None; that they increase strictly within [start, end] is the core's to check."""
    if value is None:
        return np.empty(0)
    allowed = f"{or_else}an array of strictly increasing finite times from {start!r} to {end!r}"
    array = checks.reals(name, value, allowed)
    if array.ndim != 1:
        raise TypeError(checks.wrong_shape(name, allowed, value, array.shape))
    return array


def rounding_hint(time: float, end: float) -> str:
    """Return what to do about a time that is beyond the end by rounding only, and nothing for other times."""
    if end < time <= end * (1.0 + 1e-12):
        return f", which is later by rounding only: np.minimum(times, {end!r}) puts it right"
    return ""


def grid_times(value: ArrayLike | None, start: float, end: float) -> NDArray[np.float64]:
    """Return the times of a grid: so many equally spaced from start to end, or the times given."""
    if value is None or not checks.is_count(value):
        return times("grid", value, start, end, "a number of times >= 2, None, or ")
    if isinf(end):
        raise ValueError(checks.wrong("grid", "None or an array of times where the end is inf", value))
    points = checks.count("grid", value, least=2, most=_MOST_TIMES)
    ram.require(grid=8 * points)
    if not end > start:
        return np.array([start])
    # The numbers of np.linspace, which has so many options that a short call takes longer than the work.
    result = np.arange(points, dtype=np.float64)
    result *= (end - start) / (points - 1)
    result += start
    result[-1] = end
    return result
