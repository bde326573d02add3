"""Survival curves from censored times: Kaplan–Meier, with Greenwood's variance.

References
----------
E. L. Kaplan, P. Meier, Nonparametric estimation from incomplete observations, J. Am. Stat. Assoc. 53 (1958)
457–481. J. D. Kalbfleisch, R. L. Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. (2002).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import card, checks, pictures
from ..result import Floats, Result
from .estimate import Estimate

NORMAL = 1.959963984540054  # the 97.5 % quantile of the standard normal law


@dataclass(frozen=True, eq=False, repr=False)
class Survival(Result):
    """The probability of a memory longer than t, a step function that falls at each exit.

    Attributes
    ----------
    t : ndarray of float64, shape (m,)
        0, the distinct exit times, and the last time at which anything was seen.
    probability : ndarray of float64, shape (m,)
        Kaplan–Meier estimate of P(T > t), from each time to the next.
    low, high : ndarray of float64, shape (m,)
        Pointwise 95 % interval: Greenwood's variance on the scale of log(−log P), so it stays within [0, 1].
        Where the estimate is 1, before the first exit, `low` is 0.025^(1/n); where it is 0, `high` is that of the
        step before.
    until : float
        Up to when the curve is known: the last of `t`, or inf where all that have not exited never will.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> region = fc.Region.potential_above(0.7)
    >>> times = fc.memory_times(model, 20, 1e4, region=region, replicates=50, potential=2.0, calcium=9.0, rng=1)
    >>> curve = times.survival()
    >>> print(curve(0.0), curve(1e4))
    1.0 0.0
    """

    t: Floats
    probability: Floats
    low: Floats
    high: Floats
    until: float

    _axes = dict.fromkeys(("t", "probability", "low", "high"), ("t",))

    def __call__(self, t: ArrayLike) -> Floats:
        """Return the probability at times `t` >= 0, an array of the same shape; nan where it isn't known."""
        times = checks.reals("t", t, "times >= 0")
        if not (times >= 0.0).all():
            raise ValueError(checks.wrong("t", "times >= 0", t))
        step = np.searchsorted(self.t, times, side="right") - 1
        known = (times <= self.until) | (self.probability[-1] == 0.0)
        return np.where(known, self.probability[step], np.nan)

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.survival`, with its options; return Axes by name (``facilis[plot]``)."""
        return {"survival": pictures.plot().survival(self, **options)}

    def _picture(self) -> str:
        edges = np.append(self.t, self.until if np.isfinite(self.until) else self.t[-1])
        return card.picture(
            [card.stairs(edges, self.probability)], "probability to remember for longer than t"
        )

    def _lines(self) -> card.Rows:
        last = f"{self.probability[-1]:.4g} from t = {self.t[-1]:g} on"
        return [("steps", f"{len(self.t) - 1}"), ("probability", last)]

    def __repr__(self) -> str:
        return f"Survival({len(self.t) - 1} steps to t={self.t[-1]:g}, P={self.probability[-1]:.3g} there)"


def table(time: Floats, exited: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Return distinct exit times, the exits at each, and how many were at risk just before."""
    times, exits = np.unique(time[exited], return_counts=True)
    at_risk = time.size - np.searchsorted(np.sort(time), times, side="left")
    return times, exits, at_risk


def _least(n: int) -> float:
    """Return the smallest probability that leaves n out of n a chance of 2.5 %."""
    return float(0.025 ** (1.0 / n))


def kaplan_meier(time: Floats, exited: NDArray[np.bool_]) -> Survival:
    """Return the survival curve of times, shape (n,), n >= 1, censored where `exited` is False."""
    times, exits, at_risk = table(time, exited)
    probability = np.cumprod(1.0 - exits / at_risk)
    left = at_risk - exits
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(exits / (at_risk * left))
        spread = np.exp(NORMAL * np.sqrt(greenwood) / np.log(probability))
        low, high = probability ** (1.0 / spread), probability**spread
    if left.size and left[-1] == 0:
        low[-1], high[-1] = 0.0, high[-2] if high.size > 1 else 1.0
    finite = time[np.isfinite(time)]
    end = finite.max(initial=0.0)
    columns = [times, probability, low, high]
    if not times.size or times[0] > 0.0:
        columns = [
            np.concatenate([[start], column])
            for start, column in zip((0.0, 1.0, _least(time.size), 1.0), columns, strict=True)
        ]
    if end > columns[0][-1]:
        columns = [
            np.append(column, last)
            for column, last in zip(columns, (end, *(c[-1] for c in columns[1:])), strict=True)
        ]
    # Censored at different times, those that are left say little about those that are gone.
    staying = time[~exited]
    until = inf if staying.size and np.isinf(staying).all() else float(columns[0][-1])
    t, probability, low, high = columns
    return Survival(t, probability, low, high, until)


def restricted_mean(time: Floats, exited: NDArray[np.bool_], until: float) -> Estimate:
    """Return the mean of min(T, until): the area under the survival curve, whatever the law of T.

    Its variance is that of Greenwood, Σ A(tᵢ)² dᵢ/(rᵢ(rᵢ − dᵢ)), A(t) being the area from t to `until`.
    """
    times, exits, at_risk = table(time, exited)
    inside = times <= until
    times, exits, at_risk = times[inside], exits[inside], at_risk[inside]
    probability = np.cumprod(1.0 - exits / at_risk)
    edges = np.concatenate([[0.0], times, [until]])
    areas = np.diff(edges) * np.concatenate([[1.0], probability])
    beyond = np.cumsum(areas[::-1])[::-1][1:]
    left = at_risk - exits
    variance = np.sum((beyond**2 * exits / at_risk)[left > 0] / left[left > 0])
    value, error = float(areas.sum()), NORMAL * float(np.sqrt(variance))
    if not times.size:
        error = value * (1.0 - _least(time.size))
    return Estimate(
        value, max(value - error, 0.0), min(value + error, until), f"mean restricted to t <= {until:g}"
    )


def common_limit(time: Floats, exited: NDArray[np.bool_]) -> float:
    """Return the one time at which all that did not exit were censored; inf if all exited."""
    limits = np.unique(time[~exited])
    if limits.size > 1 or (limits.size and exited.any() and time[exited].max() > limits[0]):
        raise ValueError(checks.wrong("time", "censored at one time, which no exit exceeds", limits))
    return float(limits[0]) if limits.size else inf
