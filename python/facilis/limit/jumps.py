"""The jumps that a neuron's calcium is made of: what is left of its spikes.

A spike that came at a delay d before the present is a jump of e^{−lam·d} now, and spikes are a Poisson process
with the rate φ(u). Integrals over them are sums over panels of delays, in each of which stand the nodes of
Gauss's rule. At first there is a panel for each piece of the neuron's past. Panels are halved at corners of the
rate, and until their numbers of spikes are right. Delays are measured from the present, so that late times lose
no digits, and in units of 1/lam, so that a spike of the age a is a jump of e^{−a}.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..result import Floats
from .gauss import gauss

_ORDER = 16
_TOLERANCE = 1e-11  # of the number of spikes in a panel, where they matter
_ROUNDING = 1e-14
_NEGLIGIBLE = 1e-9  # number of spikes
OLDEST = 690.0  # age at which a jump counts as 0
_MOST = 2**14  # number of panels beyond which corners no longer split them
_ROUNDS = 100

Pieces = NDArray[np.intp]


class _Rule(NamedTuple):
    """Gauss's rule on [0, 1].

    `integrals`, applied to values at the nodes, are those of the polynomial through them from 0 to each node.
    """

    nodes: Floats
    weights: Floats
    integrals: Floats


@cache
def _rule() -> _Rule:
    points, weights = gauss(_ORDER)
    powers = np.arange(1, _ORDER + 1)
    integrals = np.linalg.solve(
        np.vander(points, increasing=True).T, ((points[:, None] ** powers - (-1.0) ** powers) / powers).T
    )
    return _Rule(0.5 * (1.0 + points), 0.5 * weights, np.multiply(0.5, integrals, dtype=np.float64))


class Past(NamedTuple):
    """The past of a neuron, in pieces, the latest first.

    Attributes
    ----------
    begin, length : ndarray, shape (pieces,)
        The age at which a piece begins, and how much older its end is.
    intensity, potential : callable
        Spikes per unit of age, and the potential, at the age ``begin[piece] + z·length[piece]``, 0 <= z <= 1.
    corners : ndarray
        Potentials at which the rate is not smooth.
    """

    begin: Floats
    length: Floats
    potential: Callable[[Pieces, Floats], Floats]
    intensity: Callable[[Floats], Floats]
    corners: Floats


def cubic(x: Floats, grid: Floats, values: Floats, slopes: Floats) -> Floats:
    """Return at `x`, on the grid, the piecewise cubic with these values and slopes at its points."""
    k = np.clip(np.searchsorted(grid, x, side="right") - 1, 0, len(grid) - 2)
    width, rise = grid[k + 1] - grid[k], values[k + 1] - values[k]
    z = (x - grid[k]) / np.where(width > 0.0, width, 1.0)
    left, right = slopes[k] * width - rise, rise - slopes[k + 1] * width
    result: Floats = values[k] + z * rise + z * (1.0 - z) * ((1.0 - z) * left + z * right)
    return result


@dataclass(frozen=True)
class Jumps:
    """Panels of ages, the latest first. Each covers the part from `low` to `high` (0 to 1) of one piece of a past.

    Jumps are measured in units of the greatest, which is e^{−`youngest`}.
    """

    past: Past
    piece: Pieces
    low: Floats
    high: Floats
    youngest: float = 0.0

    @cached_property
    def begin(self) -> Floats:
        """Ages at which panels begin, since the youngest."""
        return self.past.begin[self.piece] - self.youngest + self.low * self.past.length[self.piece]

    @cached_property
    def width(self) -> Floats:
        """How much older the end of each panel is."""
        return (self.high - self.low) * self.past.length[self.piece]

    @cached_property
    def end(self) -> float:
        """The age of the oldest."""
        return float(self.begin[-1] + self.width[-1])

    @cached_property
    def age(self) -> Floats:
        """Ages of the nodes, shape (panels, 16)."""
        return self.begin[:, None] + self.width[:, None] * _rule().nodes

    @cached_property
    def size(self) -> Floats:
        """Jumps at the nodes."""
        return np.exp(-self.age)

    def intensity_at(self, share: Floats) -> Floats:
        """Return spikes per unit of age at these shares of each panel."""
        z = self.low[:, None] + (self.high - self.low)[:, None] * share
        result: Floats = self.past.intensity(self.past.potential(self.piece[:, None], z))
        return result

    @cached_property
    def intensity(self) -> Floats:
        """Spikes per unit of age at the nodes."""
        return self.intensity_at(_rule().nodes)

    @cached_property
    def number(self) -> Floats:
        """The mean number of jumps for which each node stands."""
        return self.intensity * (self.width[:, None] * _rule().weights)

    @cached_property
    def mass(self) -> Floats:
        """The mean number of jumps by panel."""
        result: Floats = self.number.sum(axis=1)
        return result

    def cumulant(self, n: int) -> float:
        """Return a cumulant of the sum of all jumps."""
        return float((self.number * self.size**n).sum())

    @cached_property
    def _table(self) -> tuple[Floats, Floats, Floats]:
        """Ages, the mean number of younger jumps, and its derivative."""
        before = np.concatenate([[0.0], np.cumsum(self.mass)])
        inner = before[:-1, None] + self.width[:, None] * (self.intensity @ _rule().integrals)
        age = np.append(np.column_stack([self.begin, self.age]), self.end)
        edges = self.intensity_at(np.array([0.0, 1.0]))
        slope = np.append(np.column_stack([edges[:, 0], self.intensity]), edges[-1, 1])
        return age, np.append(np.column_stack([before[:-1], inner]), before[-1]), slope

    def number_since(self, age: Floats) -> Floats:
        """Return the mean number of younger jumps, by cubic interpolation."""
        ages, count, slope = self._table
        return cubic(np.clip(age, ages[0], ages[-1]), ages, count, slope)

    def number_above(self, size: Floats) -> Floats:
        """Return the mean number of greater jumps."""
        return self.number_since(-np.log(np.maximum(size, 1e-308)))

    def parts(self, number: NDArray[np.intp]) -> "Jumps":
        """Return the same with each panel cut into so many equal ones."""
        which = np.repeat(np.arange(len(number)), number)
        place = np.arange(len(which)) - np.repeat(np.cumsum(number) - number, number)
        step = ((self.high - self.low) / number)[which]
        low = self.low[which] + place * step
        high = np.where(place + 1 == number[which], self.high[which], low + step)
        return Jumps(self.past, self.piece[which], low, high, self.youngest)

    def some(self, kept: NDArray[np.bool_]) -> "Jumps":
        """Return some of the panels."""
        return Jumps(self.past, self.piece[kept], self.low[kept], self.high[kept], self.youngest)

    def at_most(self, size: float) -> "Jumps":
        """Return the jumps that are not greater than this, in units of it."""
        age = -float(np.log(size))
        kept = self.some(self.begin + self.width > age)
        low = kept.low + np.maximum((age - kept.begin) / kept.past.length[kept.piece], 0.0)
        return Jumps(kept.past, kept.piece, np.minimum(low, kept.high), kept.high, self.youngest + age)


def resolved(past: Past) -> Jumps:
    """Return panels in which Gauss's rule is exact to rounding, without those in which no spikes come.

    The jumps of 10^−9 spikes, the youngest and the oldest, are left out.
    """
    count = len(past.begin)
    todo = Jumps(past, np.arange(count), np.zeros(count), np.ones(count))
    done: list[Jumps] = []
    for _ in range(_ROUNDS):
        split = _unsettled(todo, sum(len(panels.piece) for panels in done))
        done.append(todo.some(~split))
        todo = todo.some(split).parts(np.full(int(split.sum()), 2))
        if not len(todo.piece):
            break
    else:
        raise RuntimeError("the number of a neuron's spikes can't be integrated along this solution")
    piece, low, high = (np.concatenate([getattr(p, name) for p in done]) for name in ("piece", "low", "high"))
    order = np.lexsort((low, piece))
    jumps = Jumps(past, piece[order], low[order], high[order])
    young = np.cumsum(jumps.mass) > _NEGLIGIBLE
    jumps = jumps.some(young & (np.cumsum(jumps.mass[::-1])[::-1] > _NEGLIGIBLE))
    youngest = float(jumps.begin[0]) if len(jumps.piece) else 0.0
    return Jumps(past, jumps.piece, jumps.low, jumps.high, youngest)


def _unsettled(jumps: Jumps, others: int) -> NDArray[np.bool_]:
    """Return whether each panel must be halved."""
    halves = jumps.parts(np.full(len(jumps.piece), 2))
    error = np.abs(halves.mass.reshape(-1, 2).sum(axis=1) - jumps.mass)
    error = np.maximum(error - _ROUNDING * jumps.mass, 0.0)
    # An error counts by what it does to the shape of the law: its jump against the deviation, but 1/100 at least,
    # because the probability of no spike depends on the number alone. The quadrature needs panels below one decay.
    greatest = np.exp(-jumps.begin)
    deviation = np.sqrt(jumps.cumulant(2)) + 1e-300
    inexact = error * np.minimum(1.0, np.maximum(greatest / deviation, 0.01)) > _TOLERANCE
    wide = (jumps.width > 1.0) & (jumps.begin < OLDEST) & (jumps.mass > 0.0)
    split: NDArray[np.bool_] = inexact | wide
    if not len(jumps.past.corners) or others + len(jumps.piece) > _MOST:
        return split
    passed = np.diff(np.searchsorted(jumps.past.corners, _range(jumps)), axis=0)[0]
    highest = float(jumps.past.intensity(jumps.past.corners).max())
    split |= (passed > 1) & (highest * jumps.width > _TOLERANCE)
    return split


def _range(jumps: Jumps) -> Floats:
    """Return the least and the greatest potential in each panel."""
    shares = np.concatenate([[0.0], _rule().nodes, [1.0]])
    z = jumps.low[:, None] + (jumps.high - jumps.low)[:, None] * shares
    u = jumps.past.potential(jumps.piece[:, None], z)
    return np.stack([u.min(axis=1), u.max(axis=1)])
