"""One point of a sweep, and the files in which finished points are kept."""

import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from numpy.random import SeedSequence

from .. import archive, task
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
        return task.told(
            function=function,
            model=self.model,
            arguments=identity.told(self.arguments),
            seed=None if self.seed is None else identity.told(self.seed),
        )


@dataclass(frozen=True)
class PointFile:
    """The file of a finished point, which says what it is of: it pickles."""

    path: Path
    task: dict[str, Any]

    def table(self) -> dataset.Table | None:
        """Return the table of the point, if it is there; ValueError if it is of another sweep."""
        if not os.path.exists(self.path):  # nothing is there where the folder is out of reach
            return None
        state = read(self.path)
        allowed = "a directory of points of this same sweep"
        task.compare("directory", allowed, self.path, state["task"], self.task)
        return cast(dataset.Table, state["table"])

    def write(self, table: dataset.Table) -> None:
        """Keep the table, if no other program did."""
        if not self.path.exists():
            archive.write(self.path, _KIND, {"task": self.task, "table": table})


def point_files(folder: Path, points: list[Point], key: str | None) -> list[PointFile]:
    """Return the files in a folder; what points are of is told before any of them changes it."""
    function = identity.of_function(points[0].function, key)
    tasks = [point.task(function) for point in points]
    folder.mkdir(parents=True, exist_ok=True)
    return [PointFile(folder.absolute() / f"point-{j:06}.npz", one) for j, one in enumerate(tasks)]


def found_or_run(point: Point, file: PointFile | None, **local: Any) -> dataset.Table:
    """Return the table of a point: from its file, if another program has filed it meanwhile."""
    found = None if file is None else file.table()
    return point.run(**local) if found is None else found


def read(path: Path) -> dict[str, Any]:
    """Return what the file of a point holds."""
    allowed = "a directory with points of a sweep alone"
    return archive.read(path, _KIND, ("task", "table"), allowed, "directory")
