"""What the results of replicates have in common: where each came from, and how to run it again."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from math import inf, isinf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import checks
from .. import seed as seeds
from ..model.model import Model
from ..model.stimulus import Pulse
from ..progress import Progress
from ..result import Columns, Floats, Result
from ..seed import Entropy
from ..simulation.plan import OnInterrupt
from ..simulation.region import Region
from ..simulation.run import Run
from ..simulation.simulate import simulate


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Replay(Result):
    """A result over replicates, each of which can be run again alone."""

    index: NDArray[np.uint32]
    spikes: NDArray[np.int64]
    model: Model
    n: int
    start_potential: float | Floats
    start_calcium: float | Floats
    stimulus: tuple[Pulse, ...]
    exit_after: float
    entropy: Entropy
    spawn_key: tuple[int, ...]
    version: str

    def _columns(self) -> Columns:
        return {name: column for name, column in self._arrays().items() if name != "index"}

    @abstractmethod
    def _end(self) -> tuple[float, Region | None]:
        """Return the time and the region that end a replicate."""

    @abstractmethod
    def _own_end(self, k: int) -> float:
        """Return the absolute time at which replicate `k` ended; inf if that is not known."""

    def rerun(
        self,
        k: int,
        *,
        grid: ArrayLike | None = 1000,
        spikes: bool | ArrayLike = True,
        watch: ArrayLike | None = None,
        snapshots: ArrayLike | None = None,
        max_spikes: int | None = None,
        progress: Progress = False,
        on_interrupt: OnInterrupt = "raise",
    ) -> Run:
        """Run replicate `k` again, the same to the last bit, with whatever recording.

        The options are those of `simulate`; a numeric `grid` spans 0 to the time at which the replicate would
        have been given up, or, where that is never, to its end if that is known.

        Raises
        ------
        TypeError, ValueError
            If `k` is not one of `index`, or an option has the wrong type or value.
        """
        k = checks.count("k", k, least=0)
        if k not in self.index:
            raise ValueError(checks.wrong("k", "the number of a replicate, one of index", k))
        end, region = self._end()
        if isinf(end) and checks.is_count(grid):
            known = self._own_end(k)
            points = checks.count("grid", grid, least=2)
            grid = np.linspace(0.0, known, points) if 0.0 < known < inf else None
        return simulate(
            self.model,
            self.n,
            end,
            potential=self.start_potential,
            calcium=self.start_calcium,
            stimulus=self.stimulus,
            grid=grid,
            spikes=spikes,
            watch=watch,
            snapshots=snapshots,
            exit_from=region,
            exit_after=self.exit_after,
            max_spikes=max_spikes,
            rng=seeds.replicate(self.entropy, self.spawn_key, k),
            progress=progress,
            on_interrupt=on_interrupt,
        )
