"""Many independent networks on one grid of times, with means and variances across them."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import pairwise
from os import PathLike
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import card, checks, pictures
from ..model.model import Model
from ..model.stimulus import Stimulus
from ..progress import Progress
from ..result import Floats
from ..seed import Seed
from ..simulation.plan import OnInterrupt
from ..simulation.region import Region
from . import store
from .engine import Engine
from .experiment import STOPS, design
from .result import Replay

# Values whose moments are computed together.
_BLOCK = 1 << 20

Quantity: TypeAlias = Literal["potential", "calcium"]
Moment: TypeAlias = Literal["mean", "std", "var"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Ensemble(Replay):
    """Independent networks on one grid of times.

    Attributes
    ----------
    t : ndarray of float64, shape (m,)
    potential, calcium : ndarray of float64, shape (replicates, m)
        Mean potential and mean calcium over the neurons of each network; nan after an early stop.
    stop : ndarray of str, shape (replicates,)
        Why each ended: "t_end", "extinct", "exit" or "explosion".
    t_stop : ndarray of float64, shape (replicates,)
        When.
    exit_time : ndarray of float64, shape (replicates,)
        Time from `exit_after` to the first exit from `exit_from`; nan if there was none.
    index : ndarray of uint32, shape (replicates,)
        Numbers of the replicates; 0, 1, 2, … unless an interrupt left some out.
    spikes : ndarray of int64, shape (replicates,)
    model, n, t_end, exit_from, start_potential, start_calcium, stimulus, exit_after
        As given to `ensemble`.
    entropy, spawn_key
        ``SeedSequence(entropy, spawn_key=(*spawn_key, k))`` is the seed of replicate k.
    version : str
        Of facilis.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> ens = fc.ensemble(model, 50, 20.0, replicates=10, grid=5, potential=2.0, calcium=9.0, rng=1)
    >>> ens.potential.shape, ens.mean("calcium").shape
    ((10, 5), (5,))
    """

    t: Floats
    potential: Floats
    calcium: Floats
    stop: NDArray[np.str_]
    t_stop: Floats
    exit_time: Floats
    t_end: float
    exit_from: Region | None

    _axes = {  # noqa: RUF012
        "t": ("t",),
        "potential": ("replicate", "t"),
        "calcium": ("replicate", "t"),
        "stop": ("replicate",),
        "t_stop": ("replicate",),
        "exit_time": ("replicate",),
        "index": ("replicate",),
        "spikes": ("replicate",),
    }

    def count(self) -> NDArray[np.int64]:
        """Return how many networks go on at each time, shape (m,): those that the moments are of."""
        count: NDArray[np.int64] = np.sum(~np.isnan(self.potential), axis=0)
        return count

    def mean(self, quantity: Quantity) -> Floats:
        """Return the mean of "potential" or "calcium" across networks, shape (m,).

        Like all moments it is over those that have not stopped early; nan where there are none.
        """
        return self._central(quantity)[0]

    def var(self, quantity: Quantity) -> Floats:
        """Return the unbiased variance across networks, shape (m,); nan where fewer than two go on.

        Raises
        ------
        ValueError
            If there are fewer than two networks at all.
        """
        if len(self.index) < 2:
            raise ValueError(f"replicates must be at least 2 for a variance, got {len(self.index)}")
        return self._central(quantity)[1]

    def std(self, quantity: Quantity) -> Floats:
        """Return the standard deviation across networks, shape (m,): the root of `var`."""
        return np.sqrt(self.var(quantity))

    def error(self, quantity: Quantity, of: Moment = "mean") -> Floats:
        """Return the standard error of the mean, the standard deviation or the variance, shape (m,).

        That of the variance s² is sqrt((m₄ − s⁴·(n − 3)/(n − 1))/n), m₄ the fourth central moment and n the
        number of networks; that of s is 1/(2s) times it.
        """
        checks.choice("of", of, ("mean", "std", "var"))
        _, variance, fourth, count = self._central(quantity)
        with np.errstate(divide="ignore", invalid="ignore"):
            if of == "mean":
                return np.sqrt(variance / count)
            rest = fourth - variance**2 * (count - 3) / (count - 1)
            error: Floats = np.sqrt(np.maximum(rest, 0.0) / count)
            return (
                error if of == "var" else np.where(variance > 0.0, error / (2 * np.sqrt(variance)), variance)
            )

    def _central(self, quantity: Quantity) -> tuple[Floats, Floats, Floats, Floats]:
        checks.choice("quantity", quantity, ("potential", "calcium"))
        values: Floats = getattr(self, quantity)
        moments = np.empty((4, values.shape[1]))
        # Some columns at a time, so that the memory that it takes is small beside the table.
        parts = max(1, values.size // max(_BLOCK, 2 * len(values)))
        edges = np.linspace(0, values.shape[1], parts + 1).astype(int)
        for first, last in pairwise(edges):
            moments[:, first:last] = _moments(values[:, first:last])
        mean, variance, fourth, count = moments
        return mean, variance, fourth, count

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.ensemble`, with its options; return Axes by name (``facilis[plot]``)."""
        return pictures.plot().ensemble(self, **options)

    def _end(self) -> tuple[float, Region | None]:
        return self.t_end, self.exit_from

    def _own_end(self, k: int) -> float:
        return float(self.t_stop[self.index == k][0])

    def _lines(self) -> card.Rows:
        stops, numbers = np.unique(self.stop, return_counts=True)
        ended = ", ".join(f"{stop} {number}" for stop, number in zip(stops, numbers, strict=True))
        return [
            ("networks", f"{len(self.index)} of {self.n} neurons, alpha = {self.model.alpha:g}"),
            ("time", f"0 to {self.t_end:g}, {self.t.size} points kept"),
            ("ended by", ended),
            ("spikes", f"{self.spikes.sum()}"),
            ("seed", f"entropy {self.entropy}, spawn key {self.spawn_key}, facilis {self.version}"),
        ]

    def _picture(self) -> str:
        bands = [(pulse.start, pulse.stop) for pulse in self.stimulus]
        caption = "potential against time, mean of the networks that go on"
        return card.picture([card.Curve(self.t, self.mean("potential"))], caption, bands)

    def __repr__(self) -> str:
        return f"Ensemble({len(self.index)} replicates, n={self.n}, {len(self.t)} times to t={self.t_end:g})"


def _moments(values: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return mean, variance, fourth central moment and number of the values in each column that are not nan."""
    count = np.count_nonzero(~np.isnan(values), axis=0).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.nansum(values, axis=0) / count
        from_mean = values - mean
        variance = np.where(count > 1, np.nansum(from_mean**2, axis=0) / (count - 1), np.nan)
        return mean, variance, np.nansum(from_mean**4, axis=0) / count, count


def ensemble(
    model: Model,
    n: int,
    t_end: float,
    *,
    replicates: int = 100,
    potential: ArrayLike = 0.0,
    calcium: ArrayLike = 0.0,
    stimulus: Stimulus = (),
    grid: ArrayLike | None = 1000,
    exit_from: Region | None = None,
    exit_after: float | None = None,
    rng: Seed = None,
    workers: int | None = None,
    executor: Executor | None = None,
    directory: str | PathLike[str] | None = None,
    chunk: int | None = None,
    progress: Progress = False,
    on_interrupt: OnInterrupt = "raise",
) -> Ensemble:
    """Simulate independent networks, each from 0 to `t_end`, and keep their means on a grid.

    Parameters
    ----------
    model, n, t_end, potential, calcium, stimulus, grid, exit_from, exit_after
        As in `simulate`.
    replicates : int
        Number of networks.
    rng, workers, executor, directory, chunk, progress, on_interrupt
        As in `memory_times`.

    Returns
    -------
    Ensemble

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type or value, or without a stimulus the start is outside `exit_from`, or
        `directory` holds chunks of another task.
    RuntimeError
        If a worker process died.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> ens = fc.ensemble(model, 50, 20.0, replicates=10, grid=5, potential=2.0, calcium=9.0, rng=1)
    >>> print(ens.mean("potential")[0], ens.count())
    2.0 [10 10 10 10 10]
    """
    engine = Engine(
        workers=workers,
        executor=executor,
        directory=directory,
        chunk=chunk,
        progress=progress,
        on_interrupt=on_interrupt,
    )
    with checks.naming(until="t_end"):
        experiment = design(
            model,
            n,
            t_end,
            potential=potential,
            calcium=calcium,
            stimulus=stimulus,
            grid=grid,
            exit_from=exit_from,
            exit_after=exit_after,
            rng=store.root(rng, directory),
        )
    made = engine.run(experiment, replicates)
    return Ensemble(
        **experiment.outcome(made),
        t=experiment.times,
        potential=made["potential"],
        calcium=made["calcium"],
        stop=STOPS[made["stop"]],
        t_stop=made["end"],
        exit_time=made["exit"] - experiment.exit_after,
        t_end=experiment.until,
        exit_from=exit_from,
    )
