"""Finished chunks of an ensemble in a directory, so that work that was cut goes on."""

import hashlib
from collections.abc import Iterator
from dataclasses import fields
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import SeedSequence

from .. import _core, archive, checks
from ..seed import Seed
from .experiment import Chunk, Experiment

_KIND = "Chunk"
_PATTERN = "replicates-*.npz"


class Store:
    """A directory with one file per finished chunk of replicates of one experiment.

    Parameters
    ----------
    directory : path-like
        Made if it isn't there.
    experiment : Experiment
        What the chunks must be of.
    """

    def __init__(self, directory: str | PathLike[str], experiment: Experiment) -> None:
        self.directory = directory_path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self._task = _task(experiment)

    def read(self, replicates: int) -> list[Chunk]:
        """Return what is there of replicates 0 to `replicates` − 1, in order and each once.

        Raises
        ------
        ValueError
            If a chunk is of another experiment.
        """
        chunks, past = [], 0
        for path, state in _files(self.directory):
            self._compare(path, state["task"])
            chunk: Chunk = state["chunk"]
            index = chunk["index"]
            keep = (index >= past) & (index < replicates)
            if keep.any():
                chunks.append({name: values[keep] for name, values in chunk.items()})
                past = int(index[-1]) + 1
        return chunks

    def write(self, chunk: Chunk) -> None:
        """Keep a finished chunk: another process sees the whole file or none."""
        first, last = int(chunk["index"][0]), int(chunk["index"][-1]) + 1
        path = self.directory / f"replicates-{first:010}-{last:010}.npz"
        archive.write(path, _KIND, {"task": self._task, "chunk": chunk})

    def _compare(self, path: Path, task: dict[str, Any]) -> None:
        other = [name for name, value in self._task.items() if task.get(name) != value]
        if other:
            there, here = (", ".join(f"{name}={t.get(name)!r}" for name in other) for t in (task, self._task))
            allowed = "a directory of chunks of this same experiment"
            raise ValueError(f"directory must be {allowed}, got {path} with {there} instead of {here}")


def root(rng: Seed, directory: str | PathLike[str] | None) -> Seed:
    """Return `rng`, or if there is none the root seed of the chunks in a directory that has some."""
    if rng is None and directory is not None:
        for _, state in _files(directory_path(directory)):
            return SeedSequence(state["task"]["entropy"], spawn_key=state["task"]["spawn_key"])
    return rng


def _files(directory: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(directory.glob(_PATTERN)):
        allowed = "a directory with chunks of an ensemble alone"
        yield path, archive.read(path, _KIND, ("task", "chunk"), allowed, "directory")


def _task(experiment: Experiment) -> dict[str, Any]:
    """Return what tells experiments apart; long arrays are stood for by their digests."""
    values = {field.name: getattr(experiment, field.name) for field in fields(experiment)}
    values["stimulus"] = values.pop("current").pulses
    task = {
        name: _digest(value) if isinstance(value, np.ndarray) else value for name, value in values.items()
    }
    if experiment.region is not None and (curves := experiment.region.curves + experiment.region.ceilings):
        points = hashlib.sha256(repr(curves).encode()).hexdigest()
        task["region"] = f"{experiment.region!r}, SHA-256 {points}"
    return task | {"kind": type(experiment).__name__, "version": _core.__version__}


def _digest(array: np.ndarray[Any, np.dtype[np.float64]]) -> float | str:
    if array.size == 1:
        return array.item()
    return f"{array.size} numbers, SHA-256 {hashlib.sha256(array.tobytes()).hexdigest()}"


def directory_path(directory: object) -> Path:
    """Return the path of a directory that may be there or not yet."""
    if not isinstance(directory, str | PathLike):
        raise TypeError(checks.wrong("directory", "a path", directory))
    path = Path(directory)
    if path.exists() and not path.is_dir():
        raise ValueError(checks.wrong("directory", "a directory, or a path where none is yet", directory))
    return path
