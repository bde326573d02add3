"""The quasi-stationary law, sampled by a system of particles that linger in a region together."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from os import PathLike
from typing import Any

import numpy as np

from .. import _core, checks, ram
from .. import seed as seeds
from ..limit.equilibria import Equilibrium
from ..memory.estimate import Estimate
from ..model.model import Model
from ..progress import Progress
from ..replicates import store
from ..replicates.engine import Engine
from ..replicates.experiment import Chunk, Experiment, design
from ..result import Floats
from ..seed import Seed
from ..simulation.region import Region
from .lingering_law import QuasiStationary
from .score import state_and_saddle
from .splitting import MOST_REPLICAS, interval, inverse, marked, network_bytes, refuse_rest

_WINDOW = 0.5  # of relaxations
_SETTLE = 10.0  # relaxations that count for nothing
_BATCHES = 20
_BYTES = 2 * 6 * 8  # of what is kept of a window, of both runs


def quasi_stationary(
    model: Model,
    n: int,
    *,
    region: Region,
    particles: int = 1000,
    t_end: float = 3000.0,
    rng: Seed = None,
    workers: int | None = None,
    executor: Executor | None = None,
    directory: str | PathLike[str] | None = None,
    progress: Progress = False,
) -> QuasiStationary:
    """Sample the law of networks that linger in a region, by a system of particles.

    `particles` networks start at the highest stable equilibrium. When one leaves the region, it becomes a copy of
    another that is chosen at random, as that is at this very time, and goes on with random numbers of its own. The
    networks then follow the quasi-stationary law, the law of a network after a long time given that it has not left
    yet, up to an error of the order of 1/particles. Exits are counted from 10 relaxations of the equilibrium on;
    errors come from 20 batches of time, which are independent where a batch takes many relaxations.

    Parameters
    ----------
    model : Model
        One with a stable equilibrium above a saddle.
    n : int
        Number of neurons.
    region : Region
        Where networks linger; the equilibrium is inside.
    particles : int
        Number of networks. Twice as many are simulated as well, for comparison.
    t_end : float
        How long. At least 50 relaxations are needed.
    rng
        As in `simulate`.
    workers, executor, directory, progress
        As in `memory_times`; there are two runs, that with `particles` networks and that with twice as many.

    Returns
    -------
    QuasiStationary

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type or value.
    RuntimeError
        If a network has infinitely many spikes before a finite time.

    References
    ----------
    K. Burdzy, R. Hołyst, P. March, A Fleming–Viot particle representation of the Dirichlet Laplacian,
    Communications in Mathematical Physics 214 (2000) 679–703.

    Examples
    --------
    >>> import facilis as fc
    >>> region = fc.Region.potential_above(0.7)
    >>> law = fc.quasi_stationary(
    ...     fc.Model.example("bistable"), 20, region=region, particles=50, t_end=1000.0, rng=1
    ... )
    >>> bool(law.rate.low < 0.0012053 < law.rate.high)
    True
    """
    engine = Engine(workers=workers, executor=executor, directory=directory, progress=progress)
    checks.instance("model", model, Model)
    checks.instance("region", region, Region)
    state, _ = state_and_saddle(model)
    relaxation = float(1.0 / np.abs(state.eigenvalues.real).min())
    least = (_SETTLE + 40.0) * relaxation
    allowed = f"a finite time of 50 relaxations or more, {least:.6g}"
    if not checks.finite("t_end", t_end, allowed) >= least:
        raise ValueError(checks.wrong("t_end", allowed, t_end))
    windows = ceil(t_end / (_WINDOW * relaxation))
    ram.require(t_end=_BYTES * windows)
    with checks.naming(exit_from="region", until="t_end"):
        experiment = design(
            model,
            n,
            windows * _WINDOW * relaxation,
            potential=state.potential,
            calcium=state.calcium,
            stimulus=(),
            grid=None,
            exit_from=region,
            exit_after=None,
            rng=store.root(rng, directory),
        )
    refuse_rest(model, region)
    parts = {name: getattr(experiment, name) for name in Experiment.__dataclass_fields__}
    count = checks.count("particles", particles, least=2, most=MOST_REPLICAS)
    # The second run has twice as many, each as it is and as it was.
    ram.require(particles=4 * count * network_bytes(experiment.n))
    system = ParticleSystem(**parts, particles=count, window=_WINDOW * relaxation, windows=windows)
    chunk = engine.run(system, 2)
    _check_whole(chunk)
    return _law(system, chunk, region, state, relaxation)


@dataclass(frozen=True, eq=False, kw_only=True)
class ParticleSystem(Experiment):
    """Two runs, of which the second has twice as many networks. It pickles."""

    particles: int
    window: float
    windows: int

    @cached_property
    def _handle(self) -> _core.FlemingViot:  # type: ignore[override]
        assert self.region is not None
        return _core.FlemingViot(
            self.model._handle,
            self.n,
            np.require(self.potential, requirements=["C_CONTIGUOUS", "ALIGNED"]),
            np.require(self.calcium, requirements=["C_CONTIGUOUS", "ALIGNED"]),
            self.region._handle,
            self.particles,
            self.window,
            self.windows,
            seeds.assembled(self.entropy, self.spawn_key),
        )

    def run(self, first: int, last: int, threads: int, control: _core.Control) -> Chunk:
        """Do runs `first` to `last` − 1; those that a cancellation cut short are left out."""
        return marked(self._handle.runs(first, last, threads, control))

    def empty(self, rows: int) -> Chunk:
        """Return arrays for so many runs."""
        return {
            "stop": np.zeros(rows, np.uint8),
            "exits": np.empty((rows, self.windows)),
            "moments": np.empty((rows, self.windows, 5)),
            "states": np.empty((rows, 2 * self.particles, 2)),
            "spikes": np.empty(rows, np.int64),
            "broken": np.empty(rows),
        }


def _law(
    system: ParticleSystem, chunk: Chunk, region: Region, state: Equilibrium, relaxation: float
) -> QuasiStationary:
    first, second = (_rate(system, chunk["exits"][k], system.particles * (k + 1)) for k in (0, 1))
    means = [_batches(chunk["moments"][0][_settled(), k]) for k in (0, 1)]
    start = system.means()
    kept: dict[str, Any] = system.outcome(chunk)
    names = ("model", "n", "entropy", "spawn_key", "version")
    states = chunk["states"][0][: system.particles]
    return QuasiStationary(
        rate=first,
        mean_life=inverse(first, "mean life"),
        doubled=second,
        potential=_shifted(interval(means[0], "mean potential", signed=True), start[0]),
        calcium=_shifted(interval(means[1], "mean calcium", signed=True), start[1]),
        covariance=system.n * _covariance(chunk["moments"][0]),
        state=state,
        relaxation=relaxation,
        ratio=first.value * relaxation,
        state_potential=states[:, 0].copy(),
        state_calcium=states[:, 1].copy(),
        exits=chunk["exits"][0].astype(np.int64),
        window=system.window,
        spikes=int(chunk["spikes"].sum()),
        particles=system.particles,
        region=region,
        t_end=system.until,
        **{name: kept[name] for name in names},
    )


def _settled() -> slice:
    return slice(ceil(_SETTLE / _WINDOW), None)


def _batches(values: Floats) -> Floats:
    """Return means over batches of windows, of equal lengths; what is over at the beginning is left out."""
    length = len(values) // _BATCHES
    batches: Floats = values[len(values) - length * _BATCHES :].reshape(_BATCHES, length).mean(axis=1)
    return batches


def _rate(system: ParticleSystem, exits: Floats, particles: int) -> Estimate:
    return interval(_batches(exits[_settled()]) / (particles * system.window), "rate")


def _covariance(moments: Floats) -> Floats:
    u, r, uu, ur, rr = moments[_settled()].mean(axis=0)
    return np.array([[uu - u * u, ur - u * r], [ur - u * r, rr - r * r]])


def _shifted(estimate: Estimate, by: float) -> Estimate:
    return Estimate(estimate.value + by, estimate.low + by, estimate.high + by, estimate.of)


def _check_whole(chunk: Chunk) -> None:
    if not np.isnan(chunk["broken"]).all():
        time = np.nanmin(chunk["broken"]).item()
        raise RuntimeError(f"a network exploded at t = {time!r}: infinitely many spikes before a finite time")
