"""Runs of adaptive multilevel splitting: what they share, checked once, then sent wherever they are done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import inf
from typing import Any

import numpy as np

from .. import _core, checks, ram
from .. import seed as seeds
from ..memory.estimate import Estimate
from ..model.model import Model
from ..progress import reporting
from ..replicates import store
from ..replicates.engine import Engine
from ..replicates.experiment import Chunk, Experiment
from ..result import Floats
from ..simulation.plan import STATE
from ..simulation.region import Region
from .score import Score, core_score
from .student import student_quantile

LEAST_RUNS = 2
MOST_REPLICAS = 10**6
_LEVEL = 0.975
_CHECK = 2**32 - 1  # appended to the spawn key of a second score's runs


@dataclass(frozen=True, eq=False, kw_only=True)
class Splitting(Experiment):
    """An experiment whose replicates are runs, each with many networks. It pickles."""

    score: Score
    cycle: tuple[float, float, float] | None
    replicas: int

    @cached_property
    def _handle(self) -> _core.Splitting:  # type: ignore[override]
        assert self.region is not None
        return _core.Splitting(
            self.model._handle,
            self.n,
            np.require(self.potential, requirements=["C_CONTIGUOUS", "ALIGNED"]),
            np.require(self.calcium, requirements=["C_CONTIGUOUS", "ALIGNED"]),
            self.current.handle,
            self.region._handle,
            core_score(self.score),
            self.exit_after,
            self.until,
            self.cycle,
            self.replicas,
            seeds.assembled(self.entropy, self.spawn_key),
        )

    def run(self, first: int, last: int, threads: int, control: _core.Control) -> Chunk:
        """Do runs `first` to `last` − 1; those that a cancellation cut short are left out."""
        return marked(self._handle.runs(first, last, threads, control))

    def empty(self, rows: int) -> Chunk:
        """Return arrays for so many runs."""
        numbers: Chunk = {name: np.empty(rows) for name in ("probability", "flux", "broken")}
        counts: Chunk = {name: np.empty(rows, np.int64) for name in ("levels", "ties", "spikes")}
        return {"stop": np.zeros(rows, np.uint8)} | numbers | counts

    def outcome(self, chunk: Chunk) -> dict[str, Any]:
        """Return what every result of splitting keeps."""
        counts = {name: chunk[name] for name in ("levels", "ties")}
        return super().outcome(chunk) | counts | {"score": self.score, "replicas": self.replicas}


def marked(chunk: Chunk) -> Chunk:
    """Return runs with the reason to stop that an engine wants of what is finished."""
    return {"stop": np.ones(chunk["index"].size, np.uint8)} | chunk


def splitting(
    experiment: Experiment, score: Score, replicas: int, cycle: tuple[float, float, float] | None
) -> Splitting:
    """Return the runs of an experiment's networks."""
    parts = {name: getattr(experiment, name) for name in Experiment.__dataclass_fields__}
    count = checks.count("replicas", replicas, least=2, most=MOST_REPLICAS)
    ram.require(replicas=count * network_bytes(experiment.n))
    return Splitting(**parts, score=score, cycle=cycle, replicas=count)


def network_bytes(n: int) -> int:
    """Return about how much memory a network that waits takes: its neurons, and what it has drawn ahead."""
    return STATE * n + 13_000


def estimates(
    engine: Engine,
    task: Splitting,
    runs: int,
    second: Score | None,
    cycle: tuple[float, float, float] | None = None,
) -> tuple[Chunk, Chunk | None]:
    """Do the runs of a task, and as many by a second score if there is one, with other random numbers."""
    checks.count("runs", runs, least=LEAST_RUNS, most=MOST_REPLICAS)
    tasks = [(engine.directory, task)]
    if second is not None:
        folder = None if engine.directory is None else store.directory_path(engine.directory) / "check"
        other = replace(task, score=second, cycle=cycle, spawn_key=(*task.spawn_key, _CHECK))
        tasks.append((folder, other))
    chunks = []
    with reporting(engine.progress) as report:
        for k, (directory, one) in enumerate(tasks):
            tell = partial(_tell, report, k, len(tasks))
            chunk = replace(engine, directory=directory, progress=tell).run(one, runs)
            if not chunk["index"].size:
                raise KeyboardInterrupt  # nothing is finished that could be returned
            _check_whole(chunk)
            chunks.append(chunk)
    return chunks[0], chunks[1] if second is not None else None


def _tell(report: Callable[[float], object], k: int, total: int, fraction: float) -> None:
    report((k + fraction) / total)


def _check_whole(chunk: Chunk) -> None:
    """Refuse runs that came to no result."""
    broken = chunk["broken"]
    (found,) = np.nonzero(broken >= 0.0)
    if found.size:
        time, run = broken[found[0]].item(), chunk["index"][found[0]]
        raise RuntimeError(f"run {run} exploded at t = {time!r}: infinitely many spikes before a finite time")
    if (broken < 0.0).any():
        raise ValueError(
            "region must be one in which networks linger, but they leave it before they come back to the middle: "
            "see memory_times"
        )


def interval(runs: Floats, of: str, *, signed: bool = False) -> Estimate:
    """Return the mean of independent runs with its 95 % interval by Student's law; >= 0 if not signed."""
    mean, least = float(runs.mean()), -inf if signed else 0.0
    error = float(runs.std(ddof=1)) / runs.size**0.5 if runs.size >= LEAST_RUNS else 0.0
    if error == 0.0:
        # Alone or all alike, as when all are extinct: the runs don't tell how far off they are.
        return Estimate(mean, least, inf, of)
    reach = student_quantile(_LEVEL, runs.size - 1) * error
    return Estimate(mean, max(mean - reach, least), mean + reach, of)


def inverse(rate: Estimate, of: str) -> Estimate:
    """Return 1/rate with its interval; inf where the rate can be 0."""
    value, low, high = (1.0 / x if x > 0.0 else inf for x in (rate.value, rate.high, rate.low))
    return Estimate(value, low, high, of)


def refuse_rest(model: Model, region: Region) -> None:
    """Refuse a region in which networks come to rest for ever."""
    if region.contains(0.0, 0.0) and not model.rate(0.0) > 0.0:
        raise ValueError(checks.wrong("region", "one without rest, where networks never leave it", region))


def skewness(runs: Floats) -> float:
    """Return the skewness of the runs, 0 where they are alike."""
    off = runs - runs.mean()
    spread = float((off**2).mean())
    return float((off**3).mean() / spread**1.5) if spread > 0.0 else 0.0
