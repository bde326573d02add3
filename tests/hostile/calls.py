"""Every public function and method, each with arguments that are good and quick."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import facilis as fc

from .models import BISTABLE, FADING, GOOD

REGION = fc.Region.potential_above(0.7)
START = {"potential": 2.0, "calcium": 9.0}
STATE = fc.equilibria(BISTABLE)[-1]
KEPT = {"grid": 5, "spikes": True, "watch": [0], "snapshots": [1.0]}
WHERE = {"workers": 1, "executor": None, "directory": None, "progress": False, "on_interrupt": "raise"}


@dataclass
class Call:
    """A public function with good arguments, of which some are to be made bad."""

    function: Callable[..., Any]
    arguments: dict[str, Any]
    name: str = ""
    examples: float = 1.0  # more or fewer than others
    seconds: float = 1.0  # of the processor's time, at most
    fails: bool = False  # may end in a RuntimeError that says so, as integrations do
    mild: bool = False  # takes models whose decays are not far apart, for it integrates for long
    wild: bool = False  # takes models of any rate, for its work is bounded otherwise
    fixed: tuple[str, ...] = ()  # arguments that stay good
    nan: str = "exit_time"  # where a nan is an answer

    def __post_init__(self):
        self.name = self.name or getattr(self.function, "__qualname__", str(self.function))


@cache
def run():
    return fc.simulate(GOOD, 5, 3.0, rng=1, **START, **KEPT)


@cache
def memory():
    return fc.memory_times(GOOD, 5, 100.0, region=REGION, replicates=40, rng=1, **START)


@cache
def ensemble():
    return fc.ensemble(FADING, 5, 3.0, replicates=4, grid=5, rng=1, **START)


@cache
def limit():
    return fc.solve_limit(GOOD, 3.0, grid=5, **START)


@cache
def probability():
    return fc.exit_probability(BISTABLE, 5, 10.0, region=REGION, replicas=10, runs=2, rng=1, **START)


@cache
def results():
    """A result of each kind that can be saved, exported and drawn."""
    found = [run(), memory(), ensemble(), limit(), probability(), memory().survival()]
    found += [fc.bifurcation(GOOD, "alpha", 0.15, 0.5), fc.couple(GOOD, 5, 1.0, grid=3, rng=1)]
    found += [fc.critical_manifold(GOOD)]
    return found


def simulation():
    return fc.Simulation(GOOD, 5, rng=1, **START)


def bound(make, method):
    """The method of an object that is made when it is first needed."""

    def call(**arguments):
        return getattr(make(), method)(**arguments)

    call.__qualname__ = f"{type(make()).__name__}.{method}"
    return call


def _saved():
    path = Path(tempfile.mkdtemp(), "run.npz")
    run().save(path)
    return path


def _simulation_saved():
    path = Path(tempfile.mkdtemp(), "simulation.npz")
    simulation().save(path)
    return path


def _rates():
    yield Call(fc.Constant, {"value": 1.0})
    yield Call(fc.Linear, {"slope": 1.0, "base": 0.0})
    yield Call(fc.Hill, {"top": 1.0, "half": 1.0, "power": 4.0, "base": 0.0})
    yield Call(fc.Sigmoid, {"top": 1.0, "centre": 1.0, "width": 0.2})
    yield Call(fc.Ramp, {"low": 0.5, "high": 2.5, "top": 1.0})
    yield Call(fc.Exponential, {"scale": 0.1, "slope": 1.0, "cap": 5.0})
    table = {"potential": [0.0, 1.0, 2.0], "rate": [0.0, 0.5, 1.0], "interpolation": "monotone"}
    yield Call(fc.Table, table)
    function = {"f": np.tanh, "upper": 5.0, "points": 50, "interpolation": "linear"}
    yield Call(fc.Table.from_function, function, name="Table.from_function")
    for rate in (fc.Hill(1.0, 1.0, 4), fc.Exponential(1.0, 1.0, np.inf), fc.Table([0.0, 1.0], [0.0, 1.0])):
        kind = type(rate).__name__
        yield Call(rate.__call__, {"potential": [0.0, 1.0]}, name=f"{kind}()")
        yield Call(rate.derivative, {"potential": [0.0, 1.0]}, name=f"{kind}.derivative")


def _models():
    model = {"alpha": 0.22, "beta": 1.0, "lam": 0.1, "rate": fc.Hill(1.0, 1.0, 4)}
    yield Call(fc.Model, model | {"transmits": "before", "recipients": "all"}, examples=2.0)
    yield Call(GOOD.replace, {"alpha": 0.3, "beta": 2.0, "rate": fc.Constant(1.0)}, name="Model.replace")
    yield Call(fc.Model.example, {"name": "memory"}, name="Model.example")
    yield Call(GOOD.vector_field, {"t": 0.0, "y": [1.0, 2.0], "current": 0.5}, name="Model.vector_field")
    yield Call(GOOD.jacobian, {"t": 0.0, "y": [1.0, 2.0]}, name="Model.jacobian")
    yield Call(fc.Pulse, {"start": 1.0, "stop": 2.0, "current": 3.0})
    yield Call(fc.Region.potential_above, {"x": 0.7}, name="Region.potential_above")
    yield Call(fc.Region.calcium_above, {"x": 5.0}, name="Region.calcium_above")
    yield Call(fc.Region.box, {"potential": (0.5, 2.0), "calcium": (0.0, np.inf)}, name="Region.box")
    yield Call(
        fc.Region.half_plane, {"potential": 1.0, "calcium": 0.1, "above": 1.5}, name="Region.half_plane"
    )
    yield Call(
        fc.Region.basin, {"model": BISTABLE, "equilibrium": -1}, name="Region.basin", fails=True, seconds=20.0
    )
    region = {
        "potential": (0.5, 2.0),
        "half_planes": ((1.0, 0.1, 1.5),),
        "curves": (([0.0, 1.0], [1.0, 0.0]),),
    }
    yield Call(fc.Region, region | {"ceilings": (([0.0, 1.0], [9.0, 8.0]),)}, examples=2.0)
    yield Call(REGION.contains, {"potential": [0.5, 2.0], "calcium": 9.0}, name="Region.contains")


def _limits():
    yield Call(
        fc.solve_limit,
        {"model": GOOD, "t_end": 5.0, "weights": None, "stimulus": (), "grid": 5, "rtol": 1e-9, "atol": 1e-12}
        | START,
        examples=3.0,
        seconds=20.0,  # a million steps, where it is too stiff
        fails=True,
        wild=True,
    )
    yield Call(limit().__call__, {"t": [0.5, 1.0]}, name="Limit()")
    yield Call(limit().calcium_law, {"t": 1.0}, name="Limit.calcium_law", fails=True)
    yield Call(fc.equilibria, {"model": BISTABLE, "current": 0.0}, wild=True)
    yield Call(fc.nullclines, {"model": BISTABLE, "potential": [0.0, 1.0], "current": 0.0}, wild=True, nan="")
    yield Call(fc.folds, {"model": GOOD, "current": 0.0}, wild=True)
    diagram = {"model": GOOD, "parameter": "alpha", "low": 0.15, "high": 0.5, "current": 0.0}
    yield Call(fc.bifurcation, diagram, wild=True, seconds=10.0)  # folds of some parameters are searched for
    border = {"saddle": None, "current": 0.0, "potential": 5.0, "calcium": 20.0, "tolerance": 1e-6}
    yield Call(fc.separatrix, {"model": BISTABLE} | border, fails=True, wild=True, seconds=20.0)
    curve = fc.separatrix(BISTABLE, tolerance=1e-6)
    yield Call(curve.__call__, {"potential": [0.5, 1.0]}, name="Curve()", nan="")
    starts = {"potential": [0.5, 2.0], "calcium": [1.0, 9.0], "current": 0.0}
    yield Call(fc.basin, {"model": BISTABLE} | starts, fails=True, wild=True, seconds=20.0)
    falling = BISTABLE.replace(rate=fc.Table([0.3, 1.0, 2.0, 3.0], [0.0, 1.5, 1.5, 0.5]))
    yield Call(fc.basin, {"model": falling} | starts, name="basin by orbits", fails=True, fixed=("model",))
    slow = {"fails": True, "seconds": 10.0, "mild": True, "examples": 0.3}
    ghost = {"model": fc.Model.example("ghost"), "start": 2.0, "end": 0.7, "calcium": None, "current": 0.0}
    yield Call(fc.ghost, ghost, **slow)
    yield Call(fc.pulse_threshold, {"model": GOOD, "duration": 20.0}, **slow)
    yield Call(fc.slow_passage, {"model": GOOD, "calcium": None, "end": 0.7, "current": 0.0}, **slow)
    yield Call(fc.critical_manifold, {"model": GOOD, "current": 0.0}, wild=True)
    yield Call(fc.certificates, {"model": GOOD}, wild=True)
    noise = fc.linear_noise(BISTABLE, STATE)
    yield Call(fc.linear_noise, {"model": BISTABLE, "equilibrium": STATE}, wild=True)
    yield Call(noise.spectrum, {"omega": [0.0, 1.0]}, name="LinearNoise.spectrum")
    law = fc.calcium_law(BISTABLE, STATE)
    yield Call(fc.calcium_law, {"model": BISTABLE, "equilibrium": STATE}, fails=True, seconds=10.0, mild=True)
    for name, argument in (("pdf", "x"), ("cdf", "x"), ("ppf", "q")):
        yield Call(getattr(law, name), {argument: [0.1, 0.9]}, name=f"CalciumLaw.{name}")
    yield Call(law.rvs, {"size": 3, "rng": 1}, name="CalciumLaw.rvs")
    yield Call(
        fc.escape_action,
        {"model": BISTABLE, "equilibrium": -1, "progress": False},
        **slow | {"examples": 0.1},
    )


def _simulations():
    network = {"model": GOOD, "n": 5, "stimulus": (), "rng": 1} | START
    options = KEPT | {"exit_from": None, "exit_after": None, "max_spikes": 500}
    talk = {"progress": False, "on_interrupt": "raise"}
    yield Call(fc.simulate, network | {"t_end": 3.0} | options | talk, examples=6.0, wild=True)
    yield Call(fc.Simulation, network, examples=2.0, wild=True)
    yield Call(bound(simulation, "advance"), {"until": 3.0} | options | talk, examples=3.0)
    yield Call(bound(simulation, "copy"), {"rng": 1})
    yield Call(bound(simulation, "save"), {"path": "simulation.npz"})
    yield Call(fc.Simulation.load, {"path": _simulation_saved()}, name="Simulation.load")
    yield Call(run().rate, {"width": 0.5}, name="Run.rate", seconds=20.0)  # of up to 10⁸ bins
    yield Call(run().spikes.of, {"i": 0}, name="Spikes.of")
    yield Call(run().snapshots.__getitem__, {"k": 0}, name="Snapshots[]")
    couple = network | {"t_end": 1.0, "grid": 3, "progress": False}
    yield Call(fc.couple, couple, examples=2.0, fails=True)


def _many():
    network = {"model": FADING, "n": 5, "stimulus": (), "rng": 1} | START
    exits = {"exit_from": None, "exit_after": None}
    yield Call(
        fc.ensemble,
        network | {"t_end": 3.0, "replicates": 3, "grid": 5, "chunk": None} | exits | WHERE,
        examples=3.0,
        nan="exit_time|potential|calcium",
    )
    for name in ("mean", "std", "var"):
        yield Call(
            getattr(ensemble(), name), {"quantity": "potential"}, name=f"Ensemble.{name}", examples=0.5
        )
    yield Call(ensemble().error, {"quantity": "potential", "of": "var"}, name="Ensemble.error")
    talk = {"progress": False, "on_interrupt": "raise"}
    rerun = {"k": 0, "max_spikes": 500} | KEPT | talk
    yield Call(ensemble().rerun, rerun, name="Ensemble.rerun")
    times = network | {"t_max": 20.0, "region": REGION, "replicates": 3, "exit_after": None} | WHERE
    yield Call(fc.memory_times, times | {"chunk": None}, examples=3.0, fails=True)
    yield Call(memory().rerun, rerun | {"snapshots": None}, name="MemoryTimes.rerun")
    yield Call(memory().restricted_mean, {"until": 5.0}, name="MemoryTimes.restricted_mean")
    yield Call(memory().exponential_test, {"resamples": 20, "rng": 1}, name="MemoryTimes.exponential_test")
    yield Call(memory().survival().__call__, {"t": [0.0, 5.0]}, name="Survival()")
    sizes = {name: value for name, value in times.items() if name != "n"} | {"sizes": [3, 4, 5]}
    yield Call(fc.memory_scaling, sizes, fails=True)
    dose = {"model": FADING, "n": 5, "durations": [1.0, 2.0], "currents": [1.0, 2.0], "region": REGION}
    yield Call(
        fc.dose_response,
        dose | {"after": 1.0, "replicates": 3, "rng": 1} | WHERE,
        fails=True,
        seconds=10.0,
        mild=True,
    )
    over = {"over": {"alpha": [0.1, 0.2]}, "model": FADING, "rng": 1, "key": None}
    sweep = {"function": fc.memory_times, "n": 5, "t_max": 5.0, "region": REGION, "replicates": 2} | START
    where = {name: WHERE[name] for name in ("workers", "executor", "directory", "progress")}
    yield Call(fc.sweep, sweep | over | where, examples=2.0, seconds=3.0, mild=True, fails=True)


def _rare():
    network = {"model": BISTABLE, "n": 5, "region": REGION, "rng": 1}
    split = {"replicas": 10, "runs": 2, "score": (1.0, 0.1), "check": False}
    yield Call(
        fc.exit_probability,
        network | {"t_max": 10.0, "stimulus": ()} | START | split | WHERE,
        examples=2.0,
        fails=True,
        fixed=("score",),
    )
    yield Call(probability().paths, {"k": 1, "grid": 5}, name="ExitProbability.paths")
    yield Call(
        fc.mean_memory,
        network | split | WHERE,
        examples=0.5,
        fails=True,
        seconds=10.0,
        mild=True,
        fixed=("score",),
    )
    where = {name: value for name, value in WHERE.items() if name != "on_interrupt"}
    lingering = network | {"particles": 10, "t_end": 20.0} | where
    yield Call(fc.quasi_stationary, lingering, examples=0.5, fails=True, seconds=10.0, mild=True)


def _files():
    yield Call(fc.load, {"path": _saved()})
    for result in results():
        kind = type(result).__name__
        yield Call(result.save, {"path": "result.npz"}, name=f"{kind}.save", examples=0.5)
    yield Call(run().to_neo, {"unit": "s"}, name="Run.to_neo", examples=0.3)
    yield Call(run().to_pynapple, {"unit": "s"}, name="Run.to_pynapple", examples=0.3)
    yield Call(
        fc.explore, {"model": GOOD, "n": 5, "t_end": 5.0, "seed": 1}, examples=0.3, seconds=10.0, mild=True
    )


@cache
def calls():
    return [*_rates(), *_models(), *_limits(), *_simulations(), *_many(), *_rare(), *_files()]
