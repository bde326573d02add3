"""One point of a sweep, and the files in which finished points are kept."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from numpy.random import SeedSequence

from .. import _core, archive
from ..model.model import Model
from ..seed import Entropy
from . import dataset, identity

_KIND = "Point"


@dataclass(frozen=True)
class Point:
    """One call of the function: it pickles, if the function does."""

    function: Callable[..., Any]
    model: Model
    arguments: dict[str, Any]
    seed: tuple[Entropy, tuple[int, ...]] | None

    def run(self, **local: Any) -> dataset.Table:
        """Call the function; `local` arguments change no number."""
        given = self.arguments | local
        if self.seed is not None:
            given["rng"] = SeedSequence(self.seed[0], spawn_key=self.seed[1])
        return dataset.table(self.function(self.model, **given))

    def takes(self, name: str) -> bool:
        """Tell whether the function has an argument of that name."""
        return name in inspect.signature(self.function).parameters

    def task(self, function: Any) -> dict[str, Any]:
        """Return what tells points apart, in a file too, given what the function is known by."""
        return {
            "function": function,
            "model": self.model,
            "arguments": identity.told(self.arguments),
            "seed": None if self.seed is None else identity.told(self.seed),
            "version": _core.__version__,
        }


@dataclass(frozen=True)
class PointFiles:
    """A file for each finished point, which says what it is of."""

    folder: Path
    tasks: list[dict[str, Any]]

    @classmethod
    def of(cls, folder: Path, points: list[Point], key: str | None) -> "PointFiles":
        """Open the folder; what points are of is told before any of them changes it."""
        function = identity.of_function(points[0].function, key)
        tasks = [point.task(function) for point in points]
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder, tasks)

    def found(self) -> dict[int, dataset.Table]:
        """Return the tables of finished points; ValueError if they are of another sweep."""
        numbers = [j for j in range(len(self.tasks)) if self._path(j).exists()]
        return {j: self._table(j) for j in numbers}

    def write(self, j: int, table: dataset.Table) -> None:
        """Keep the table of point j."""
        archive.write(self._path(j), _KIND, {"task": self.tasks[j], "table": table})

    def _path(self, j: int) -> Path:
        return self.folder / f"point-{j:06}.npz"

    def _table(self, j: int) -> dataset.Table:
        task = self.tasks[j]
        state = read(self._path(j))
        there = state["task"]
        other = sorted(name for name in task.keys() | there.keys() if there.get(name) != task.get(name))
        if other:
            old, new = (", ".join(f"{name}={t.get(name)!r}" for name in other) for t in (there, task))
            allowed = "a directory of points of this same sweep"
            raise ValueError(f"directory must be {allowed}, got {self._path(j)} with {old} instead of {new}")
        return cast(dataset.Table, state["table"])


def read(path: Path) -> dict[str, Any]:
    """Return what the file of a point holds."""
    allowed = "a directory with points of a sweep alone"
    return archive.read(path, _KIND, ("task", "table"), allowed, "directory")
