"""The engine that runs replicates: on threads of this process, or in chunks on any executor.

What travels is an experiment and a range of replicates, what comes back is arrays. Replicate k has its own
stream, so whoever runs it, in whatever chunk, its bits are the same.
"""

import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import ceil
from os import PathLike
from random import shuffle
from types import NoneType
from typing import cast

from .. import _core, checks
from ..progress import Progress, reporting
from ..simulation.plan import OnInterrupt
from .experiment import MOST_REPLICATES, Chunk, Experiment
from .harvest import Harvest, Span
from .store import Store
from .workers import ExecutorLanes, Lanes, ThreadLanes, attempt, processors

# Enough chunks for many workers and for little lost when one dies, few enough to cost next to nothing.
_CHUNKS = 128
_LARGEST_CHUNK = 1000


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Where replicates run, and what is told and kept on the way: the options that change no number."""

    workers: int | None = None
    executor: Executor | None = None
    directory: str | PathLike[str] | None = None
    chunk: int | None = None
    progress: Progress = False
    on_interrupt: OnInterrupt = "raise"

    def __post_init__(self) -> None:
        if self.workers is not None:
            checks.count("workers", self.workers)
            if self.executor is not None:
                raise ValueError(checks.wrong("workers", "None where an executor is given", self.workers))
        checks.instance("executor", self.executor, Executor, NoneType)
        if self.chunk is not None:
            checks.count("chunk", self.chunk)
        checks.choice("on_interrupt", self.on_interrupt, ("raise", "return"))

    def run(self, experiment: Experiment, replicates: int) -> Chunk:
        """Return replicates 0 to `replicates` − 1 in order, or after an interrupt those that were done."""
        checks.count("replicates", replicates, most=MOST_REPLICATES)
        store = None if self.directory is None else Store(self.directory, experiment)
        harvest = Harvest(experiment, store, replicates)
        with reporting(self.progress) as report:
            try:
                self._gather(experiment, harvest, report)
                report(1.0)
            except BrokenExecutor as error:
                raise RuntimeError(harvest.loss(self.executor)) from error
            except KeyboardInterrupt:
                if self.on_interrupt == "raise":
                    raise
        return harvest.result()

    def _gather(self, experiment: Experiment, harvest: Harvest, report: Callable[[float], object]) -> None:
        control = _core.Control()
        spans = self._chunks(harvest.missing(), harvest.replicates)
        harvest.expect(spans)
        lanes = self._open(experiment, harvest, spans, control)
        try:
            lanes.start()
            left = len(spans)
            while left:
                arrivals = lanes.arrivals()
                left -= len(arrivals)
                harvest.keep(arrivals)
                report(harvest.fraction(control.finished))
                for _, outcome in arrivals:
                    if isinstance(outcome, BaseException):
                        raise outcome
        finally:
            try:
                lanes.close()
            except KeyboardInterrupt:
                # Pressed again while they are about to stop: that loses nothing.
                lanes.close()
                raise
            finally:
                harvest.keep(lanes.arrivals(0.0))

    def _chunks(self, missing: list[Span], replicates: int) -> list[Span]:
        if self.chunk is None and self.executor is None and self.directory is None:
            return missing
        # All programs that fill a directory cut alike, whatever they find there, so that they can share the work …
        size = self.chunk or max(1, min(_LARGEST_CHUNK, ceil(replicates / _CHUNKS)))
        spans = [
            span
            for first, last in missing
            for span in pairwise([first, *range(first - first % size + size, last, size), last])
        ]
        if self.directory is not None:
            # … and each goes its own way, so that they seldom do the same at the same time.
            shuffle(spans)
        return spans

    def _open(
        self, experiment: Experiment, harvest: Harvest, spans: list[Span], control: _core.Control
    ) -> Lanes[Span]:
        if self.executor is not None:
            jobs = [(span, partial(run_chunk, experiment, *span, harvest.store)) for span in spans]
            return ExecutorLanes(jobs, self.executor)
        left = sum(last - first for first, last in spans)
        workers = min(self.workers or processors(), max(left, 1))
        # Whole ranges share out replicates among threads of the core, chunks among Python's.
        whole = self.chunk is None and self.directory is None
        lanes, threads = (1, workers) if whole else (workers, 1)
        own = [(span, partial(_bring, harvest, experiment, span, threads, control)) for span in spans]
        return ThreadLanes(own, min(lanes, max(len(own), 1)), control.cancel)


def run_chunk(experiment: Experiment, first: int, last: int, store: Store | None = None) -> Chunk:
    """Run a range of replicates wherever an executor does; a worker that gets Ctrl-C stops at once."""
    control = _core.Control()
    job = partial(_found_or_run, experiment, first, last, store, 1, control)
    if threading.current_thread() is not threading.main_thread():
        return job()
    return cast(Chunk, attempt(job, control.cancel))


def _bring(
    harvest: Harvest, experiment: Experiment, span: Span, threads: int, control: _core.Control
) -> None:
    """Run a range of replicates in this process, and bring it in at once: none waits in memory."""
    harvest.bring(span, _found_or_run(experiment, *span, harvest.store, threads, control))


def _found_or_run(
    experiment: Experiment, first: int, last: int, store: Store | None, threads: int, control: _core.Control
) -> Chunk:
    """Run a range of replicates, unless another program has filed them meanwhile."""
    found = None if store is None else store.chunk(first, last)
    return experiment.run(first, last, threads, control) if found is None else found
