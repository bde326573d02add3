"""The law of a sum of jumps where the sum is small, and the law may be as steep as a power.

Let m(a) be the mean number of jumps per unit of age, so that jumps y = e^{−a} come at the rate m dy/y. The
distribution function F of their sum obeys

    x·F'(x) = ∫ m(−ln(x − z)) dF(z)        over 0 <= z <= x,

so that the slope of −ln F in the age a = −ln x is the mean of m(−ln(x − Z)) given Z <= x. Where m is constant the
slope is m, and F a power. Elsewhere it differs from m by an integral over the share w = z/x, which is iterated
for all ages at once. The law at old ages determines it at younger ones and not the reverse, so that the iteration
converges.
"""

from dataclasses import dataclass

import numpy as np

from ..result import Floats
from .jumps import Jumps, cubic

_REACH = 14.0  # difference of ages from which on a jump doesn't matter beside another; more would lose digits
_CELLS = 8  # of shares, by points in a panel
_ROUNDS = 100
_SETTLED = 1e-8
_TOLERANCE = 9e-7  # difference of two grids, of which the finer is at least four times as good
_FIRST = 4  # points in a panel
_MOST = 2**22  # cells of shares at all ages
_LINEAR = 8e-4  # root of eight times the error of lines between points
_IMPOSSIBLE = 20.0  # number of greater jumps from which on there is no probability left


def below(jumps: Jumps, cut: float, reached: float) -> tuple[Floats, Floats]:
    """Return points up to `cut`, where the distribution function is `reached`, and the function there.

    Raises
    ------
    RuntimeError
        If no grid is fine enough for an error below 10^−6.
    """
    small = jumps.at_most(cut)
    possible = small.number_since(small.begin) < _IMPOSSIBLE
    oldest = float((small.begin + small.width)[possible][-1])
    some = small.some(small.begin < oldest + _REACH)
    parts, grid, better = _FIRST, _Grid.of(some, small, _FIRST), None
    while len(some.piece) * parts**2 * 4 * _CELLS <= _MOST:
        parts *= 2
        coarse, before = grid, better
        grid = _Grid.of(some, small, parts, coarse)
        # Errors are of the second order, and every other point is one of the coarser grid.
        step = grid.excess[::2] - coarse.excess
        better = coarse.excess + 4.0 / 3.0 * step
        apart = (
            np.abs(step)
            if before is None
            else np.minimum(np.abs(step), np.abs(better[::2] - before).repeat(2)[:-1])
        )
        if (reached * np.exp(-coarse.number - better) * apart).max() < _TOLERANCE:
            return _points(small, coarse, better, min(oldest, small.end), cut, reached)
    raise RuntimeError("the law of calcium has too many details close to 0: it can't be given to 1e-6 here")


@dataclass(frozen=True)
class _Grid:
    """The logarithm of the law on a grid of ages, of which there are so many in each panel.

    Attributes
    ----------
    age, number : ndarray, shape (n,)
        Ages of points, and the mean number of jumps that are greater.
    rate, slope, excess : ndarray, shape (n,)
        Jumps per unit of age, and the slope of −ln F(e^{−age}), which is `number` plus `excess` plus a constant.
    """

    age: Floats
    number: Floats
    rate: Floats
    slope: Floats
    excess: Floats

    @classmethod
    def of(cls, panels: Jumps, jumps: Jumps, parts: int, guess: "_Grid | None" = None) -> "_Grid":
        """Solve for it at ages of these panels, of all jumps."""
        shares = np.arange(parts) / parts
        age = np.append((panels.begin[:, None] + panels.width[:, None] * shares).ravel(), panels.end)
        rate = np.append(panels.intensity_at(shares).ravel(), panels.intensity_at(np.ones(1))[-1])
        number = jumps.number_since(age)
        # A sum x is made of the parts w·x and (1 − w)·x, which are older by −ln w and by −ln(1 − w).
        logit = np.sinh(np.linspace(-1.0, 1.0, _CELLS * parts + 1) * np.arcsinh(_REACH))
        older = np.log1p(np.exp(logit))
        numbers = jumps.number_since(age[:, None] + older)
        # The mean of m over each cell of w, less m at the sum's own age. Cells of 1 − w are those of w reversed.
        apart = (np.diff(numbers) / np.diff(older) - rate[:, None])[:, ::-1]
        index = np.clip(np.searchsorted(age, age[:, None] + older, side="right") - 1, 0, len(age) - 2)
        width = np.diff(age)
        place = np.minimum(
            (age[:, None] + older - age[index]) / np.where(width > 0.0, width, 1.0)[index], 1.0
        )
        numbers -= number[:, None]
        excess = np.zeros(age.size) if guess is None else np.interp(age, guess.age, guess.excess)
        for _ in range(_ROUNDS):
            between = excess[index] + place * np.diff(excess)[index]
            law = np.exp(excess[:, None] - between - numbers)
            more = (apart * -np.diff(law)).sum(axis=1)
            before, slope = excess, np.maximum(rate + more, 0.0)
            steps = 0.5 * width * ((slope - rate)[1:] + (slope - rate)[:-1])
            excess = np.concatenate([[0.0], np.cumsum(steps)])
            if np.abs(np.exp(-number - excess) - np.exp(-number - before)).max() < _SETTLED:
                return cls(age, number, rate, slope, excess)
        raise RuntimeError("the law of calcium close to 0 can't be found by iteration here")


def _points(
    small: Jumps, grid: _Grid, excess: Floats, oldest: float, cut: float, reached: float
) -> tuple[Floats, Floats]:
    """Return points so close that lines between them are as good as the law."""
    slope, end = grid.slope, min(oldest, float(grid.age[-1]))
    bend = np.sqrt(reached * np.exp(-grid.number - excess) * slope * (1.0 + slope)) / _LINEAR
    passed = np.concatenate([[0.0], np.cumsum(0.5 * np.diff(grid.age) * (bend[1:] + bend[:-1]))])
    age = np.union1d(np.interp(np.arange(passed[-1]), passed, grid.age), grid.age)
    age = age[(age > 0.0) & (age <= end)][::-1]
    total = small.number_since(age) + cubic(age, grid.age, excess, slope - grid.rate)
    return cut * np.exp(-age), reached * np.exp(-total)
