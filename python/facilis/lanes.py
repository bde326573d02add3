"""Where jobs run, such that Ctrl-C can come at any moment: the main thread waits, and holds no lock meanwhile.

In the main thread a signal may strike between any two steps, also between those by which `concurrent.futures`
takes and gives back its locks; a lock that stays taken would stop everything for ever. So other threads start
the jobs and hear that they are done, and the main thread reads a queue that is atomic.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, Future
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeAlias, TypeVar

Key = TypeVar("Key")
Job: TypeAlias = tuple[Key, Callable[[], Any]]

SECONDS_BETWEEN_LOOKS = 0.05


class Lanes(Generic[Key]):
    """Jobs on their way; each arrives once, as (key, result) or (key, exception)."""

    def __init__(self, jobs: Sequence[Job[Key]], threads: int) -> None:
        self._waiting: SimpleQueue[Job[Key]] = SimpleQueue()
        for job in jobs:
            self._waiting.put(job)
        self._arrived: SimpleQueue[tuple[Key, Any]] = SimpleQueue()
        self._threads = [Thread(target=self._work, daemon=True) for _ in range(min(threads, len(jobs)))]
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

    def _work(self) -> None:
        while not self._closed:
            try:
                key, job = self._waiting.get_nowait()
            except Empty:
                return
            self._do(key, job)

    def _do(self, key: Key, job: Callable[[], Any]) -> None:
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
    """Jobs on an executor, to which one thread submits them; closing takes back those that have not begun."""

    def __init__(self, jobs: Sequence[Job[Key]], executor: Executor) -> None:
        super().__init__(jobs, 1)
        self._executor = executor
        self._futures: list[Future[Any]] = []

    def close(self) -> None:
        """Submit no more jobs, and take back those that have not begun."""
        super().close()
        for future in self._futures:
            future.cancel()

    def _do(self, key: Key, job: Callable[[], Any]) -> None:
        try:
            future = self._executor.submit(job)
        except BaseException as error:
            self._arrived.put((key, error))
        else:
            self._futures.append(future)
            future.add_done_callback(lambda future: self._arrived.put((key, _outcome(future))))


def _outcome(future: "Future[Any]") -> Any:
    if future.cancelled():
        return CancelledError()
    return future.exception() or future.result()


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
