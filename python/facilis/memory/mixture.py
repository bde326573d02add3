"""Two populations of networks: those that never took the memory, and those that did.

The hazard, the rate at which networks forget, is taken to be constant before a split and constant after it. With
dᵢ exits in the total time Wᵢ that networks were watched on the two sides, the logarithm of the likelihood is
Σ dᵢ log(dᵢ/Wᵢ) up to a constant. The exit time that maximises it, where the hazard falls, is the first split. The
last of the early networks may come after it. So the split is then moved on to where a network is as likely to be
early as late, both with exponential densities that are fitted to the two sides, until it stays.

References
----------
D. E. Matthews, V. T. Farewell, On testing for a constant hazard against a change-point alternative, Biometrics 38
(1982) 463–468. G. Y. Zou, A. Donner, Construction of confidence limits about effect measures, Stat. Med. 27 (2008)
1693–1702, for the interval of a sum and of a product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import card
from ..result import Columns, Floats, Tabular
from . import exponential
from .binomial import wilson
from .doubt import doubt, p_value
from .estimate import Estimate
from .survival import NORMAL, table

_LEAST_GAIN = 10.0  # in the logarithm of the likelihood
_MOST_OVERLAP = 0.1  # of the split, in mean memory times of the rest after it


@dataclass(frozen=True)
class Mixture(card.Shown, Tabular):
    """Memory times of two populations, those that never took the memory and those that did.

    Attributes
    ----------
    split : float
        Who has forgotten by this time counts as not having remembered.
    not_remembered : Estimate
        The share of these networks, with Wilson's interval.
    remembered : Estimate
        The mean memory time of the others, whose law is taken to be a shifted exponential.
    mean : Estimate
        The mean memory time of all networks.
    doubt : str or None
        Why the shifted exponential law of the others is not to be relied on, or None.

    Examples
    --------
    >>> region = fc.Region.potential_above(0.7)
    >>> task = {"region": region, "stimulus": fc.Pulse(0.0, 10.0, 1.2), "replicates": 400, "rng": 1}
    >>> found = fc.memory_times(fc.Model.example("bistable"), 30, 1000.0, **task).mixture()
    >>> found.not_remembered.value < 1.0 and found.remembered.value > found.split
    True
    """

    split: float
    not_remembered: Estimate
    remembered: Estimate
    mean: Estimate
    doubt: str | None

    def _columns(self) -> Columns:
        parts = {"not_remembered": self.not_remembered, "remembered": self.remembered, "mean": self.mean}
        named = {
            f"{name}_{end}": column for name, part in parts.items() for end, column in part._columns().items()
        }
        return {"split": ((), self.split)} | named


def mixture(time: Floats, exited: NDArray[np.bool_]) -> Mixture:
    """Return the two populations; ValueError where there are not plainly two."""
    if np.isinf(time).any():
        raise ValueError("mixture needs finite times, got networks at rest in the region for ever")
    split = _boundary(time, exited, _change(time, exited))
    later = time > split
    rest = exponential.mean(time[later], exited[later], "mean memory time of the rest")
    if not rest.value - split >= split / _MOST_OVERLAP:
        raise ValueError(
            f"mixture needs two populations that are plain: beyond t = {split:.6g}, where networks begin to "
            f"forget more slowly, memory goes on for {rest.value - split:.6g} only"
        )
    n, early = time.size, int(np.count_nonzero(~later))
    ends = wilson(early, n)
    share = Estimate(early / n, float(ends[0]), float(ends[1]), "share not remembered")
    return Mixture(
        split,
        share,
        rest,
        _mean(time[~later], share, rest, n),
        doubt(time[later], exited[later], p_value(time[later], exited[later])),
    )


def _change(time: Floats, exited: NDArray[np.bool_]) -> float:
    """Return the exit time after which networks forget more slowly."""
    exits, count, _ = table(time, exited)
    ends = np.append(exits[1:], time.max())
    # Halfway to what comes next: at the exit itself, a time 0 would have an infinite hazard.
    middle = 0.5 * (exits + ends)[ends > exits]
    if not middle.size:
        raise ValueError("mixture needs networks that forget at different times")
    before = np.cumsum(count)[: middle.size].astype(float)
    order = np.sort(time)
    below = np.searchsorted(order, middle, side="right")
    watched = np.concatenate([[0.0], np.cumsum(order)])[below] + middle * (time.size - below)
    after, later = count.sum() - before, order.sum() - watched
    gain = _log_likelihood(before, watched) + _log_likelihood(after, later)
    gain -= _log_likelihood(count.sum(), order.sum())
    gain[before * later <= after * watched] = 0.0  # where the hazard grows
    best = int(gain.argmax())
    if gain[best] < _LEAST_GAIN:
        raise ValueError(
            "mixture needs two populations that are plain: these memory times do not show that some networks "
            f"forget faster than others (a gain in log likelihood of {gain[best]:.3g}, at least {_LEAST_GAIN:g})"
        )
    return float(exits[best])


def _boundary(time: Floats, exited: NDArray[np.bool_], split: float) -> float:
    """Move the split on to where both populations are equally likely; it never moves back, and so it stops."""
    exits = np.sort(time[exited])
    while True:
        early = exits[exits <= split]
        spread, late = float(early.mean() - early[0]), time > split
        seen = exits.size - early.size
        if spread == 0.0 or seen == 0:
            return split
        scale = float((time[late] - split).sum()) / seen
        reach = early[0] + spread * np.log(early.size * scale / (spread * np.count_nonzero(late)))
        moved = float(exits[exits <= reach].max(initial=split))
        if moved == split or not (time > moved).any():
            return split
        split = moved


def _log_likelihood(exits: Floats | float, watched: Floats | float) -> Floats:
    d = np.asarray(exits, float)
    likelihood: Floats = d * np.log(np.where(d > 0.0, d, 1.0) / watched)
    return likelihood


def _mean(early: Floats, share: Estimate, rest: Estimate, n: int) -> Estimate:
    """Return the mean of all: that of the early ones, Σ T/n over them, plus (1 − share) times that of the rest.

    The distance of an end from the estimate is the root of the sum of the squared distances of the parts, on
    the scale of logarithms for the product.
    """
    quick = early.sum() / n
    error = NORMAL * np.sqrt(max(np.sum(early**2) - n * quick**2, 0.0)) / n
    left = 1.0 - share.value
    value = left * rest.value
    if not np.isfinite(value):
        return Estimate(np.inf, quick + (1.0 - share.high) * rest.low, np.inf)
    lowest = np.log(rest.value / rest.low) if rest.low > 0.0 else np.inf
    below = np.hypot(np.log(left / (1.0 - share.high)), lowest)
    above = np.hypot(np.log((1.0 - share.low) / left), np.log(rest.high / rest.value))
    low, high = value * np.exp(-below), value * np.exp(above)
    return Estimate(
        float(quick + value),
        float(quick + value - np.hypot(value - low, min(error, quick))),
        float(quick + value + np.hypot(high - value, error)),
    )
