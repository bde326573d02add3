"""The engine that runs replicates: on threads of this process, or in chunks on any executor.

What travels is an experiment and a range of replicates, what comes back is arrays. Replicate k has its own
stream, so whoever runs it, in whatever chunk, its bits are the same.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from os import PathLike
from typing import TypeAlias

import numpy as np

from . import _core, checks
from .experiment import MOST_REPLICATES, Chunk, Experiment
from .plan import OnInterrupt
from .progress import Progress, reporting
from .store import Store

Submit: TypeAlias = Callable[[int, int], "Future[Chunk]"]
Span: TypeAlias = tuple[int, int]

# Enough chunks for many workers and for little lost when one dies, few enough to cost next to nothing.
_CHUNKS = 128
_LARGEST_CHUNK = 1000
_SECONDS_BETWEEN_LOOKS = 0.05


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
        if self.executor is not None and not isinstance(self.executor, Executor):
            raise TypeError(checks.wrong("executor", "a concurrent.futures.Executor or None", self.executor))
        if self.chunk is not None:
            checks.count("chunk", self.chunk)
        checks.choice("on_interrupt", self.on_interrupt, ("raise", "return"))

    def run(self, experiment: Experiment, replicates: int) -> Chunk:
        """Return replicates 0 to `replicates` − 1 in order, or after an interrupt those that were done."""
        checks.count("replicates", replicates, most=MOST_REPLICATES)
        store = None if self.directory is None else Store(self.directory, experiment)
        ready = [] if store is None else store.read(replicates)
        missing = _missing([_span(chunk) for chunk in ready], replicates)
        harvest = _Harvest(ready, store, replicates)
        with reporting(self.progress) as report:
            try:
                self._gather(experiment, missing, harvest, report)
            except KeyboardInterrupt:
                if self.on_interrupt == "raise":
                    raise
                return harvest.result(experiment)
            report(1.0)
        return harvest.result(experiment)

    def _gather(
        self,
        experiment: Experiment,
        missing: list[Span],
        harvest: "_Harvest",
        report: Callable[[float], object],
    ) -> None:
        control = _core.Control()
        with self._lanes(experiment, control) as submit:
            try:
                for span in self._chunks(missing):
                    harvest.expect(span, submit(*span))
                while harvest.waits():
                    report(harvest.fraction(control.finished))
            except BrokenExecutor as error:
                raise RuntimeError(harvest.loss(self.executor)) from error
            finally:
                # After the last chunk there is nothing left that this could stop.
                control.cancel()
                harvest.cancel()

    def _chunks(self, missing: list[Span]) -> Iterator[Span]:
        if self.chunk is None and self.executor is None and self.directory is None:
            yield from missing
            return
        total = sum(last - first for first, last in missing)
        size = self.chunk or max(1, min(_LARGEST_CHUNK, ceil(total / _CHUNKS)))
        for first, last in missing:
            yield from ((a, min(a + size, last)) for a in range(first, last, size))

    @contextmanager
    def _lanes(self, experiment: Experiment, control: _core.Control) -> Iterator[Submit]:
        """Open what a chunk is submitted to; our own threads have ended when it closes."""
        if self.executor is not None:
            executor = self.executor
            yield lambda first, last: executor.submit(run_chunk, experiment, first, last)
            return
        workers = self.workers or os.cpu_count() or 1
        # Whole ranges share out replicates among threads of the core, chunks among Python's.
        whole = self.chunk is None and self.directory is None
        lanes, threads = (1, workers) if whole else (workers, 1)
        with ThreadPoolExecutor(lanes) as pool:
            yield lambda first, last: pool.submit(experiment.run, first, last, threads, control)


class _Harvest:
    """Chunks that are ready, and futures of the others; whole chunks are stored as they come."""

    def __init__(self, ready: list[Chunk], store: Store | None, replicates: int) -> None:
        self._ready = ready
        self._store = store
        self._replicates = replicates
        self._found = sum(chunk["index"].size for chunk in ready)
        self._done = self._found
        self._spans: dict[Future[Chunk], Span] = {}
        self._pending: set[Future[Chunk]] = set()

    def expect(self, span: Span, future: "Future[Chunk]") -> None:
        self._spans[future] = span
        self._pending.add(future)

    def waits(self) -> bool:
        """Wait a moment for chunks and keep what came; False when all is there."""
        done, self._pending = wait(self._pending, _SECONDS_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
        for future in done:
            self._keep(future)
        for future in done:
            future.result()
        return bool(self._pending)

    def _keep(self, future: "Future[Chunk]") -> None:
        if future.cancelled() or future.exception() is not None:
            return
        chunk, (first, last) = future.result(), self._spans[future]
        self._done += chunk["index"].size
        if self._store is not None and chunk["index"].size == last - first:
            self._store.write(chunk)

    def fraction(self, finished: int) -> float:
        """Return the part that is done; `finished` replicates are known of threads, in chunks or not."""
        return max(self._done, self._found + finished) / self._replicates

    def cancel(self) -> None:
        """Take back what has not begun, and keep what has just been finished."""
        for future in self._pending:
            future.cancel()
        for future in self._pending:
            if future.done():
                self._keep(future)
        self._pending = set()

    def _finished(self) -> list[Chunk]:
        done = (future for future in self._spans if future.done() and not future.cancelled())
        return self._ready + [future.result() for future in done if future.exception() is None]

    def result(self, experiment: Experiment) -> Chunk:
        """Join what is finished, in the order of the replicates."""
        chunks = self._finished() or [experiment.run(0, 0, 1, _core.Control())]
        joined = {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}
        order = np.argsort(joined["index"], kind="stable")
        return {name: values[order] for name, values in joined.items()}

    def loss(self, executor: Executor | None) -> str:
        """Tell what survived the death of a worker."""
        finished = sum(chunk["index"].size for chunk in self._finished())
        text = f"a worker of {type(executor).__name__} died: {finished} of {self._replicates} were finished"
        if self._store is None:
            return f"{text} but lost, as without directory= nothing is kept"
        return f"{text} and kept in {self._store.directory}, from where the same call goes on"


def run_chunk(experiment: Experiment, first: int, last: int) -> Chunk:
    """Run a range of replicates wherever an executor does; a worker that gets Ctrl-C stops at once."""
    control = _core.Control()
    if threading.current_thread() is not threading.main_thread():
        return experiment.run(first, last, 1, control)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(experiment.run, first, last, 1, control)
        try:
            return future.result()
        finally:
            control.cancel()


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
