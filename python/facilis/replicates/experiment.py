"""What all replicates of an ensemble have in common: checked once, then sent wherever they are simulated."""

from dataclasses import dataclass, fields
from functools import cached_property
from types import NoneType
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, checks, ram
from .. import seed as seeds
from ..model.model import Model
from ..model.stimulus import Current, Stimulus
from ..seed import Entropy, Seed
from ..simulation.plan import check_end, check_start, exit_start
from ..simulation.region import Region
from ..times import grid_times

Chunk: TypeAlias = dict[str, NDArray[Any]]

MOST_REPLICATES = 2**32 - 1

#: The reasons to stop, each at the place of its code.
STOPS: NDArray[np.str_] = np.array(_core.Experiment.stops())

# Bytes of what is kept of a replicate beside its means.
_COLUMNS = 29


@dataclass(frozen=True, eq=False, kw_only=True)
class Experiment:
    """What all replicates share, checked; times are absolute. It pickles."""

    model: Model
    n: int
    potential: NDArray[np.float64]
    calcium: NDArray[np.float64]
    current: Current
    until: float
    times: NDArray[np.float64]
    region: Region | None
    exit_after: float
    entropy: Entropy
    spawn_key: tuple[int, ...]

    def __post_init__(self) -> None:
        _ = self._handle  # refuses bad values

    @cached_property
    def _handle(self) -> _core.Experiment:
        return _core.Experiment(
            self.model._handle,
            self.n,
            _aligned(self.potential),
            _aligned(self.calcium),
            self.current.handle,
            self.until,
            _aligned(self.times),
            None if self.region is None else self.region._handle,
            self.exit_after,
            seeds.assembled(self.entropy, self.spawn_key),
        )

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def means(self) -> tuple[float, float]:
        """Return mean potential and mean calcium at the start."""
        return _mean(self.potential), _mean(self.calcium)

    def run(self, first: int, last: int, threads: int, control: _core.Control) -> Chunk:
        """Simulate replicates `first` to `last` − 1; those that a cancellation cut short are left out.

        Returns
        -------
        dict of ndarray
            What `empty` has, shape (m,) or (m, len(times)), and ``index``, the numbers of the replicates.
        """
        chunk = self.empty(last - first)
        self._handle.replicates(first, last, threads, control, **chunk)
        return finished(chunk, first)

    def empty(self, rows: int) -> Chunk:
        """Return arrays for what so many replicates will give; they take no memory before they are filled.

        Returns
        -------
        dict of ndarray
            ``stop`` (a code, of which `STOPS` has the name, and 0 before the replicate is finished), ``end``,
            ``exit`` (absolute, nan if none) and ``spikes``, shape (rows,); ``potential`` and ``calcium``, shape
            (rows, len(times)).
        """
        columns = len(self.times)
        ram.require(replicates=rows * (_COLUMNS + 16 * columns))
        return {
            "stop": np.zeros(rows, np.uint8),
            "end": np.empty(rows),
            "exit": np.empty(rows),
            "spikes": np.empty(rows, np.int64),
            "potential": np.empty((rows, columns)),
            "calcium": np.empty((rows, columns)),
        }

    def outcome(self, chunk: Chunk) -> dict[str, Any]:
        """Return what every result of an ensemble keeps: parameters, and what became of each replicate."""
        return {
            "index": chunk["index"],
            "spikes": chunk["spikes"],
            "model": self.model,
            "n": self.n,
            "start_potential": _alike(self.potential),
            "start_calcium": _alike(self.calcium),
            "stimulus": self.current.pulses,
            "exit_after": self.exit_after,
            "entropy": self.entropy,
            "spawn_key": self.spawn_key,
            "version": _core.__version__,
        }


def finished(chunk: Chunk, first: int = 0) -> Chunk:
    """Return the finished replicates of a chunk, which is used up, with their numbers, from `first` on."""
    done = np.flatnonzero(chunk["stop"])
    if done.size < chunk["stop"].size:
        for name in chunk:
            chunk[name] = chunk[name][done]  # one after the other, so that memory is free for the next
    chunk["index"] = (done + first).astype(np.uint32)
    return chunk


def _aligned(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an array as the core takes it: what comes over a wire need not be aligned."""
    return np.require(values, requirements=["C_CONTIGUOUS", "ALIGNED"])


def _alike(values: NDArray[np.float64]) -> float | NDArray[np.float64]:
    return values.item() if values.size == 1 else values


def _mean(values: NDArray[np.float64]) -> float:
    """Return a mean that is exact where all values are equal."""
    top = values.max()
    return float(top + np.mean(values - top))


def design(
    model: Model,
    n: int,
    until: float,
    *,
    potential: ArrayLike,
    calcium: ArrayLike,
    stimulus: Stimulus,
    grid: ArrayLike | None,
    exit_from: Region | None,
    exit_after: float | None,
    rng: Seed,
) -> Experiment:
    """Check the options of an ensemble and convert them."""
    checks.instance("model", model, Model)
    checks.instance("exit_from", exit_from, Region, NoneType)
    end = checks.number("until", until, "a time >= 0, or inf")
    count = checks.count("n", n, most=checks.MOST_NEURONS)
    current, seed = Current.of(stimulus), seeds.root(rng)
    experiment = Experiment(
        model=model,
        n=count,
        potential=checks.per_neuron("potential", potential, count),
        calcium=checks.per_neuron("calcium", calcium, count),
        current=current,
        until=end,
        times=grid_times(grid, 0.0, end),
        region=exit_from,
        exit_after=exit_start(exit_after, current.end),
        entropy=cast(Entropy, seed.entropy),
        spawn_key=tuple(seed.spawn_key),
    )
    check_end(model, until=end, region=exit_from, max_spikes=None)
    check_start(exit_from, experiment.exit_after, 0.0, experiment.means(), pulsed=bool(current.pulses))
    return experiment
