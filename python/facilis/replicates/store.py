"""Finished chunks of an ensemble in a directory, so that work that was cut goes on."""

import os
from collections.abc import Iterator
from dataclasses import fields
from os import PathLike
from pathlib import Path
from typing import Any

from numpy.random import SeedSequence

from .. import archive, checks, task
from ..seed import Seed
from ..simulation.region import told
from .experiment import Chunk, Experiment

_KIND = "Chunk"
_SEED = "Seed"
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
        self.directory = directory_path(directory).absolute()
        self.directory.mkdir(parents=True, exist_ok=True)
        self._task = _task(experiment)

    def read(self, replicates: int) -> Iterator[Chunk]:
        """Yield what is there of replicates 0 to `replicates` − 1, in order and each once.

        Raises
        ------
        ValueError
            If a chunk is of another experiment.
        """
        past = 0
        for path in _files(self.directory):
            chunk = self._read(path)
            index = chunk["index"]
            keep = (index >= past) & (index < replicates)
            if keep.any():
                yield {name: values[keep] for name, values in chunk.items()}
                past = int(index[-1]) + 1

    def chunk(self, first: int, last: int) -> Chunk | None:
        """Return replicates `first` to `last` − 1 if they are there; where the directory is not, nothing is."""
        path = self._path(first, last)
        return self._read(path) if os.path.exists(path) else None

    def write(self, chunk: Chunk) -> None:
        """Keep a finished chunk, if no other program did: another process sees the whole file or none."""
        path = self._path(int(chunk["index"][0]), int(chunk["index"][-1]) + 1)
        if not path.exists():
            archive.write(path, _KIND, {"task": self._task, "chunk": chunk})

    def _path(self, first: int, last: int) -> Path:
        return self.directory / f"replicates-{first:010}-{last:010}.npz"

    def _read(self, path: Path) -> Chunk:
        state = _state(path)
        allowed = "a directory of chunks of this same experiment"
        task.compare("directory", allowed, path, state["task"], self._task)
        chunk: Chunk = state["chunk"]
        return chunk


def root(rng: Seed, directory: str | PathLike[str] | None) -> Seed:
    """Return `rng`, or if there is none the root seed of the chunks in a directory."""
    if rng is not None or directory is None:
        return rng
    folder = directory_path(directory)
    for path in _files(folder):
        there = _state(path)["task"]
        return SeedSequence(there["entropy"], spawn_key=there["spawn_key"])
    return common_seed(folder)


def common_seed(folder: Path) -> SeedSequence:
    """Return the seed of all programs that were given none and fill a directory: that of the first of them."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "seed.npz"
    archive.write_first(path, _SEED, {"entropy": SeedSequence().entropy})
    allowed = "a directory with the seed that a program has put there"
    return SeedSequence(archive.read(path, _SEED, ("entropy",), allowed, "directory")["entropy"])


def _files(directory: Path) -> list[Path]:
    return sorted(directory.glob(_PATTERN))


def _state(path: Path) -> dict[str, Any]:
    allowed = "a directory with chunks of an ensemble alone"
    return archive.read(path, _KIND, ("task", "chunk"), allowed, "directory")


def _task(experiment: Experiment) -> dict[str, Any]:
    """Return what tells experiments apart."""
    values = {field.name: getattr(experiment, field.name) for field in fields(experiment)}
    values["stimulus"] = values.pop("current").pulses
    values["region"] = told(experiment.region)
    return task.told(**values, kind=type(experiment).__name__)


def directory_path(directory: object) -> Path:
    """Return the path of a directory that may be there or not yet."""
    path = checks.path("directory", directory)
    if path.exists() and not path.is_dir():
        raise ValueError(checks.wrong("directory", "a directory, or a path where none is yet", directory))
    return path
