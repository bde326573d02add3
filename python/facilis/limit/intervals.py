"""Arithmetic with whole intervals, rounded outward: a result holds what any numbers in the intervals give.

R. E. Moore, Interval Analysis (1966). Bounds are arrays, so that many intervals are computed with at once. An
interval whose bounds are nan is empty: no number of it is in the domain of the function that was applied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..result import Floats

# The functions of NumPy are right to within four units in the last place.
_DOUBT = 4.0


@dataclass(frozen=True, eq=False)
class Interval:
    """Intervals from `low` to `high`, both of shape (m,)."""

    low: Floats
    high: Floats

    @classmethod
    def exactly(cls, value: float | Floats) -> Interval:
        """Return intervals of one number each."""
        array = np.asarray(value, dtype=np.float64)
        return cls(array, array)

    def avoids_zero(self) -> NDArray[np.bool_]:
        """Tell which intervals surely do not hold 0."""
        return (self.low > 0.0) | (self.high < 0.0)

    def within(self, low: float, high: float) -> Interval:
        """Return what each interval has in common with that from `low` to `high`; empty where they don't meet."""
        apart = ~((self.low <= high) & (low <= self.high))
        common = np.maximum(self.low, low), np.minimum(self.high, high)
        return Interval(np.where(apart, np.nan, common[0]), np.where(apart, np.nan, common[1]))

    def is_empty(self) -> NDArray[np.bool_]:
        """Tell which intervals hold no number."""
        return np.isnan(self.low)

    def __add__(self, other: Interval) -> Interval:
        low, high = self.low + other.low, self.high + other.high
        unknown = np.isnan(low) & ~np.isnan(self.low) & ~np.isnan(other.low)  # inf − inf
        unknown |= np.isnan(high) & ~np.isnan(self.high) & ~np.isnan(other.high)
        return _outward(np.where(unknown, -np.inf, low), np.where(unknown, np.inf, high))

    def __and__(self, other: Interval) -> Interval:
        return Interval(np.maximum(self.low, other.low), np.minimum(self.high, other.high))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        # A bound that is infinite stands for numbers as large as one likes, and 0 times any of them is 0.
        products = [_times(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return _outward(np.minimum.reduce(products), np.maximum.reduce(products))

    def through(self, function: Callable[[Floats], Floats]) -> Interval:
        """Return the image under a function that rises, or falls, on each of the intervals."""
        ends = function(self.low), function(self.high)
        return _outward(np.minimum(*ends), np.maximum(*ends))

    def inverse(self) -> Interval:
        """Return 1/x; all numbers where the interval holds 0 inside."""
        across = (self.low < 0.0) & (self.high > 0.0)
        low = np.where(self.high == 0.0, -np.inf, 1.0 / self.high)
        high = np.where(self.low == 0.0, np.inf, 1.0 / self.low)
        return _outward(np.where(across, -np.inf, low), np.where(across, np.inf, high))

    def positive(self) -> Interval:
        """Return the part that is >= 0."""
        empty = self.high < 0.0
        low, high = np.maximum(self.low, 0.0), self.high
        return Interval(np.where(empty, np.nan, low), np.where(empty, np.nan, high))


def _times(a: Floats, b: Floats) -> Floats:
    return np.where(((a == 0.0) & ~np.isnan(b)) | ((b == 0.0) & ~np.isnan(a)), 0.0, a * b)


def _outward(low: Floats, high: Floats) -> Interval:
    def slack(bound: Floats) -> Floats:
        return np.where(np.isfinite(bound), _DOUBT * np.spacing(np.abs(bound)), 0.0)

    return Interval(low - slack(low), high + slack(high))
