"""The replicates' compensated spike trains, chained end to end.

Against its own compensator the network's spike train is a Poisson process of rate 1. The trains of all replicates
are chained, each up to its own end, which is a stopping time; so the chain is a Poisson process again. Its gaps are
followed up to a number of spikes fixed beforehand: a fixed window of time would bias them.

Who spikes is drawn in proportion to φ(U_i), whatever happened before. So for each order of the neurons that only
the past decides, the place of the spiker is uniform on [0, 1] and independent of the past: the sum of φ(U_j)/Σφ
over all j that come before the spiker, and a random part of its own. And whomever the past foretells spikes with
probability φ(U_i)/Σφ.
"""

from dataclasses import dataclass

import numpy as np

from ..case import Case
from ..sample import Sample
from .walk import Stretch, walk


@dataclass
class Chain:
    """The first so many spikes of the chain."""

    gaps: np.ndarray  # before each spike
    by_index: np.ndarray  # the spiker's place in the order of the neurons' numbers
    by_recency: np.ndarray  # its place in the order in which they spiked last
    chance: np.ndarray  # with which the neuron that was foretold spikes; 0 where none was
    foretold: np.ndarray  # whether it did


class Past:
    """Who has spiked in each replicate so far."""

    def __init__(self, replicates: int, n: int):
        self.latest = np.full((replicates, n), -1)  # number of the last spike of each neuron
        self.follower = np.full((replicates, n), -1)  # who spiked next after it, the last time
        self.spiker = np.full(replicates, -1)
        self.spikes = 0

    def forecast(self, replicate):
        """Return who followed the last spiker the time before; −1: nobody yet."""
        last = self.spiker[replicate]
        return np.where(last >= 0, self.follower[replicate, last], -1)

    def more_recent(self, replicate, neuron):
        """Tell which neurons spiked after the last spike of these; of those that never did, the smaller indices."""
        latest = self.latest[replicate]
        own = np.take_along_axis(latest, neuron[:, None], 1)
        return (latest > own) | ((latest == own) & (np.arange(latest.shape[1]) < neuron[:, None]))

    def add(self, replicate, neuron):
        """Let one neuron of each of these replicates have spiked."""
        last = self.spiker[replicate]
        known = last >= 0
        self.follower[replicate[known], last[known]] = neuron[known]
        self.latest[replicate, neuron] = self.spikes
        self.spiker[replicate] = neuron
        self.spikes += 1


def chain(case: Case, sample: Sample, events: int, seed: int) -> Chain:
    """Return the first `events` spikes; where the chain ends too early it goes on with draws of our own."""
    rng = np.random.default_rng(seed)
    level = np.zeros(len(sample))
    past = Past(len(sample), case.n)
    told = []
    for part in walk(case, sample):
        if isinstance(part, Stretch):
            level += (part.rate.sum(axis=1, keepdims=True) * part.weight).sum(axis=(1, 2))
        else:
            told.append((part.replicate, level[part.replicate], *_spikers(past, part, rng)))
            past.add(part.replicate, part.neuron)
    if not told:
        return _continued(Chain(*np.empty((4, 0)), np.empty(0, bool)), level.sum(), events, seed)
    replicate, at, *spikers = (np.concatenate(column) for column in zip(*told, strict=True))
    order = np.lexsort((at, replicate))
    before = np.concatenate([[0.0], np.cumsum(level)[:-1]])
    at = before[replicate[order]] + at[order]
    whole = Chain(np.diff(at, prepend=0.0), *(column[order] for column in spikers))
    return _continued(whole, level.sum() - at[-1], events, seed)


def _spikers(past: Past, part, rng):
    """Return what a chain says of its spikers, for one spike in each of some replicates."""
    replicate, neuron, rate = part.replicate, part.neuron, part.rate[:, :, 0]
    total = rate.sum(axis=1)
    # A spike that can't be has the place 0, not none.
    share = rate / np.where(total > 0.0, total, 1.0)[:, None]
    own = np.take_along_axis(share, neuron[:, None], 1)[:, 0] * rng.uniform(size=neuron.size)
    smaller = np.arange(share.shape[1]) < neuron[:, None]
    guess = past.forecast(replicate)
    chance = np.where(guess >= 0, np.take_along_axis(share, guess[:, None], 1)[:, 0], 0.0)
    by_index, by_recency = (
        (share * before).sum(axis=1) + own for before in (smaller, past.more_recent(replicate, neuron))
    )
    return by_index, by_recency, chance, guess == neuron


def _continued(told: Chain, left: float, events: int, seed: int) -> Chain:
    """Draw what is missing, which changes no law: `left` is the chain's level after its last spike."""
    if (missing := events - len(told.gaps)) > 0:
        rng = np.random.default_rng((seed, events))
        own = rng.exponential(size=missing)
        own[0] += left
        places = rng.uniform(size=(2, missing))
        more = Chain(own, *places, np.zeros(missing), np.zeros(missing, bool))
        return Chain(*(np.append(getattr(told, key), getattr(more, key)) for key in vars(told)))
    return Chain(*(column[:events] for column in vars(told).values()))
