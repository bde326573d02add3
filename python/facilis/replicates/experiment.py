"""What all replicates of an ensemble have in common: checked once, then sent wherever they are simulated."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, checks
from .. import seed as seeds
from ..model import stimulus as stimuli
from ..model.model import Model
from ..model.stimulus import Pulse, Stimulus
from ..seed import Entropy, Seed
from ..simulation import plan as plans
from ..simulation.plan import Plan
from ..simulation.region import Region
from ..simulation.simulation import Simulation
from ..times import end_time, grid_times

Chunk: TypeAlias = dict[str, NDArray[Any]]

MOST_REPLICATES = 2**32 - 1


@dataclass(frozen=True, eq=False, kw_only=True)
class Experiment:
    """Valid parameters of every replicate; times are absolute. It pickles."""

    model: Model
    n: int
    potential: NDArray[np.float64]
    calcium: NDArray[np.float64]
    stimulus: tuple[Pulse, ...]
    until: float
    times: NDArray[np.float64]
    region: Region | None
    exit_after: float
    entropy: Entropy
    spawn_key: tuple[int, ...]

    def run(self, first: int, last: int, threads: int, control: _core.Control) -> Chunk:
        """Simulate replicates `first` to `last` − 1; those that a cancellation cut short are left out.

        Returns
        -------
        dict of ndarray
            ``index``, ``stop``, ``end``, ``exit`` (absolute, nan if none) and ``spikes``, shape (m,);
            ``potential`` and ``calcium``, shape (m, len(times)).
        """
        core = _core.Experiment(
            self.model._handle,
            self.n,
            _aligned(self.potential),
            _aligned(self.calcium),
            stimuli.core(self.stimulus),
            self.until,
            _aligned(self.times),
            None if self.region is None else self.region._handle,
            self.exit_after,
            seeds.assembled(self.entropy, self.spawn_key),
        )
        chunk = core.replicates(first, last, threads, control)
        chunk["stop"] = np.array(chunk["stop"], dtype="U10")
        return chunk

    def outcome(self, chunk: Chunk) -> dict[str, Any]:
        """Return what every result of an ensemble keeps: parameters, and what became of each replicate."""
        return {
            "index": chunk["index"],
            "spikes": chunk["spikes"].astype(np.int64),
            "model": self.model,
            "n": self.n,
            "start_potential": _alike(self.potential),
            "start_calcium": _alike(self.calcium),
            "stimulus": self.stimulus,
            "exit_after": self.exit_after,
            "entropy": self.entropy,
            "spawn_key": self.spawn_key,
            "version": _core.__version__,
        }


def _aligned(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an array as the core takes it: what comes over a wire need not be aligned."""
    return np.require(values, requirements=["C_CONTIGUOUS", "ALIGNED"])


def _alike(values: NDArray[np.float64]) -> float | NDArray[np.float64]:
    return values.item() if values.size == 1 else values


def design(
    model: Model,
    n: int,
    end: tuple[str, float],
    *,
    potential: ArrayLike,
    calcium: ArrayLike,
    stimulus: Stimulus,
    grid: ArrayLike | None,
    region: tuple[str, Region | None],
    exit_after: float | None,
    rng: Seed,
) -> Experiment:
    """Check the options of an ensemble; `end` and `region` come with the names that the user gave them by."""
    until = end_time(*end, 0.0)
    simulation = Simulation(model, n, potential=potential, calcium=calcium, stimulus=stimulus, rng=rng)
    pulses = simulation.stimulus
    plan = Plan(
        until=until,
        times=grid_times(grid, 0.0, until),
        snapshots=None,
        watch=None,
        spikes=False,
        region=plans.exit_region(region[1], region[0]),
        exit_after=plans.exit_start(exit_after, max((p.stop for p in pulses), default=0.0)),
        max_spikes=None,
    )
    plan.check_end(model)
    plan.check_start(simulation._core, pulsed=bool(pulses), name=region[0])
    return Experiment(
        model=model,
        n=simulation.n,
        potential=checks.per_neuron("potential", potential, simulation.n),
        calcium=checks.per_neuron("calcium", calcium, simulation.n),
        stimulus=pulses,
        until=until,
        times=plan.times,
        region=plan.region,
        exit_after=plan.exit_after,
        entropy=simulation.entropy,
        spawn_key=simulation.spawn_key,
    )
