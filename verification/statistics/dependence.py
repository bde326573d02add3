"""Dependence on what happened long before, of the gaps between spikes and of who spikes.

A simulator that uses random numbers twice may have the right law of each gap and of each spiker, given the state,
and yet be wrong: what comes can be foretold from what was. Four p-values look for it:

* gaps LAGS apart are independent: of two, the ratio of the first to the sum is uniform. The smallest of the lags'
  p-values counts, times their number.
* no gap can be foretold: the forecast is the gap that followed the earlier gap most like the last one. Whatever the
  forecast, the gap's distance to it is uniform on the circle if both are taken by their distribution function. How
  many forecasts are right to RIGHT is tested too, by exact binomial tails; the smaller p-value, doubled, counts.
* spikers don't depend on who spiked lately: the place of the spiker is uniform among the neurons in the order in
  which they spiked last.
* no spiker can be foretold: the forecast is the neuron that followed the last spiker the time before. It spikes
  with a probability q known from the state, so Π e^{c·hit}/(1 + q(e^c − 1)) is a martingale for every c; the
  average over BETS and Markov's inequality give the p-value.

All but the last are Kolmogorov distances of independent uniform numbers, by the Dvoretzky–Kiefer–Wolfowitz bound.
"""

import bisect

import numpy as np

from ..case import Case
from ..sample import Sample
from . import pvalue
from .chain import chain
from .rescaling import ratios

LAGS = (2, 3, 4, 8, 16, 32, 64, 128)
RIGHT = 1e-6
BETS = np.log([0.5, 2.0, 8.0, 32.0])


def check(case: Case, sample: Sample, events: int, seed: int):
    """Yield (what, observed, p) of the first `events` spikes of the chain."""
    told = chain(case, sample, events, seed)
    yield far_gaps(told.gaps)
    yield foretold_gaps(-np.expm1(-told.gaps))
    distance, p = _from_uniform(told.by_recency)
    yield "spikers, in the order of their last spikes", f"sup distance {distance:.5f}", p
    yield foretold_spikers(told.chance, told.foretold)


def far_gaps(gaps):
    """Compare gaps that are not neighbours."""
    found = {lag: _from_uniform(ratios(gaps, lag)) for lag in LAGS if 2 * lag <= len(gaps)}
    lag = min(found, key=lambda lag: found[lag][1])
    distance, p = found[lag]
    return f"gaps 2 to {LAGS[-1]} apart", f"sup distance {distance:.5f} at {lag}", min(1.0, len(LAGS) * p)


def foretold_gaps(values):
    """Compare gaps with their forecasts, both taken by their distribution function."""
    new = surprises(values)
    distance, p = _from_uniform(new)
    right = int((np.abs(new - 0.5) < RIGHT).sum())
    p_right = pvalue.binomial(right, len(new), 2.0 * RIGHT)
    observed = f"{right} right, sup distance {distance:.5f}"
    return "gaps, from those foretold", observed, min(1.0, 2.0 * min(p, p_right))


def foretold_spikers(chance, hit):
    """Count how often the neuron that was foretold spikes."""
    log_e = [bet * hit.sum() - np.log1p(chance * np.expm1(bet)).sum() for bet in BETS]
    observed = f"{hit.sum()} right, {chance.sum():.1f} by chance"
    return "spikers, from those foretold", observed, pvalue.evidence(log_e)


def surprises(values):
    """Return what is new in each of a sequence of uniform numbers: its distance on the circle to its forecast.

    The forecast is the number that followed the nearest to the last one of all before it. A right forecast gives ½.
    """
    known, follower = [], []
    new = np.empty(max(0, len(values) - 2))
    for k in range(2, len(values)):
        place = bisect.bisect(known, values[k - 2])
        known.insert(place, values[k - 2])
        follower.insert(place, values[k - 1])
        last = values[k - 1]
        right = bisect.bisect(known, last)
        beside = [j for j in (right - 1, right) if 0 <= j < len(known)]
        nearest = min(beside, key=lambda j: abs(known[j] - last))
        new[k - 2] = (values[k] - follower[nearest] + 0.5) % 1.0
    return new


def _from_uniform(values):
    distance = pvalue.distance(values, lambda x: x)
    return distance, pvalue.one_sample(len(values), distance)
