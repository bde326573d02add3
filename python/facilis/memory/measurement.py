"""Measuring how long networks remember: independent replicates, each until its first exit from a region."""

from __future__ import annotations

from concurrent.futures import Executor
from os import PathLike

import numpy as np
from numpy.typing import ArrayLike

from .. import checks
from ..model.model import Model
from ..model.stimulus import Stimulus
from ..progress import Progress
from ..replicates import store
from ..replicates.engine import Engine
from ..replicates.experiment import STOPS, Chunk, Experiment, design
from ..seed import Seed
from ..simulation.plan import OnInterrupt
from ..simulation.region import Region
from .times import MemoryTimes


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
        Time from which exits are detected and from which time is counted: by default the end of the last pulse, or
        0. A network outside by then has memory time 0.
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
        If an argument has the wrong type or value, or without a stimulus the start is outside `region`, or
        `directory` holds chunks of another task.
    RuntimeError
        If a replicate has infinitely many spikes before a finite time, or a worker process died.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> region = fc.Region.potential_above(0.7)
    >>> times = fc.memory_times(model, 20, 1e4, region=region, replicates=50, potential=2.0, calcium=9.0, rng=1)
    >>> mean = times.mean()
    >>> mean.low < mean.value < mean.high
    True
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
    (exploded,) = np.nonzero(STOPS[chunk["stop"]] == "explosion")
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
        extinct=(STOPS[chunk["stop"]] == "extinct") & bool(region.contains(0.0, 0.0)),
        t_max=experiment.until,
        region=region,
    )
