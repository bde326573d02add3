"""All local extrema of a function of one variable, with a proof that there are no others."""

from collections.abc import Callable

import numpy as np

from ..result import Floats
from .jet import Jet

_DEPTH = 70  # halvings of an interval
_MOST = 5_000  # intervals at once
_PARTS = 64  # into which an interval is cut to find a zero in it


class Undecided(ArithmeticError):
    """Two extrema could not be told from one, or from none, near a place."""

    def __init__(self, place: float) -> None:
        super().__init__(place)
        self.place = place


def turning_points(
    function: Callable[[Jet], Jet],
    balance: Callable[[Jet, Jet], Jet],
    ends: tuple[float, float],
    low: float,
    high: float,
) -> list[float]:
    """Return the places between `ends` at which a function turns while its value is from `low` to `high`.

    The function also solves balance(x, function(x)) = 0, so that where it turns the balance has the derivative 0 in
    x. This helps where the function is steep, or infinite. An interval is given up if on all of it the function is
    out of range, the balance is not 0, or one of the two derivatives keeps its sign. Where the second derivative
    keeps its sign, the first has one zero at most, and a change of its sign at the ends tells. Other intervals are
    halved.

    Raises
    ------
    Undecided
        If there are intervals of which none of this can be proved, however small they are.
    """
    grid = np.linspace(*ends, 65)
    left, right = grid[:-1], grid[1:]
    found: list[float] = []
    with np.errstate(all="ignore"):
        for _ in range(_DEPTH):
            jet = function(Jet.variable(left, right))
            value = jet.value.within(low, high)
            there = balance(Jet.variable(left, right), Jet.constant(value))
            unbalanced = value.is_empty() | there.value.avoids_zero()
            steep = jet.first.avoids_zero() | there.first.avoids_zero()
            left_over = ~(unbalanced | steep)
            left, right, bent = left[left_over], right[left_over], jet.second.avoids_zero()[left_over]
            signs = slope_sign(function, left), slope_sign(function, right)
            settled = bent & np.isfinite(signs[0]) & np.isfinite(signs[1])
            for k in np.flatnonzero(settled & (signs[0] != signs[1])):
                found.append(_zero(function, left[k], right[k]))
            left, right = left[~settled], right[~settled]
            if not len(left):
                return sorted(found)
            middle = 0.5 * (left + right)
            if len(left) > _MOST or not ((left < middle) & (middle < right)).all():
                break
            left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
    raise Undecided(float(left[0]))


def slope_sign(function: Callable[[Jet], Jet], u: Floats) -> Floats:
    """Return the sign of the derivative, 1 where it is 0, and nan where there is none."""
    slope = function(Jet.variable(u, u)).first
    middle = 0.5 * (slope.low + slope.high)
    return np.where(np.isfinite(middle), np.where(middle < 0.0, -1.0, 1.0), np.nan)


def _zero(function: Callable[[Jet], Jet], left: float, right: float) -> float:
    """Return where the derivative changes its sign, which it does once, to the last bit or nearly."""
    sign = slope_sign(function, np.array([left]))[0]
    while True:
        inside = np.linspace(left, right, _PARTS + 1)
        changed = np.flatnonzero(slope_sign(function, inside) != sign)
        last = int(changed[0]) if len(changed) else _PARTS
        if not left < inside[last] or right - left <= _PARTS * np.spacing(right):
            return float(0.5 * (left + right))
        left, right = float(inside[max(last - 1, 0)]), float(inside[last])
