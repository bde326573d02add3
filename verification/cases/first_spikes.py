"""(b) N = 1 and first spikes, with their atom at infinity; extinction; rates near zero."""

import numpy as np
from scipy.integrate import quad

from ..case import Case
from .common import STEEP, edges_of, model, spikeless


def cases():
    """(b) N = 1 and first spikes, with their atom at infinity; extinction; rates near zero."""
    u0, beta = 2.0, 1.0
    total = np.log(1 + u0**4) / 4 / beta  # ∫₀^∞ u⁴/(1+u⁴)dt along u₀e^{−βt}
    points = np.linspace(0.05, 6.0, 120)
    hazard = (np.log(1 + u0**4) - np.log(1 + (u0 * np.exp(-beta * points)) ** 4)) / 4 / beta
    first = {
        "test": "law",
        "observable": "first_spike",
        "points": points.tolist(),
        "probabilities": (-np.expm1(-hazard)).tolist(),
        "origin": "1 − exp(−∫φ(u₀e^{−βt})dt), atom exp(−∫₀^∞) at infinity",
    }
    count = {"test": "poisson", "observable": "spikes", "mean": total, "origin": "∫₀^∞φ(u₀e^{−βt})dt"}
    never = {
        "test": "event",
        "observable": "spikes",
        "between": [0, 0],
        "probability": float(np.exp(-total)),
        "origin": "no spike ever: exp(−∫₀^∞φ)",
    }
    yield Case(
        "b-one-neuron",
        "one neuron hears nobody: Poisson count, first spike, atom at infinity",
        "b",
        model(STEEP, 0.7, beta, 0.3, "after"),
        1,
        u0,
        4.0,
        60.0,
        40_000,
        [first, count, never, {"test": "distinct", "origin": "streams are independent"}],
        reduced=1000,
        spikes=True,
    )
    yield Case(
        "b-extinction",
        "three neurons with no base rate: extinct at once with probability exp(−N∫φ)",
        "b",
        model(STEEP, 0.5, beta, 0.3),
        3,
        0.8,
        2.0,
        60.0,
        40_000,
        [never | {"probability": float((1 + 0.8**4) ** (-3 / 4)), "origin": "exp(−3∫₀^∞φ(u₀e^{−βt})dt)"}],
        reduced=1000,
    )
    yield Case(
        "b-faint",
        "a base rate of 2·10⁻⁷ is not extinction",
        "b",
        model({"Hill": {"top": 1.0, "half": 1.0, "power": 4.0, "base": 2e-7}}, 0.0, 1.0, 0.3),
        1,
        0.0,
        0.0,
        5e6,
        20_000,
        [{"test": "poisson", "observable": "spikes", "mean": 1.0, "origin": "base·t"}],
        reduced=500,
    )
    yield first_spike_with_pulses()


def first_spike_with_pulses():
    """Return the case of the first spike along the spikeless flow under a current."""
    n, pulses, u0, t_end = 4, [[0.4, 0.9, 4.0], [1.5, 1.6, 20.0]], 0.3, 3.0
    rate = {"Hill": {"top": 2.0, "half": 1.0, "power": 3.0, "base": 0.02}}
    case = Case("", "", "", model(rate, 0.8, 1.0, 0.3), n, u0, 2.0, t_end, 1, [], pulses=pulses)
    potential = spikeless(u0, pulses)
    points = np.linspace(0.02, t_end - 0.01, 150)

    def hazard(s):
        inner = [edge for edge in edges_of(pulses) if 0.0 < edge < s]
        return n * quad(lambda x: float(case.phi(potential(x))), 0.0, s, points=inner or None, limit=200)[0]

    law = {
        "test": "law",
        "observable": "first_spike",
        "points": points.tolist(),
        "probabilities": [float(-np.expm1(-hazard(s))) for s in points],
        "origin": "1 − exp(−N∫φ) along the spikeless flow with its current",
    }
    return Case(
        "b-first-spike-pulses",
        "first spike of four neurons under two pulses",
        "b",
        case.model,
        n,
        u0,
        2.0,
        t_end,
        40_000,
        [law],
        reduced=1000,
        pulses=pulses,
        spikes=True,
    )
