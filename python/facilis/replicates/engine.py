"""The engine that runs replicates: on threads of this process, or in chunks on any executor.

What travels is an experiment and a range of replicates, what comes back is arrays. Replicate k has its own
stream, so whoever runs it, in whatever chunk, its bits are the same.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass
from functools import partial
from math import ceil
from os import PathLike
from types import NoneType
from typing import Any, TypeAlias, cast

import numpy as np

from .. import _core, checks
from ..progress import Progress, reporting
from ..simulation.plan import OnInterrupt
from .experiment import MOST_REPLICATES, Chunk, Experiment
from .store import Store
from .workers import ExecutorLanes, Lanes, ThreadLanes, attempt

Span: TypeAlias = tuple[int, int]

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
        harvest = _Harvest([] if store is None else store.read(replicates), store, replicates)
        with reporting(self.progress) as report:
            try:
                self._gather(experiment, harvest, report)
                report(1.0)
            except BrokenExecutor as error:
                raise RuntimeError(harvest.loss(self.executor)) from error
            except KeyboardInterrupt:
                if self.on_interrupt == "raise":
                    raise
        return harvest.result(experiment)

    def _gather(self, experiment: Experiment, harvest: "_Harvest", report: Callable[[float], object]) -> None:
        control = _core.Control()
        spans = list(self._chunks(harvest.missing()))
        lanes = self._open(experiment, spans, control)
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

    def _chunks(self, missing: list[Span]) -> Iterator[Span]:
        if self.chunk is None and self.executor is None and self.directory is None:
            yield from missing
            return
        total = sum(last - first for first, last in missing)
        size = self.chunk or max(1, min(_LARGEST_CHUNK, ceil(total / _CHUNKS)))
        for first, last in missing:
            yield from ((a, min(a + size, last)) for a in range(first, last, size))

    def _open(self, experiment: Experiment, spans: list[Span], control: _core.Control) -> Lanes[Span]:
        if self.executor is not None:
            jobs = [(span, partial(run_chunk, experiment, *span)) for span in spans]
            return ExecutorLanes(jobs, self.executor)
        left = sum(last - first for first, last in spans)
        workers = min(self.workers or os.cpu_count() or 1, max(left, 1))
        # Whole ranges share out replicates among threads of the core, chunks among Python's.
        whole = self.chunk is None and self.directory is None
        lanes, threads = (1, workers) if whole else (workers, 1)
        own = [(span, partial(experiment.run, *span, threads, control)) for span in spans]
        return ThreadLanes(own, min(lanes, max(len(own), 1)), control.cancel)


class _Harvest:
    """Chunks that are finished; whole ones are stored as they come."""

    def __init__(self, ready: list[Chunk], store: Store | None, replicates: int) -> None:
        self._chunks = ready
        self._store = store
        self._replicates = replicates
        self._found = sum(chunk["index"].size for chunk in ready)
        self._done = self._found

    def missing(self) -> list[Span]:
        return _missing([_span(chunk) for chunk in self._chunks], self._replicates)

    def keep(self, arrivals: list[tuple[Span, Any]]) -> None:
        for (first, last), chunk in arrivals:
            if isinstance(chunk, BaseException):
                continue
            self._chunks.append(chunk)
            self._done += chunk["index"].size
            if self._store is not None and chunk["index"].size == last - first:
                self._store.write(chunk)

    def fraction(self, finished: int) -> float:
        """Return the part that is done; `finished` replicates are known of threads, in chunks or not."""
        return max(self._done, self._found + finished) / self._replicates

    def result(self, experiment: Experiment) -> Chunk:
        """Join what is finished, in the order of the replicates."""
        chunks = self._chunks or [experiment.run(0, 0, 1, _core.Control())]
        joined = {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}
        order = np.argsort(joined["index"], kind="stable")
        return {name: values[order] for name, values in joined.items()}

    def loss(self, executor: Executor | None) -> str:
        """Tell what survived the death of a worker."""
        name = type(executor).__name__
        text = f"a worker of {name} died: {self._done} of {self._replicates} were finished"
        if self._store is None:
            return f"{text} but lost, as without directory= nothing is kept"
        return f"{text} and kept in {self._store.directory}, from where the same call goes on"


def run_chunk(experiment: Experiment, first: int, last: int) -> Chunk:
    """Run a range of replicates wherever an executor does; a worker that gets Ctrl-C stops at once."""
    control = _core.Control()
    if threading.current_thread() is not threading.main_thread():
        return experiment.run(first, last, 1, control)
    return cast(Chunk, attempt(partial(experiment.run, first, last, 1, control), control.cancel))


def _span(chunk: Chunk) -> Span:
    return int(chunk["index"][0]), int(chunk["index"][-1]) + 1


def _missing(spans: list[Span], replicates: int) -> list[Span]:
    """Return the ranges between increasing spans."""
    gaps, past = [], 0
    for first, last in [*spans, (replicates, replicates)]:
        if past < first:
            gaps.append((past, first))
        past = last
    return gaps
