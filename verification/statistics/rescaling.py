"""Time rescaling: against its own compensator the network's spike train is a Poisson process of rate 1.

The replicates' compensated trains are chained end to end, each up to its own end, which is a stopping time;
so the chain is a Poisson process again. Its gaps are followed up to a number of spikes fixed beforehand: a fixed
window of time would bias them.
"""

import numpy as np

from ..case import Case
from ..sample import Sample
from . import pvalue
from .walk import Stretch, walk


def rescaled(case: Case, sample: Sample, seed: int):
    """Return the chain's gaps, the level left at its end, and each spiker's place in the law of spikers.

    That place is uniform on [0, 1]: the sum of φ(U_j)/Σφ over all j before the spiker, and a random part of
    its own.
    """
    rng = np.random.default_rng(seed)
    level = np.zeros(len(sample))
    events = []
    for part in walk(case, sample):
        if isinstance(part, Stretch):
            level += (part.rate.sum(axis=1, keepdims=True) * part.weight).sum(axis=(1, 2))
        else:
            rate = part.rate[:, :, 0]
            up_to = np.cumsum(rate, axis=1)
            own = np.take_along_axis(rate, part.neuron[:, None], 1)[:, 0]
            end = np.take_along_axis(up_to, part.neuron[:, None], 1)[:, 0]
            # A spike that can't be has the place 0, not none.
            total = np.where(up_to[:, -1] > 0.0, up_to[:, -1], 1.0)
            place = (end - own * rng.uniform(size=own.size)) / total
            events.append((part.replicate, level[part.replicate], place))
    if not events:
        return np.empty(0), level.sum(), np.empty(0)
    replicate, at, place = (np.concatenate(column) for column in zip(*events, strict=True))
    order = np.lexsort((at, replicate))
    replicate, at, place = replicate[order], at[order], place[order]
    before = np.concatenate([[0.0], np.cumsum(level)[:-1]])
    at = before[replicate] + at
    return np.diff(at, prepend=0.0), level.sum() - at[-1], place


def check(case: Case, sample: Sample, events: int, seed: int):
    """Yield (what, sup distance, p) for gaps, spikers and neighbours' ratio of the first `events` spikes."""
    gaps, left, place = rescaled(case, sample, seed)
    if (missing := events - len(gaps)) > 0:
        # Where the chain ends too early it goes on with draws of our own, which changes no law.
        rng = np.random.default_rng((seed, events))
        own = rng.exponential(size=missing)
        own[0] += left
        gaps, place = np.append(gaps, own), np.append(place, rng.uniform(size=missing))
    gaps, place = gaps[:events], place[:events]
    pairs = gaps[: 2 * (events // 2)].reshape(-1, 2)
    both = pairs.sum(axis=1)
    share = pairs[:, 0] / np.where(both > 0.0, both, 1.0)
    laws = {
        "gaps are Exp(1)": (gaps, lambda x: -np.expm1(-x)),
        "spikers are drawn in proportion to φ": (place, lambda x: x),
        "ratio of neighbouring gaps is uniform": (share, lambda x: x),
    }
    for what, (sample, cdf) in laws.items():
        distance = pvalue.distance(sample, cdf)
        yield what, distance, pvalue.one_sample(len(sample), distance)
