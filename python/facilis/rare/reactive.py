"""Paths on which networks left a region: how they forget, when they hardly ever do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import ArrayLike, NDArray

from .. import _core, checks, pictures, seed
from ..model.model import Model
from ..model.stimulus import Pulse
from ..replicates.workers import attempt
from ..result import Floats, Result
from ..simulation import plan
from ..simulation.run import Run, Snapshots, State, Watched
from ..simulation.simulation import Simulation
from ..simulation.spikes import Spikes
from ..times import grid_times, times
from .splitting import Splitting

_MEANS = ("t", "potential", "calcium", "calcium_var", "spike_count")


@dataclass(frozen=True, eq=False, repr=False)
class ReactivePath(Result):
    """A path out of a region, put together from the branches that lead there.

    Attributes
    ----------
    t, potential, calcium, calcium_var : ndarray of float64, shape (m,)
        Times up to the exit, and at them the means and the variance of calcium over the neurons.
    spike_count : ndarray of int64, shape (m,)
        Spikes up to these times.
    spikes : Spikes or None
        Spikes up to the exit.
    watched : Watched or None
        Chosen neurons at the times `t`.
    snapshots : Snapshots or None
        Whole states at times up to the exit.
    final : State
        The whole network at the exit.
    exit_time : float
        Absolute time of the exit.
    run : int
        The run of which it is a path.
    branch_time : ndarray of float64, shape (b,)
        When its branches begin.
    branch : ndarray of uint32, shape (b,)
        Their numbers.
    model : Model
    n : int
    stimulus : tuple of Pulse

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
    calcium_var: Floats
    spike_count: NDArray[np.int64]
    spikes: Spikes | None
    watched: Watched | None
    snapshots: Snapshots | None
    final: State
    exit_time: float
    run: int
    branch_time: Floats
    branch: NDArray[np.uint32]
    model: Model
    n: int
    stimulus: tuple[Pulse, ...]

    _axes = {  # noqa: RUF012
        **dict.fromkeys(_MEANS, ("time",)),
        **dict.fromkeys(("spikes.time", "spikes.neuron"), ("spike",)),
        "watched.neuron": ("watched",),
        **dict.fromkeys(("watched.potential", "watched.calcium"), ("watched", "time")),
        "snapshots.t": ("snapshot",),
        **dict.fromkeys(("snapshots.potential", "snapshots.calcium"), ("snapshot", "neuron")),
        "final.t": (),
        **dict.fromkeys(("final.potential", "final.calcium"), ("neuron",)),
        **dict.fromkeys(("branch_time", "branch"), ("branch",)),
    }

    @property
    def t_start(self) -> float:
        """When it began, which is 0."""
        return 0.0

    @property
    def t_stop(self) -> float:
        """When it ended, at its exit."""
        return self.exit_time

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.run`, with its options; return Axes by name (needs ``facilis[plot]``).

        Examples
        --------
        >>> model = fc.Model.example("bistable")
        >>> region = fc.Region.potential_above(0.7)
        >>> start = {"potential": 2.92, "calcium": 9.86, "replicas": 100, "runs": 4, "rng": 1}
        >>> (path,) = fc.exit_probability(model, 20, 50.0, region=region, **start).paths(1)
        >>> sorted(path.plot())
        ['phase', 'raster', 'traces']
        """
        return pictures.plot().run(self, **options)

    def __repr__(self) -> str:
        return f"ReactivePath(exit at t={self.exit_time:g}, {self.branch.size} branches)"


def paths(
    task: Splitting,
    runs: NDArray[np.uint32],
    k: int,
    *,
    grid: ArrayLike | None,
    spikes: bool | ArrayLike,
    watch: ArrayLike | None,
    snapshots: ArrayLike | None,
) -> tuple[ReactivePath, ...]:
    """Do the first of these runs again, and `k` of its paths with a recording as that of `simulate`."""
    count = checks.count("k", k, most=task.replicas)
    on_grid = grid_times(grid, 0.0, task.until)
    of_states = None if snapshots is None else times("snapshots", snapshots, 0.0, task.until)
    kept = {
        "spikes": plan.kept_spikes(spikes, task.n),
        "watch": None if watch is None else plan.neurons("watch", watch, task.n),
    }
    if not runs.size:
        raise ValueError("runs must have one in which networks left the region, got none")
    run = int(runs[0])
    control = _core.Control()
    lines = attempt(partial(task._handle.lines, run, control), control.cancel)
    chosen = np.arange(count) * len(lines) // count
    return tuple(_path(task, run, lines[j], on_grid, of_states, kept) for j in chosen)


def _path(
    task: Splitting,
    run: int,
    line: tuple[Floats, NDArray[np.uint32]],
    on_grid: Floats,
    of_states: Floats | None,
    kept: dict[str, Any],
) -> ReactivePath:
    starts, branches = line
    ends, grids = [*starts[1:], task.until], _pieces(on_grid, starts)
    states = [None] * len(ends) if of_states is None else _pieces(of_states, starts)
    simulation = _start(task, run, branches[0])
    parts = []
    for j, end in enumerate(ends):
        if j > 0:
            simulation = simulation.copy(rng=_seed(task, run, branches[j]))
        watch_exit: dict[str, Any] = {}
        if j + 1 == len(ends):
            watch_exit = {"exit_from": task.region, "exit_after": max(task.exit_after, simulation.t)}
        parts.append(
            simulation.advance(
                end, grid=grids[j], snapshots=states[j], max_spikes=2**63, final=False, **kept, **watch_exit
            )
        )
    return ReactivePath(
        **{name: _joined(parts, name) for name in _MEANS},
        spikes=_spikes(parts),
        watched=_watched(parts),
        snapshots=_snapshots(parts),
        final=simulation.state(),
        exit_time=simulation.t,
        run=run,
        branch_time=starts,
        branch=branches,
        model=task.model,
        n=task.n,
        stimulus=task.current.pulses,
    )


def _start(task: Splitting, run: int, branch: int) -> Simulation:
    return Simulation(
        task.model,
        task.n,
        potential=task.potential if task.potential.size > 1 else task.potential.item(),
        calcium=task.calcium if task.calcium.size > 1 else task.calcium.item(),
        stimulus=task.current.pulses,
        rng=_seed(task, run, branch),
    )


def _seed(task: Splitting, run: int, branch: int) -> SeedSequence:
    return seed.replicate(task.entropy, (*task.spawn_key, run), int(branch))


def _pieces(times: Floats, starts: Floats) -> list[Floats]:
    """Return the times of each branch; one at the border of two belongs to the second."""
    return np.split(times, np.searchsorted(times, starts[1:]))


def _joined(parts: list[Any], name: str, axis: int = 0) -> Any:
    return np.concatenate([getattr(part, name) for part in parts], axis)


def _spikes(parts: list[Run]) -> Spikes | None:
    kept = [part.spikes for part in parts if part.spikes is not None]
    if not kept:
        return None
    whole = _joined(kept, "time"), _joined(kept, "neuron")
    return Spikes(*whole, kept[0].n, kept[0].chosen, parts[0].t_start, parts[-1].t_stop)


def _watched(parts: list[Run]) -> Watched | None:
    kept = [part.watched for part in parts if part.watched is not None]
    if not kept:
        return None
    return Watched(kept[0].neuron, _joined(kept, "potential", 1), _joined(kept, "calcium", 1))


def _snapshots(parts: list[Run]) -> Snapshots | None:
    kept = [part.snapshots for part in parts if part.snapshots is not None]
    if not kept:
        return None
    return Snapshots(*(_joined(kept, name) for name in ("t", "potential", "calcium")))
