"""Public functions and methods that can last, each with arguments by which it does."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import xarray  # noqa: F401 - a sweep would import it, and pandas does not survive Ctrl-C while it is imported

import facilis as fc

# Firing for ever: without an interruption these runs would take days.
LASTING = fc.Model(0.5, 1.0, 0.1, fc.Hill(1.0, 1.0, 4, base=0.1))
MEMORY = fc.Model.example("memory")
BISTABLE = fc.Model.example("bistable")
GHOST = fc.Model.example("ghost")

FALLING = fc.Model(1.0, 1.0, 1.0, fc.Table([0.3, 1.0, 2.0, 3.0], [0.0, 1.5, 1.5, 0.5]))
STIFF = fc.Model(3e4, 1e5, 0.1, fc.Hill(1.0, 1.0, 4))
START = {"potential": 4.0, "calcium": 9.0}
REGION = fc.Region.potential_above(0.7)
HIGH = {"potential": 2.0, "calcium": 9.0, "region": REGION}


SOON = 0.3  # seconds


@dataclass
class LongCall:
    """A call that lasts longer than its seconds."""

    function: Callable[[], Any]
    seconds: float = 0.6
    after: Callable[[], Any] = lambda: None  # shows that what the call left behind is usable


@cache
def lasting():
    return fc.Simulation(LASTING, 1000, rng=1, **START)


def go_on():
    simulation = lasting()
    t = simulation.t
    assert simulation.advance(t + 0.01, grid=None).final.t == simulation.t == t + 0.01


@cache
def cloud(atoms):
    return np.linspace(0.0, 5.0, atoms)


@cache
def ends():
    return fc.memory_times(MEMORY, 5, 100.0, replicates=20_000, rng=1, **HIGH)


def endless(n=1000, **options):
    return fc.ensemble(LASTING, n, 1e9, grid=None, replicates=10**6, **START, **options)


def covariance():
    return fc.solve_limit(BISTABLE, 9000.0, potential=cloud(100), calcium=cloud(100), grid=10).covariance


@cache
def stationary():
    return fc.calcium_law(BISTABLE, fc.equilibria(BISTABLE)[-1])


def rough(points):
    """A rate of so many points that whatever looks at each of them takes a while."""
    u = np.linspace(0.0, 5.0, points)
    return MEMORY.replace(rate=fc.Table(u, u**4 / (1.0 + u**4) + 1e-3 * np.sin(40.0 * u) ** 2))


def mixed():
    """Atoms as many as let the law of calcium take seconds."""
    law = fc.solve_limit(BISTABLE, 50.0, potential=cloud(10**4), calcium=cloud(10**4), grid=5)
    return law.calcium_law(20.0)


def undecided():
    """A long search for folds, which ends without a proof that there are no others."""
    with suppress(ValueError):
        fc.bifurcation(MEMORY, "rate.half", 1e-99, 0.5)


def stiff_border():
    """A separatrix that can't be followed to its end."""
    with suppress(RuntimeError):
        fc.separatrix(STIFF)


def near_rest():
    with suppress(RuntimeError):
        fc.ghost(GHOST.replace(alpha=(fc.folds(GHOST)[0].kappa - 3e-12) * 0.1), start=2.0, end=0.7)


@cache
def calls():
    """Return the calls by their names."""
    for_ever = {"grid": None, "spikes": False}
    many = np.random.default_rng(1).uniform(0.0, 4.0, (2, 10**6))
    rare = {"region": fc.Region.basin(BISTABLE), "rng": 1}
    rate = rough(30_000)
    doses = {"durations": [1.0, 2.0], "currents": [1.0, 2.0], "region": REGION, "after": 1e3}
    return {
        "Simulation": LongCall(lambda: fc.Simulation(BISTABLE, 10**7, potential=2.9, calcium=9.8), 0.3),
        "Simulation.advance": LongCall(lambda: lasting().advance(1e12, **for_ever), after=go_on),
        "simulate": LongCall(lambda: fc.simulate(LASTING, 10**6, 1e12, **for_ever, **START)),
        "simulate, spikes kept": LongCall(
            lambda: fc.simulate(LASTING, 10**4, 1e9, max_spikes=10**8, **START)
        ),
        "couple": LongCall(lambda: fc.couple(BISTABLE, 1000, 1e5, **START)),
        "couple, many starts": LongCall(
            lambda: fc.couple(BISTABLE, 10**5, 10.0, potential=cloud(10**5), calcium=9.0)
        ),
        "ensemble": LongCall(endless),
        "ensemble of large networks": LongCall(
            lambda: fc.ensemble(BISTABLE, 10**7, 1e-4, grid=None, replicates=99, **START)
        ),
        "ensemble in chunks": LongCall(lambda: endless(chunk=10)),
        "memory_times": LongCall(lambda: fc.memory_times(LASTING, 1000, 1e9, **HIGH)),
        "memory_scaling": LongCall(lambda: fc.memory_scaling(LASTING, [10, 20, 30], 1e5, **HIGH)),
        "dose_response": LongCall(lambda: fc.dose_response(LASTING, 1000, replicates=10**5, **doses)),
        "sweep": LongCall(
            lambda: fc.sweep(fc.memory_times, over={"n": [50, 60]}, model=LASTING, t_max=1e6, **HIGH)
        ),
        "exit_probability": LongCall(
            lambda: fc.exit_probability(BISTABLE, 300, 100.0, runs=100, **rare, **START)
        ),
        "mean_memory": LongCall(lambda: fc.mean_memory(BISTABLE, 100, runs=100, **rare)),
        "quasi_stationary": LongCall(lambda: fc.quasi_stationary(BISTABLE, 100, particles=5000, **rare)),
        "exponential_test": LongCall(lambda: ends().exponential_test(resamples=10**6)),
        "solve_limit": LongCall(
            lambda: fc.solve_limit(LASTING, 1e4, potential=cloud(10**5), calcium=cloud(10**5))
        ),
        "covariance": LongCall(covariance),
        "calcium_law": LongCall(mixed),
        "CalciumLaw.rvs": LongCall(lambda: stationary().rvs(10**7), 1.0),
        "basin": LongCall(lambda: fc.basin(BISTABLE, *many[:, :, None].repeat(4, 2)), 0.5),
        "basin of a rate that falls": LongCall(lambda: fc.basin(FALLING, *many)),
        "ghost": LongCall(near_rest, 0.7),
        "separatrix": LongCall(stiff_border, 0.7),
        "pulse_threshold": LongCall(lambda: fc.pulse_threshold(STIFF, 10.0)),
        "fold_curve": LongCall(lambda: fc.fold_curve(rate, "alpha", "beta"), 0.5),
        "bifurcation": LongCall(undecided, 1.0),
        "critical_manifold": LongCall(lambda: fc.critical_manifold(rough(10**6)), 0.3),
        "escape_action": LongCall(lambda: fc.escape_action(BISTABLE), 1.0),
    }
