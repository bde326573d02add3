"""Paths on which networks left a region: how they forget, when they hardly ever do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import ArrayLike, NDArray

from .. import _core, checks, seed
from ..replicates.workers import attempt
from ..result import Floats, Result
from ..simulation.run import Run
from ..simulation.simulation import Simulation
from ..simulation.spikes import Spikes
from ..times import grid_times
from .splitting import Splitting


@dataclass(frozen=True, eq=False, repr=False)
class ReactivePath(Result):
    """A path out of a region, put together from the branches that lead there.

    Attributes
    ----------
    t, potential, calcium : ndarray of float64, shape (m,)
        Times, and the means at them, up to the exit.
    spikes : Spikes
        All spikes up to the exit.
    exit_time : float
        Absolute time of the exit.
    run : int
        The run of which it is a path.
    branch_time : ndarray of float64, shape (b,)
        When its branches begin.
    branch : ndarray of uint32, shape (b,)
        Their numbers.

    Examples
    --------
    >>> model = fc.Model.example("bistable")
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.92, "calcium": 9.86, "replicas": 100, "runs": 4, "rng": 1}
    >>> (path,) = fc.exit_probability(model, 20, 50.0, region=region, **start).paths(1)
    >>> 0.0 < path.exit_time <= 50.0
    True
    """

    t: Floats
    potential: Floats
    calcium: Floats
    spikes: Spikes
    exit_time: float
    run: int
    branch_time: Floats
    branch: NDArray[np.uint32]

    _axes = {  # noqa: RUF012
        "t": ("time",),
        "potential": ("time",),
        "calcium": ("time",),
        "branch_time": ("branch",),
        "branch": ("branch",),
    }

    def __repr__(self) -> str:
        return f"ReactivePath(exit at t={self.exit_time:g}, {self.branch.size} branches)"


def paths(
    task: Splitting, runs: NDArray[np.uint32], k: int, grid: ArrayLike | None
) -> tuple[ReactivePath, ...]:
    """Do the first of these runs again, and `k` of its paths with their means on a grid."""
    count = checks.count("k", k, most=task.replicas)
    times = grid_times(grid, 0.0, task.until)
    if not runs.size:
        raise ValueError("runs must have one in which networks left the region, got none")
    run = int(runs[0])
    control = _core.Control()
    lines = attempt(partial(task._handle.lines, run, control), control.cancel)
    chosen = np.arange(count) * len(lines) // count
    return tuple(_path(task, run, lines[j], times) for j in chosen)


def _path(task: Splitting, run: int, line: tuple[Floats, NDArray[np.uint32]], times: Floats) -> ReactivePath:
    starts, branches = line
    simulation = Simulation(
        task.model,
        task.n,
        potential=task.potential if task.potential.size > 1 else task.potential.item(),
        calcium=task.calcium if task.calcium.size > 1 else task.calcium.item(),
        stimulus=task.current.pulses,
        rng=_seed(task, run, branches[0]),
    )
    parts, used = [], 0
    for start, branch in zip(starts[1:], branches[1:], strict=True):
        # A time at the border of two branches belongs to the second.
        last = used + int(np.searchsorted(times[used:], start))
        parts.append(simulation.advance(start, grid=times[used:last], max_spikes=2**63))
        simulation, used = simulation.copy(rng=_seed(task, run, branch)), last
    end = simulation.advance(
        task.until,
        grid=times[used:],
        exit_from=task.region,
        exit_after=max(task.exit_after, simulation.t),
        max_spikes=2**63,
    )
    parts.append(end)
    joined = {name: _joined(parts, name) for name in ("t", "potential", "calcium")}
    return ReactivePath(
        **joined,
        spikes=_spikes(parts, task.n),
        exit_time=end.t_stop,
        run=run,
        branch_time=starts,
        branch=branches,
    )


def _seed(task: Splitting, run: int, branch: int) -> SeedSequence:
    return seed.replicate(task.entropy, (*task.spawn_key, run), int(branch))


def _joined(parts: list[Run], name: str) -> Floats:
    return np.concatenate([getattr(part, name) for part in parts])


def _spikes(parts: list[Run], n: int) -> Spikes:
    kept = [part.spikes for part in parts if part.spikes is not None]
    time, neuron = (np.concatenate([getattr(one, name) for one in kept]) for name in ("time", "neuron"))
    return Spikes(time, neuron, n, None, 0.0, parts[-1].t_stop)
