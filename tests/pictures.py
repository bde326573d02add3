"""All pictures and what they are of, for their tests; ``python -m tests.pictures`` renews the baselines."""

import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

import facilis as fc

BASELINES = Path(__file__).parent / "baselines"

MEMORY, BISTABLE = fc.Model.example("memory"), fc.Model.example("bistable")
REGION = fc.Region.potential_above(0.7)
PULSE = fc.Pulse(10.0, 30.0, 3.0)
START = {"potential": 2.0, "calcium": 9.0}
STATE = fc.equilibria(BISTABLE)[-1]
THERE = {"potential": STATE.potential, "calcium": STATE.calcium}
SLOW = fc.Model(0.02, 1.0, 0.01, fc.Hill(1.0, 1.0, 4.0))


@cache
def weak():
    return fc.simulate(MEMORY, 100, 200.0, stimulus=PULSE, rng=6)


@cache
def strong():
    return fc.simulate(BISTABLE, 100, 200.0, stimulus=PULSE, rng=6)


@cache
def sol():
    return fc.solve_limit(MEMORY, 200.0, stimulus=PULSE)


@cache
def times():
    return fc.memory_times(MEMORY, 50, 1e4, region=REGION, replicates=300, rng=1, **START)


@cache
def doubtful():
    """Of these half never took the memory, and most of the others still remember."""
    pulse = fc.Pulse(0.0, 10.0, 1.2)
    return fc.memory_times(BISTABLE, 30, 1000.0, region=REGION, replicates=300, rng=1, stimulus=pulse)


@cache
def growth(model, t_max=1e4):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "mean memory times are not to be relied on")
        return _growth(model, t_max)


def _growth(model, t_max):
    return fc.memory_scaling(model, [10, 20, 40], t_max, region=REGION, replicates=60, rng=1, **START)


@cache
def dose():
    currents, few = np.geomspace(0.5, 20.0, 6), {"after": 20.0, "replicates": 40, "rng": 1}
    return fc.dose_response(MEMORY, 30, durations=[10.0, 15.0, 20.0], currents=currents, region=REGION, **few)


@cache
def networks():
    return fc.ensemble(MEMORY, 100, 200.0, replicates=60, stimulus=PULSE, grid=200, rng=1)


@cache
def coupled():
    return fc.couple(MEMORY, 300, 100.0, stimulus=PULSE, rng=1)


@cache
def stationary():
    return fc.simulate(BISTABLE, 300, 300.0, grid=500, spikes=False, rng=1, **THERE)


@cache
def rare():
    """The exponent, paths, mean lives and the law of networks that linger."""
    few = {"region": REGION, "replicas": 60, "runs": 2, "rng": 1}
    probability = fc.exit_probability(BISTABLE, 20, 50.0, check=True, **few, **THERE)
    return {
        "actions": [fc.escape_action(BISTABLE.replace(alpha=alpha)) for alpha in (0.25, 0.30)],
        "probability": probability,
        "paths": probability.paths(3),
        "lives": [fc.mean_memory(BISTABLE, n, **few) for n in (20, 25)],
        "law": fc.quasi_stationary(BISTABLE, 20, region=REGION, particles=100, t_end=600.0, rng=1),
    }


@cache
def swept():
    over = {"alpha": [0.2, 0.21, 0.22, 0.24], "n": [5, 10, 20, 40]}
    task = {"model": MEMORY, "t_max": 100.0, "region": REGION, "replicates": 40, "rng": 1}
    return fc.sweep(fc.memory_times, over=over, **task, **START)


def of_axes(draw: Callable[[Any], Any]) -> Callable[[Figure], Any]:
    return lambda figure: draw(figure.subplots())


def twice(ax):
    fc.plot.survival(times(), ax, label="weak")
    return fc.plot.survival(doubtful(), ax, label="strong")


# Of each the height in inches that it needs where it is 3 inches wide, and what draws it in a figure.
PICTURES: dict[str, tuple[float, Callable[[Figure], Any]]] = {
    "raster": (2.4, of_axes(lambda ax: fc.plot.raster(weak(), ax))),
    "traces": (2.4, of_axes(lambda ax: fc.plot.traces(weak(), ax))),
    "traces_limit": (2.4, of_axes(lambda ax: fc.plot.traces(weak(), ax, limit=sol()))),
    "traces_of_two": (2.4, of_axes(lambda ax: fc.plot.traces({"weak": weak(), "strong": strong()}, ax))),
    "potentials": (2.4, of_axes(lambda ax: fc.plot.traces([weak(), strong()], ax, means="potential"))),
    "phase": (2.4, of_axes(lambda ax: fc.plot.phase_portrait(MEMORY, weak(), ax))),
    "phase_of_two": (2.4, of_axes(lambda ax: fc.plot.phase_portrait(MEMORY, [weak(), strong(), sol()], ax))),
    "phase_current": (2.4, of_axes(lambda ax: fc.plot.phase_portrait(MEMORY, weak(), ax, current=3.0))),
    "firing_rate": (2.4, of_axes(lambda ax: fc.plot.firing_rate(weak(), ax))),
    "isi_histogram": (2.4, of_axes(lambda ax: fc.plot.isi_histogram(weak(), ax))),
    "rate_histogram": (2.4, of_axes(lambda ax: fc.plot.rate_histogram(weak(), ax))),
    "bifurcation": (
        2.4,
        of_axes(lambda ax: fc.plot.bifurcation(fc.bifurcation(MEMORY, "alpha", 0.15, 0.5), ax)),
    ),
    "fold_curve": (
        2.4,
        of_axes(lambda ax: fc.plot.fold_curve(fc.fold_curve(MEMORY, "alpha", "lam"), ax)),
    ),
    "fluctuations": (
        2.4,
        of_axes(lambda ax: fc.plot.fluctuations(stationary(), fc.linear_noise(BISTABLE, STATE), ax)),
    ),
    "survival": (2.4, of_axes(lambda ax: fc.plot.survival(times(), ax, fit=True))),
    "survival_doubtful": (2.4, of_axes(lambda ax: fc.plot.survival(doubtful(), ax, fit=True))),
    "survival_of_two": (2.4, of_axes(twice)),
    "memory_histogram": (2.4, of_axes(lambda ax: fc.plot.memory_histogram(times(), ax))),
    "dose_response": (2.4, of_axes(lambda ax: fc.plot.dose_response(dose(), ax))),
    "scaling": (2.4, of_axes(lambda ax: fc.plot.scaling(growth(MEMORY), ax))),
    "scaling_unknown": (2.4, of_axes(lambda ax: fc.plot.scaling(growth(BISTABLE, 30.0), ax))),
    "heat_map": (2.4, of_axes(lambda ax: fc.plot.heat_map(swept(), "mean_time", ax))),
    "critical_manifold": (
        2.4,
        of_axes(lambda ax: fc.plot.critical_manifold(fc.critical_manifold(SLOW), fc.slow_passage(SLOW), ax)),
    ),
    "action": (2.4, of_axes(lambda ax: fc.plot.action(rare()["actions"], [growth(BISTABLE)], ax))),
    "way_out": (2.4, of_axes(lambda ax: fc.plot.way_out(rare()["actions"][1], rare()["paths"], ax))),
    "exit_probability": (2.4, of_axes(lambda ax: fc.plot.exit_probability(rare()["probability"], ax))),
    "reactive_path": (6.0, lambda figure: fc.plot.run(rare()["paths"][0], figure=figure)),
    "mean_lives": (
        2.4,
        of_axes(lambda ax: fc.plot.mean_lives(rare()["lives"], rare()["actions"][1], growth(BISTABLE), ax)),
    ),
    "quasi_stationary": (2.4, of_axes(lambda ax: fc.plot.quasi_stationary(rare()["law"], ax))),
    "run": (6.0, lambda figure: fc.plot.run(weak(), sol(), figure=figure)),
    "limit": (4.5, lambda figure: fc.plot.limit(sol(), figure=figure)),
    "memory_times": (4.5, lambda figure: fc.plot.memory_times(times(), figure=figure)),
    "memory_times_doubtful": (5.0, lambda figure: fc.plot.memory_times(doubtful(), figure=figure)),
    "ensemble": (3.5, lambda figure: fc.plot.ensemble(networks(), figure=figure)),
    "coupled": (4.0, lambda figure: fc.plot.coupled(coupled(), figure=figure)),
}

# Kept as files, without any text, which is drawn differently by each version of matplotlib.
KEPT = ["raster", "traces_limit", "phase_of_two", "survival_doubtful", "dose_response", "heat_map"]


def bare(name: str) -> Figure:
    """Draw what is in the axes of a picture alone, in the default style."""
    with plt.style.context("default"):
        figure = Figure(figsize=(3.0, 2.4), dpi=60)
        PICTURES[name][1](figure)
        for ax in figure.axes:
            if ax.get_legend() is not None:
                ax.get_legend().remove()
            ax.set(
                position=(0.02, 0.02, 0.96, 0.96)
                if ax.get_label() != "<colorbar>"
                else (0.99, 0.0, 0.01, 1.0)
            )
            ax.set_axis_off()
        return figure


def main() -> None:
    """Draw the baselines anew."""
    BASELINES.mkdir(exist_ok=True)
    for name in KEPT:
        bare(name).savefig(BASELINES / f"{name}.png", metadata={"Software": None})


if __name__ == "__main__":
    mpl.use("agg")
    main()
