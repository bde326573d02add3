"""Time rescaling: gaps of the chain are Exp(1), spikers are drawn in proportion to φ, neighbours independent."""

import numpy as np

from ..case import Case
from ..sample import Sample
from . import pvalue
from .chain import chain


def check(case: Case, sample: Sample, events: int, seed: int):
    """Yield (what, sup distance, p) for gaps, spikers and neighbours' ratio of the first `events` spikes."""
    told = chain(case, sample, events, seed)
    laws = {
        "gaps are Exp(1)": (told.gaps, lambda x: -np.expm1(-x)),
        "spikers are drawn in proportion to φ": (told.by_index, lambda x: x),
        "ratio of neighbouring gaps is uniform": (ratios(told.gaps, 1), lambda x: x),
    }
    for what, (values, cdf) in laws.items():
        distance = pvalue.distance(values, cdf)
        yield what, distance, pvalue.one_sample(len(values), distance)


def ratios(gaps, lag: int):
    """Return x/(x + y) for pairs of gaps so far apart, no gap in two of them: uniform if they are Exp(1)."""
    pairs = gaps[: len(gaps) // (2 * lag) * 2 * lag].reshape(-1, 2, lag)
    both = pairs.sum(axis=1)
    return (pairs[:, 0] / np.where(both > 0.0, both, 1.0)).ravel()
