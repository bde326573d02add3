"""(i) Exits from regions, between spikes too."""

import numpy as np

from ..case import Case
from .common import STEEP, model


def cases():
    """(i) Exits from regions, between spikes too."""
    n, u0, low = 3, 1.4, 0.8
    at, quiet = np.log(u0 / low), ((1 + u0**4) / (1 + low**4)) ** (-n / 4)
    yield Case(
        "i-exit-between-spikes",
        "the mean potential decays out of the region before any spike, at a time known to the last digits",
        "i",
        model(STEEP, 0.8, 1.0, 0.2),
        n,
        u0,
        5.0,
        50.0,
        40_000,
        [
            {
                "test": "event",
                "observable": "exit_time",
                "between": [at - 1e-9, at + 1e-9],
                "probability": quiet,
                "origin": "exp(−N∫φ) until ln(u₀/low)/β",
            }
        ],
        reduced=1000,
        region={"potential": low},
    )
    u0, low = 2.0, 1e-300
    at = np.log(u0 / low)
    yield Case(
        "i-exit-after-silence",
        "a neuron that hears nothing spikes now and then: its potential leaves at a time known to the last digits",
        "i",
        model({"Table": {"potential": [0.0, 0.5], "rate": [0.0014, 0.003]}}, 0.0, 1.0, 0.001),
        1,
        u0,
        9.0,
        20_000.0,
        10_000,
        [
            {
                "test": "event",
                "observable": "exit_time",
                "between": [at - 1e-9, at + 1e-9],
                "probability": 1.0,
                "origin": "ln(u₀/low)/β",
            }
        ],
        reduced=1000,
        region={"potential": low},
    )
    for recipients in ("others", "all"):
        yield Case(
            f"i-exit-{recipients}",
            "exit of the means of ten unequal neurons from a quadrant: against textbook thinning",
            "i",
            model(STEEP, 0.5, 1.0, 0.2, "before", recipients),
            10,
            np.linspace(0.5, 2.5, 10).round(3).tolist(),
            5.0,
            8.0,
            20_000,
            [{"test": "program", "observables": ["exit_time"], "origin": "references/program.py"}],
            reduced=2000,
            region={"potential": 0.7, "calcium": 2.5},
        )
