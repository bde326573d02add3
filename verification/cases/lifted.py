"""(b) Large networks at rest, silent until a current lifts them over the threshold of their rate."""

import itertools

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

from ..case import FORMULAS, Case
from .common import model, spikeless

N = 100_000
RAMP = {"Ramp": {"low": 1.0, "high": 3.0, "top": 0.01}}
TABLE = {"Table": {"potential": [0.0, 1.0, 2.0, 4.0], "rate": [0.0, 0.0, 0.008, 0.002]}}


def cases():
    """(b) Large networks at rest that a current lifts over a threshold, below which their rate is zero.

    Under a bound of the rate for the whole pulse most candidates are in vain while the network is still silent,
    and the more neurons there are, the more. So a simulator may skip that silence, but must wake at its end.
    """
    yield ramp()
    yield table()


def ramp():
    """Return the case of one pulse: no spike until it has lifted the neurons, and then the first."""
    pulse = [0.5, 1.5, 8.0]
    potential = spikeless(0.0, [pulse])
    begin = crossing(potential, 1.0, *pulse[:2])
    points = np.linspace(begin, begin + 0.12, 121)
    law = {
        "test": "law",
        "observable": "first_spike",
        "points": [0.0, pulse[0], *points],
        "probabilities": [0.0, 0.0, *(-np.expm1(-mean_count(RAMP, potential, [begin, s])) for s in points)],
        "origin": "1 − exp(−N∫φ) along the spikeless flow, from when it reaches the threshold",
    }
    return Case(
        "b-lifted-ramp",
        "100,000 neurons at rest that a pulse lifts over the foot of a ramp: first spike",
        "b",
        model(RAMP, 0.3, 1.0, 0.1),
        N,
        0.0,
        0.0,
        2.0,
        400,
        [law],
        reduced=20,
        pulses=[pulse],
        spikes=True,
    )


def table():
    """Return the case of two pulses, the first too weak: how many spikes neurons have that hear nobody.

    The rate falls beyond its peak, and the potentials pass it on the way up and on the way down.
    """
    strong = [1.2, 2.0, 5.0]
    pulses = [[0.2, 0.6, 2.5], strong]
    potential, t_end = spikeless(0.0, pulses), 3.5
    up = [crossing(potential, u, *strong[:2]) for u in (1.0, 2.0)]
    down = [crossing(potential, u, strong[1], t_end) for u in (2.0, 1.0)]
    count = {
        "test": "poisson",
        "observable": "spikes",
        "mean": mean_count(TABLE, potential, [*up, strong[1], *down]),
        "origin": "N∫φ along the flow, between the times at which it passes the threshold",
    }
    return Case(
        "b-lifted-table",
        "100,000 neurons at rest without synapses, which the second of two pulses lifts over a threshold: count",
        "b",
        model(TABLE, 0.0, 1.0, 0.1, "after", "all"),
        N,
        0.0,
        0.0,
        t_end,
        400,
        [count],
        reduced=20,
        pulses=pulses,
    )


def crossing(potential, level, start, stop):
    """Return the time between two others at which a potential passes a level."""
    return brentq(lambda s: potential(s) - level, start, stop, xtol=1e-15, rtol=1e-15)


def mean_count(rate, potential, times):
    """Return how many spikes all neurons are expected to have along a flow, from each time to the next."""
    ((kind, parameters),) = rate.items()
    phi = FORMULAS[kind](**parameters)
    return N * sum(quad(lambda s: float(phi(potential(s))), a, b)[0] for a, b in itertools.pairwise(times))
