"""Where jobs run, such that Ctrl-C can come at any moment: the main thread waits, and holds no lock meanwhile.

In the main thread a signal may strike between any two steps, also between those by which `concurrent.futures`
takes and gives back its locks; a lock that stays taken would stop everything for ever. So other threads start
the jobs and hear that they are done, and the main thread reads a queue that is atomic.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from time import sleep
from typing import Any, Generic, TypeAlias, TypeVar

from .. import _core

Key = TypeVar("Key")
Job: TypeAlias = tuple[Key, Callable[[], Any]]

SECONDS_BETWEEN_LOOKS = 0.05
_SECONDS_TO_END = 0.001
_TRIES_AGAIN = 3


def processors() -> int:
    """Return how many processors this process may use: those that a batch system or a container gives it.

    The core knows affinities and the quotas of control groups, Python what ``-X cpu_count`` says.
    """
    told = getattr(os, "process_cpu_count", os.cpu_count)()
    return min(told or 1, _core.processors())


class Lanes(Generic[Key]):
    """Jobs on their way; each arrives once, as (key, result) or (key, exception)."""

    def __init__(self, jobs: Sequence[Job[Key]], threads: int) -> None:
        self._waiting: SimpleQueue[Job[Key]] = SimpleQueue()
        for job in jobs:
            self._waiting.put(job)
        self._arrived: SimpleQueue[tuple[Key, Any]] = SimpleQueue()
        self._threads = [Thread(target=self._run, daemon=True) for _ in range(min(threads, len(jobs)))]
        self._ended: list[None] = []
        self._closed = False

    def start(self) -> None:
        """Start the first jobs."""
        for thread in self._threads:
            thread.start()

    def arrivals(self, timeout: float = SECONDS_BETWEEN_LOOKS) -> list[tuple[Key, Any]]:
        """Wait a moment for jobs to be done, and return those that are."""
        found = []
        try:
            found.append(self._arrived.get(timeout=timeout))
            while True:
                found.append(self._arrived.get_nowait())
        except Empty:
            return found

    def close(self) -> None:
        """Start no more jobs, and wait for the threads; jobs that are done have arrived then."""
        self._closed = True
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        # Before Python 3.13 a join that was interrupted takes the thread for dead.
        while len(self._ended) < sum(thread.ident is not None for thread in self._threads):
            sleep(_SECONDS_TO_END)

    def _run(self) -> None:
        try:
            self._work()
        finally:
            self._ended.append(None)

    def _work(self) -> None:
        while not self._closed:
            try:
                key, job = self._waiting.get_nowait()
            except Empty:
                return
            try:
                self._arrived.put((key, job()))
            except BaseException as error:
                self._arrived.put((key, error))


class ThreadLanes(Lanes[Key]):
    """Jobs on so many threads of this process; `stop` makes those under way end soon."""

    def __init__(self, jobs: Sequence[Job[Key]], threads: int, stop: Callable[[], None]) -> None:
        super().__init__(jobs, threads)
        self._stop = stop

    def close(self) -> None:
        """Stop what is under way, and wait for it to end."""
        self._stop()
        super().close()


class ExecutorLanes(Lanes[Key]):
    """Jobs on an executor, to which one thread submits them; closing takes back those that have not begun.

    A job's own error is its outcome. Where the executor fails, as it may when a worker dies, the job is
    submitted again, unless the executor says that it is broken for good.
    """

    def __init__(self, jobs: Sequence[Job[Key]], executor: Executor) -> None:
        super().__init__(jobs, 1)
        self._executor = executor
        self._futures: set[Future[Any]] = set()
        self._failures: Counter[Key] = Counter()

    def start(self) -> None:
        """Submit the first job here, as a pool may fork at it, which is safest without other threads."""
        if not self._waiting.empty():
            self._submit(*self._waiting.get_nowait())
        super().start()

    def close(self) -> None:
        """Submit no more jobs, and take back those that have not begun."""
        super().close()
        for future in list(self._futures):
            future.cancel()

    def _work(self) -> None:
        while not self._closed:
            try:
                key, job = self._waiting.get(timeout=SECONDS_BETWEEN_LOOKS)
            except Empty:
                continue
            self._submit(key, job)

    def _submit(self, key: Key, job: Callable[[], Any]) -> None:
        try:
            future = self._executor.submit(_tell, job)
        except BaseException as error:
            self._arrived.put((key, error))
        else:
            self._futures.add(future)
            future.add_done_callback(partial(self._hear, key, job))

    def _hear(self, key: Key, job: Callable[[], Any], future: "Future[Any]") -> None:
        self._futures.discard(future)
        error = CancelledError() if future.cancelled() else future.exception()
        if error is None:
            outcome = future.result()
            self._arrived.put((key, outcome.error if isinstance(outcome, _Failure) else outcome))
        elif self._closed or not self._may_try_again(key, error):
            self._arrived.put((key, error))
        else:
            self._waiting.put((key, job))

    def _may_try_again(self, key: Key, error: BaseException) -> bool:
        self._failures[key] += 1
        lasting = isinstance(error, BrokenExecutor) or not isinstance(error, Exception)
        return not lasting and self._failures[key] <= _TRIES_AGAIN


@dataclass(frozen=True)
class _Failure:
    """A job's own error."""

    error: Exception


def _tell(job: Callable[[], Any]) -> Any:
    """Do a job where an executor does; an error is told, so that it is no failure of the executor."""
    try:
        return job()
    except Exception as error:
        return _Failure(error)


def attempt(job: Callable[[], Any], stop: Callable[[], None]) -> Any:
    """Do a job on a thread of its own, so that Ctrl-C stops it, and return its result."""
    lanes = ThreadLanes([(None, job)], 1, stop)
    try:
        lanes.start()
        while not (found := lanes.arrivals()):
            pass
    finally:
        lanes.close()
    if isinstance(found[0][1], BaseException):
        raise found[0][1]
    return found[0][1]
