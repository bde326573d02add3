"""(c), (d) Time rescaling and martingale residuals along the paths."""

import itertools

import numpy as np

from ..case import Case
from .common import CONVENTIONS, PULSES, RATES, STEEP, model


def cases():
    """(c), (d) Time rescaling and martingale residuals, for every rate, convention and size."""
    rng = np.random.default_rng(5)
    origin = "the compensator along the spikes (statistics/walk.py)"

    def chain(test):
        return {"test": test, "events_per_replicate": None, "origin": origin}

    dynamic = [
        {"test": "residuals", "origin": origin},
        {"test": "state", "tolerance": 1e-9, "origin": origin},
    ]
    for k, (rate, (transmits, recipients)) in enumerate(itertools.product(RATES, CONVENTIONS)):
        n = (2, 3, 5, 10)[(k + k // 4) % 4]
        pulses = PULSES if k % 2 == 0 else []
        yield Case(
            f"cd-{rate}-{transmits}-{recipients}",
            f"{rate} rate, {n} unequal neurons{', pulses' if pulses else ''}: time rescaling and residuals",
            "cd",
            model(RATES[rate], 1.0, 1.0, 0.3, transmits, recipients),
            n,
            rng.uniform(0.0, 2.0, n).round(3).tolist(),
            rng.uniform(0.0, 3.0, n).round(3).tolist(),
            4.0,
            20_000 // n,
            [chain("rescaling"), *dynamic],
            reduced=1000 // n,
            pulses=pulses,
            spikes=True,
        )
    for n, replicates in ((100, 200), (1000, 20), (10_000, 4)):
        yield Case(
            f"cd-large-{n}",
            f"{n} neurons with unequal calcium: time rescaling and residuals",
            "cd",
            model(STEEP, 0.3, 1.0, 0.1),
            n,
            2.0,
            rng.uniform(5.0, 13.0, n).round(2).tolist(),
            {100: 5.0, 1000: 2.0, 10_000: 0.5}[n],
            replicates,
            [chain("rescaling"), *([chain("dependence")] if n < 10_000 else []), *dynamic],
            reduced=10 if n == 100 else 0,
            spikes=True,
        )
    yield Case(
        "cd-many",
        "many unequal neurons, more than a processor keeps at hand: who spikes sends its own calcium",
        "cd",
        model(STEEP, 0.3, 1.0, 0.1),
        6000,
        rng.uniform(1.0, 3.0, 6000).round(2).tolist(),
        rng.uniform(0.0, 20.0, 6000).round(2).tolist(),
        0.4,
        6,
        [chain("rescaling"), dynamic[1]],
        reduced=2,
        spikes=True,
    )
    yield Case(
        "cd-constant-200",
        "constant rate, long trains of many neurons: neither gaps nor spikers can be foretold",
        "cd",
        model(RATES["constant"], 0.5, 1.0, 0.3),
        200,
        0.5,
        1.0,
        10.0,
        20,
        [chain("rescaling"), chain("dependence")],
        reduced=4,
        spikes=True,
    )
    yield Case(
        "cd-long",
        "many frames and long gaps: sums told against the spikes",
        "cd",
        model({"Hill": {"top": 1.0, "half": 1.0, "power": 2.0, "base": 0.03}}, 1.0, 5.0, 2.0, "after"),
        4,
        [0.0, 1.0, 2.0, 3.0],
        [5.0, 0.0, 1.0, 2.0],
        150.0,
        400,
        [chain("rescaling"), *dynamic],
        reduced=40,
        pulses=[[40.0, 41.0, 10.0], [120.0, 120.5, 30.0]],
        spikes=True,
    )
    yield Case(
        "cd-rising",
        "a current lifts the potentials while spikes lift them too: the bound must foresee both",
        "cd",
        model(
            {"Table": {"potential": [0.0, 2.2, 2.4], "rate": [0.5, 0.5, 20.0]}}, 0.6, 1.0, 0.3, "after", "all"
        ),
        3,
        0.0,
        0.5,
        0.8,
        20_000,
        [chain("rescaling"), *dynamic],
        reduced=1000,
        pulses=[[0.0, 0.8, 4.0]],
        spikes=True,
    )
    yield Case(
        "cd-growing",
        "strong synapses, rising potentials: the bound breaks all the time",
        "cd",
        model(RATES["exponential"], 4.0, 1.0, 0.3, "after", "all"),
        3,
        0.2,
        1.0,
        2.0,
        10_000,
        [chain("rescaling"), *dynamic],
        reduced=400,
        pulses=[[0.3, 0.5, 3.0], [1.0, 1.1, 12.0], [1.5, 1.6, 12.0]],
        spikes=True,
    )
