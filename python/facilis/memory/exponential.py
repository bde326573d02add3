"""The shifted exponential law, T = shift + Exp(scale), fitted to censored times and tested.

For the n − 1 networks that outlast the first exit, the time left is Exp(scale) again. So with the first exit
as shift and W = Σ(T − shift), the sum over all, censored or not,

    scale = W/(number of exits),   2W/scale ~ χ²,   n·(first exit − true shift)/scale ~ Exp(1), independent.

χ² has 2(d − 1) degrees of freedom after d exits out of d (exact); with censoring at a fixed time their number
is random, and 2d − 1 is D. R. Cox's middle way (Biometrika 40 (1953) 354–360).
"""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from .. import card
from ..result import Floats
from .estimate import Estimate
from .survival import common_limit

LEAST_EXITS = 3
_BATCH = 2_000_000  # numbers held at once by the bootstrap
_LEVELS = (0.025, 0.975)
# Exits of a sample of the bootstrap. With the number of exits the law of the distance tends to its limit as 1/exits
# (M. A. Stephens, J. Am. Stat. Assoc. 69 (1974) 730–737: a factor 1 + 0.16/n), so that more make no difference.
_ENOUGH = 4096


@dataclass(frozen=True, repr=False)
class ExponentialTest(card.Shown):
    """A fitted shifted exponential, and how well it fits.

    Attributes
    ----------
    shift, scale : float
        First exit time, and mean of the exponential part; the mean is their sum.
    exits : int
        Exits that were seen.
    statistic : float
        Cramér–von Mises distance between the fit and the times after the first exit.
    p_value : float
        Share of samples from the fit, fitted again, that are at least as far from theirs; the sample counts.
    resamples : int
        How many samples were drawn.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> region = fc.Region.potential_above(0.7)
    >>> times = fc.memory_times(model, 20, 1e4, region=region, replicates=50, potential=2.0, calcium=9.0, rng=1)
    >>> test = times.exponential_test(99)
    >>> 0.0 < test.p_value <= 1.0
    True
    """

    shift: float
    scale: float
    exits: int
    statistic: float
    p_value: float
    resamples: int

    def __repr__(self) -> str:
        return card.line(self)


def fit(time: Floats, exited: NDArray[np.bool_]) -> tuple[float, float, int]:
    """Return the shift, Σ(T − shift), and the number of exits; without exits the shift is 0."""
    exits = int(np.count_nonzero(exited))
    shift = float(time[exited].min()) if exits else 0.0
    return shift, float(np.maximum(time - shift, 0.0).sum()), exits


def mean(time: Floats, exited: NDArray[np.bool_], of: str = "mean") -> Estimate:
    """Return the mean of a shifted exponential law with its 95 % interval."""
    shift, excess, exits = fit(time, exited)
    if np.isinf(excess):
        return Estimate(inf, inf, inf, of)
    if exits == 0:
        # The shift may be all the time watched; beyond it nothing is known.
        return Estimate(inf, min(excess / _gamma_quantiles(1.0, _LEVELS)[1], float(time.max())), inf, of)
    value = shift + excess / exits
    if excess == 0.0:
        return Estimate(value, 0.0 if time.size == 1 else value, inf if time.size == 1 else value, of)
    shape = exits - 1.0 if exits == time.size else exits - 0.5
    low, high = shift + excess * _ratio_quantiles(shape, time.size, _LEVELS)
    # Up to n = 3 the chance that the mean is below the first exit, e^{−n}, exceeds the level.
    return Estimate(value, float(low) if time.size > 3 else 0.0, float(high), of)


def _gamma_law(shape: float) -> tuple[Floats, Floats]:
    """Return points g, equally spaced in log g, and P(Gamma(shape) <= g)."""
    # Beyond these ends, nine standard deviations and the longer tails of small shapes, is nothing.
    s = np.linspace(
        -9.0 / np.sqrt(shape) - 36.0 / shape, np.log1p((9.0 * np.sqrt(shape) + 50.0) / shape), 2001
    )
    density = np.exp(shape * (s - np.expm1(s)))  # of log(g/shape), up to a factor
    cdf = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]))])
    return shape * np.exp(s), cdf / cdf[-1]


def _gamma_quantiles(shape: float, levels: tuple[float, ...]) -> Floats:
    points, cdf = _gamma_law(shape)
    return np.exp(np.interp(levels, cdf, np.log(points)))


def _ratio_quantiles(shape: float, n: int, levels: tuple[float, ...]) -> Floats:
    """Return quantiles of (1 − E/n)/G, E ~ Exp(1) for the shift, G ~ Gamma(shape) for the scale."""
    points, cdf = _gamma_law(shape)
    nodes, weights = np.polynomial.laguerre.laggauss(16)
    x = 1.0 / points[::-1]
    above = 1.0 - np.interp(np.maximum(1.0 - nodes / n, 0.0) / x[:, None], points, cdf)
    return np.exp(np.interp(levels, above @ weights, np.log(x)))


def goodness(
    time: Floats, exited: NDArray[np.bool_], resamples: int, generator: np.random.Generator
) -> ExponentialTest:
    """Fit and test by parametric bootstrap; ValueError with fewer than three exits."""
    shift, excess, exits = fit(time, exited)
    if exits < LEAST_EXITS:
        raise ValueError(f"exponential_test needs at least {LEAST_EXITS} exits, got {exits}")
    limit = common_limit(time, exited) - shift
    if np.isinf(excess):
        raise ValueError("exponential_test needs finite times, got networks at rest in the region for ever")
    if excess == 0.0:
        raise ValueError(f"exponential_test needs times that differ, got {shift!r} alone")
    left = np.minimum(np.sort(time)[1:] - shift, limit)
    seen, n, scale = exits - 1, left.size, excess / exits
    statistic = float(_distance(left[None, :seen], left[seen:].sum(), n)[0])
    # With the share of exits that the data have: it tells nothing about the form of the law.
    drawn = min(seen, _ENOUGH)
    of = round(n * drawn / seen)
    rows, beaten = max(1, _BATCH // drawn), 0
    for start in range(0, resamples, rows):
        sample = _samples(min(rows, resamples - start), drawn, limit / scale, generator)
        waited = (of - drawn) * limit / scale if of > drawn else 0.0
        # Rounding must not make a sample of the same form closer to its fit than the data.
        beaten += int(np.count_nonzero(_distance(sample, waited, of) >= statistic * (1 - 1e-9)))
    return ExponentialTest(shift, scale, exits, statistic, (beaten + 1) / (resamples + 1), resamples)


def _samples(rows: int, n: int, limit: float, generator: np.random.Generator) -> Floats:
    """Return rows of n exponential numbers each, sorted, all below the limit.

    Sorted uniform numbers come from exponential spacings (A. Rényi 1953).
    """
    spacings: Floats = generator.standard_exponential((rows, n + 1))
    uniform = np.cumsum(spacings, axis=1)
    return np.asarray(-np.log1p(uniform[:, :-1] / uniform[:, -1:] * np.expm1(-limit)), np.float64)


def _distance(times: Floats, waited: float, n: int) -> Floats:
    """Return Σ (F(tᵢ) − (i − ½)/n)² over the exits of each row of sorted times, F fitted to the row.

    The other ones of the n networks have waited for that long, all together.
    """
    exits = times.shape[1]
    scale = (times.sum(axis=1) + waited) / exits
    fitted = -np.expm1(-times / np.where(scale > 0.0, scale, 1.0)[:, None])
    distance: Floats = np.sum((fitted - (np.arange(exits) + 0.5) / n) ** 2, axis=1)
    return distance
