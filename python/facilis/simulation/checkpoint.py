"""A file from which a long run goes on after a crash, written now and then."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from time import perf_counter
from typing import Any

from numpy.random import SeedSequence

from .. import _core, archive, atomic, checks, task
from ..seed import Seed

_KIND = "Checkpoint"
_STATE = ("task", "simulation", "recording", "stop", "seconds")
# Saving may take one part in so many of the time, however large the network and the record are.
_SHARE = 10
_ALLOWED = "the file of this same call, or a path where none is yet"


class Checkpoint:
    """What is known of a run from its file, and when to write it again.

    Parameters
    ----------
    path : path-like
        Where the file is, or will be.
    every : float
        Seconds between two writings, at least.
    """

    def __init__(self, path: str | PathLike[str], every: float) -> None:
        allowed = "a finite number of seconds > 0"
        if checks.finite("every", every, allowed) <= 0.0:
            raise ValueError(checks.wrong("every", allowed, every))
        self._path = archive.path_of(path, "checkpoint")
        atomic.require_folder(self._path, "checkpoint")
        self._every = float(every)
        self._found: dict[str, Any] | None = None
        if self._path.exists():
            self._found = archive.read(path, _KIND, _STATE, _ALLOWED, "checkpoint")
        self._task: dict[str, Any] = {}
        self._begun = self._written = perf_counter()
        self._before = self._cost = 0.0

    def seed(self, rng: Seed) -> Seed:
        """Return `rng`, or if there is none that of the run in the file."""
        if rng is None and self._found is not None:
            there = self._found["task"]
            return SeedSequence(there["entropy"], spawn_key=there["spawn_key"])
        return rng

    def open(self, **values: Any) -> None:
        """Say by which values the call is known.

        Raises
        ------
        ValueError
            If the file is of another call.
        """
        self._task = task.told(**values)
        if self._found is not None:
            task.compare("checkpoint", _ALLOWED, self._path, self._found["task"], self._task)

    def found(self) -> dict[str, Any] | None:
        """Return what the file held, once; None where there was none."""
        found, self._found = self._found, None
        if found is not None:
            self._before = found["seconds"]
        return found

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Name the file in errors about what is in it."""
        try:
            yield
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            raise ValueError(checks.wrong("checkpoint", _ALLOWED, self._path)) from None

    def is_due(self) -> bool:
        """Tell whether it is time to write again."""
        return perf_counter() - self._written >= max(self._every, (_SHARE - 1) * self._cost)

    def write(self, simulation: _core.Simulation, recording: _core.Recording, stop: str | None) -> None:
        """Keep how far the run is, and why it stopped, if it did."""
        now = perf_counter()
        state = {
            "task": self._task,
            "simulation": simulation.checkpoint(),
            "recording": recording.saved(),
            "stop": stop,
            "seconds": self._before + now - self._begun,
        }
        archive.write(self._path, _KIND, state)
        self._written = perf_counter()
        self._cost = self._written - now
