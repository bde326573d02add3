"""How long networks remember: memory times, their mean, their survival curve, the law that they follow."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from math import isinf
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import checks, pictures
from .. import seed as seeds
from ..model.model import Model
from ..model.stimulus import Stimulus
from ..progress import Progress
from ..replicates import store
from ..replicates.engine import Engine
from ..replicates.experiment import Chunk, Experiment, design
from ..replicates.result import Replay
from ..result import Columns, Floats
from ..seed import Seed
from ..simulation.plan import OnInterrupt
from ..simulation.region import Region
from . import exponential
from .estimate import Estimate
from .exponential import ExponentialTest
from .survival import Survival, kaplan_meier, restricted_mean


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MemoryTimes(Replay):
    """Memory times of independent networks, some of them censored.

    Attributes
    ----------
    time : ndarray of float64, shape (replicates,)
        From `exit_after` to the first exit from `region`, or to `t_max` where there was none (censored).
    exited : ndarray of bool, shape (replicates,)
    extinct : ndarray of bool, shape (replicates,)
        Whether the network came to rest, and rest is inside, so that it never exits.
    index : ndarray of uint32, shape (replicates,)
        Numbers of the replicates; 0, 1, 2, … unless an interrupt left some out.
    spikes : ndarray of int64, shape (replicates,)
    model, n, t_max, region, start_potential, start_calcium, stimulus, exit_after
        As given to `memory_times`.
    entropy, spawn_key
        ``SeedSequence(entropy, spawn_key=(*spawn_key, k))`` is the seed of replicate k.
    version : str
        Of facilis.
    """

    time: Floats
    exited: NDArray[np.bool_]
    extinct: NDArray[np.bool_]
    t_max: float
    region: Region

    _axes = dict.fromkeys(("time", "exited", "extinct", "index", "spikes"), ("replicate",))

    def mean(self) -> Estimate:
        """Return the mean memory time, taken to be a shifted exponential, with its 95 % interval.

        The estimate is the first exit time s plus Σ(T − s)/(number of exits), the sum over all replicates:
        for data without censoring, the arithmetic mean. The interval is for that law, and so is the mean
        itself where data are censored: if `exponential_test` rejects it, use `restricted_mean`. Without exits
        the value is inf and `low` is what the time waited in vain tells; if a network never exits, both are inf.

        Raises
        ------
        ValueError
            If there is no replicate.
        """
        self._check_some("mean")
        return exponential.mean(self.known_time(), self.exited)

    def known_time(self) -> Floats:
        """Return the memory times, inf for networks that never exit, those of others censored as in `time`."""
        return np.where(self.extinct, np.inf, self.time)

    def restricted_mean(self, until: float | None = None) -> Estimate:
        """Return the mean of min(T, until) with its 95 % interval, whatever the law of T.

        Parameters
        ----------
        until : float, optional
            By default all the time watched: t_max − exit_after, or the last exit where that is infinite.

        Raises
        ------
        ValueError
            If there is no replicate, or `until` is not in the time watched.
        """
        self._check_some("restricted_mean")
        watched = self.t_max - self.exit_after
        allowed = f"a finite number > 0, and at most the time watched, {watched!r}"
        if until is None:
            until = float(self.time[self.exited].max(initial=0.0)) if isinf(watched) else watched
        elif not 0.0 < checks.finite("until", until, allowed) <= watched:
            raise ValueError(checks.wrong("until", allowed, until))
        return restricted_mean(self.time, self.exited, float(until))

    def survival(self) -> Survival:
        """Return the probability to remember against time: Kaplan–Meier, with pointwise 95 % intervals.

        Raises
        ------
        ValueError
            If there is no replicate.
        """
        self._check_some("survival")
        return kaplan_meier(self.time, self.exited)

    def exponential_test(self, resamples: int = 999, rng: Seed = 0) -> ExponentialTest:
        """Fit a shifted exponential law and test it by a parametric bootstrap.

        Parameters
        ----------
        resamples : int
            Samples drawn from the fit; the smallest p-value is 1/(resamples + 1).
        rng
            Seed of the bootstrap alone.

        Returns
        -------
        ExponentialTest
            `shift`, `scale`, `p_value` and more.

        Raises
        ------
        ValueError
            With fewer than three exits, or if networks are known to stay for ever.
        """
        checks.count("resamples", resamples)
        generator = np.random.Generator(np.random.PCG64DXSM(seeds.root(rng)))
        return exponential.goodness(self.known_time(), self.exited, resamples, generator)

    def summary(self) -> str:
        """Return a few lines on what came out."""
        mean, exits = self.mean(), self.exited.sum()
        lines = [
            f"networks   {len(self.time)} of {self.n} neurons, alpha = {self.model.alpha:g}",
            f"exits      {exits}, censored {len(self.time) - exits}, of these at rest {self.extinct.sum()}",
            f"mean time  {mean.value:.5g} (95 %: {mean.low:.5g} to {mean.high:.5g})",
            f"spikes     {self.spikes.sum()}",
            f"seed       entropy {self.entropy}, spawn key {self.spawn_key}, facilis {self.version}",
        ]
        return "\n".join(lines)

    def plot(self) -> Any:
        """Draw the survival curve and the fitted law; return the Axes by name (needs ``facilis[plot]``)."""
        return pictures.plot().memory_times(self)

    def _columns(self) -> Columns:
        mean = {f"mean_time_{name}": column for name, column in self.mean()._columns().items()}
        return super()._columns() | {"mean_time": mean.pop("mean_time_value")} | mean

    def _check_some(self, name: str) -> None:
        if not self.time.size:
            raise ValueError(f"{name} needs at least one replicate, got 0")

    def _end(self) -> tuple[float, Region]:
        return self.t_max, self.region

    def _own_end(self, k: int) -> float:
        return float(self.time[self.index == k][0] + self.exit_after)

    def __repr__(self) -> str:
        exits = self.exited.sum()
        return f"MemoryTimes(n={self.n}, {exits} of {len(self.time)} exited by t={self.t_max:g})"


def memory_times(
    model: Model,
    n: int,
    t_max: float,
    *,
    region: Region,
    replicates: int = 1000,
    potential: ArrayLike = 0.0,
    calcium: ArrayLike = 0.0,
    stimulus: Stimulus = (),
    exit_after: float | None = None,
    rng: Seed = None,
    workers: int | None = None,
    executor: Executor | None = None,
    directory: str | PathLike[str] | None = None,
    chunk: int | None = None,
    progress: Progress = False,
    on_interrupt: OnInterrupt = "raise",
) -> MemoryTimes:
    """Measure how long independent networks stay in a region of (mean potential, mean calcium).

    Parameters
    ----------
    model : Model
    n : int
        Number of neurons.
    t_max : float
        Absolute time at which to give up: who is still inside is censored. > `exit_after`; may be inf where
        every network leaves or comes to rest.
    region : Region
        The memory time is that of the first exit, exact, also between spikes.
    replicates : int
        Number of networks.
    potential, calcium, stimulus
        As in `simulate`.
    exit_after : float, optional
        From when on the exit is watched and time is counted: by default the end of the last pulse, or 0.
        A network outside by then has memory time 0.
    rng
        As in `simulate`; replicate k has the seed ``SeedSequence(entropy, spawn_key=(*spawn_key, k))``.
        Without it, and with chunks in `directory`, their seed.
    workers : int, optional
        Threads of this process; by default as many as there are processors.
    executor : concurrent.futures.Executor, optional
        Where to run instead: processes, Dask's, MPI's.
    directory : path-like, optional
        Where finished chunks are kept, and read from if they are of the same task.
    chunk : int, optional
        Replicates in a chunk. It changes no number.
    progress : bool or callable
        Show how far it is, or call a function with the fraction done.
    on_interrupt : {"raise", "return"}
        What Ctrl-C does: raise KeyboardInterrupt, or return the finished replicates.

    Returns
    -------
    MemoryTimes

    Raises
    ------
    TypeError, ValueError
        If an argument is not as said, or without a stimulus the start is outside `region`, or `directory`
        holds chunks of another task.
    RuntimeError
        If a replicate has infinitely many spikes before a finite time, or a worker process died.
    """
    engine = Engine(
        workers=workers,
        executor=executor,
        directory=directory,
        chunk=chunk,
        progress=progress,
        on_interrupt=on_interrupt,
    )
    checks.instance("region", region, Region)
    with checks.naming(until="t_max", exit_from="region"):
        experiment = design(
            model,
            n,
            t_max,
            potential=potential,
            calcium=calcium,
            stimulus=stimulus,
            grid=None,
            exit_from=region,
            exit_after=exit_after,
            rng=store.root(rng, directory),
        )
    if not experiment.until > experiment.exit_after:
        raise ValueError(checks.wrong("t_max", f"> exit_after = {experiment.exit_after!r}", t_max))
    return _result(experiment, engine.run(experiment, replicates), region)


def _result(experiment: Experiment, chunk: Chunk, region: Region) -> MemoryTimes:
    (exploded,) = np.nonzero(chunk["stop"] == "explosion")
    if exploded.size:
        k, time = chunk["index"][exploded[0]], chunk["end"][exploded[0]].item()
        raise RuntimeError(
            f"replicate {k} exploded at t = {time!r}: infinitely many spikes before a finite time"
        )
    exited = ~np.isnan(chunk["exit"])
    return MemoryTimes(
        **experiment.outcome(chunk),
        time=np.where(exited, chunk["exit"], experiment.until) - experiment.exit_after,
        exited=exited,
        # Elsewhere a network at rest decays out of the region, be it after t_max.
        extinct=(chunk["stop"] == "extinct") & bool(region.contains(0.0, 0.0)),
        t_max=experiment.until,
        region=region,
    )
