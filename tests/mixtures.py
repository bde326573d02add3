"""Memory times of two populations: some networks forget at once or soon, the others at exponential times."""

from math import inf, log

import numpy as np

from facilis.memory import exponential
from facilis.memory.doubt import doubt, p_value
from facilis.memory.mixture import mixture

SHARES = (0.0, 0.3, 0.6, 0.9)  # of early forgetters
CENSORED = (0.0, 0.1, 0.3)  # of the others
QUICK = 0.01  # mean memory time of those that forget soon; that of the others is 1


def draw(n, share, censored, quick, rng):
    """Return n times and whether each exited."""
    limit = -log(censored) if censored else inf
    early = quick * rng.exponential(size=n)
    time = np.where(rng.random(n) < share, early, rng.exponential(size=n))
    return np.minimum(time, limit), time <= limit


def silently_wrong(n, share, censored, quick, sets, rng):
    """Return in how many of the sets the mean is out of its interval without a doubt, and doubted."""
    true = share * quick + 1.0 - share
    missed = doubted = 0
    for _ in range(sets):
        time, exited = draw(n, share, censored, quick, rng)
        mean = exponential.mean(time, exited)
        warned = doubt(time, exited, p_value(time, exited)) is not None
        doubted += warned
        missed += not warned and not mean.low <= true <= mean.high
    return missed, doubted


def covered(n, share, censored, quick, sets, rng):
    """Return in how many sets there is a mixture, and how often its three intervals hold the truth.

    The truth is that of the split which was found: what is told of the networks is when they forgot.
    """
    found, hits = 0, np.zeros(3, int)
    for _ in range(sets):
        time, exited = draw(n, share, censored, quick, rng)
        try:
            one = mixture(time, exited)
        except ValueError:
            continue
        found += 1
        soon = np.exp(-one.split / quick) if quick else 0.0
        forgot = share * (1.0 - soon) - (1.0 - share) * np.expm1(-one.split)
        longer = share * soon * (one.split + quick) + (1.0 - share) * np.exp(-one.split) * (one.split + 1.0)
        truth = (share * quick + 1.0 - share, forgot, longer / (1.0 - forgot))
        parts = (one.mean, one.not_remembered, one.remembered)
        hits += [part.low <= value <= part.high for part, value in zip(parts, truth, strict=True)]
    return found, hits
