"""A function of a model on a grid of parameters, point by point, anywhere, resumable."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from functools import partial
from os import PathLike
from pathlib import Path
from random import shuffle
from types import NoneType
from typing import Any, cast

from .. import _core, checks, ram
from .. import seed as seeds
from ..model.model import Model
from ..progress import Progress, reporting
from ..replicates.store import common_seed, directory_path
from ..replicates.workers import ExecutorLanes
from ..seed import Entropy, Seed
from . import dataset, grid
from .point import Point, PointFile, found_or_run, point_files, read


def sweep(
    function: Callable[..., Any],
    *,
    over: Mapping[str, grid.Values],
    model: Model | None = None,
    rng: Seed = None,
    workers: int | None = None,
    executor: Executor | None = None,
    directory: str | PathLike[str] | None = None,
    key: str | None = None,
    progress: Progress = False,
    **arguments: Any,
) -> Any:
    """Call a function of a model at every point of a grid of parameters.

    With a `directory` finished points are read instead of computed again, if they are of the same sweep: of equal
    models, arguments and seed, and of the same function. A function of your own is the same if its code, its
    defaults and the values that it reads from outside (closure, globals, functions that it calls) are, in libraries
    of the same versions. Where this can't be known, because it uses objects or modules of your own, it is refused.
    Then give a `key`: it stands for the function, and you change it whenever the function would give other numbers.

    Parameters
    ----------
    function : callable
        ``function(model, **arguments)``: `memory_times`, `ensemble`, or one of your own, which returns a number,
        an array, a dict of them, or a result of facilis. With an `executor` of processes it must pickle.
    over : mapping of str to sequence, or to mapping of str
        Names and values: fields of the model (``"alpha"``) and of its rate (``"rate.half"``); of the stimulus, if
        it is one pulse, ``"stimulus.current"``, ``"stimulus.duration"`` and ``"stimulus.start"``; of the region
        its lower bounds ``"region.potential_above"`` and ``"region.calcium_above"``; the whole ``"model"``; else
        arguments of the function. Values in a mapping have names, which become the coordinate:
        ``{"model": {"weak": m1, "strong": m2}}``.
    model : Model, optional
        What the fields not named in `over` are taken from; left out where `over` has ``"model"``.
    rng
        As in `simulate`, for functions that have such an argument: point j in the order of the grid, the last
        name running fastest, gets ``SeedSequence(entropy, spawn_key=(*spawn_key, j))``. Without it, and with
        points in `directory`, their seed.
    workers : int, optional
        Passed on to a function that has such an argument; with an `executor` it is 1.
    executor : concurrent.futures.Executor, optional
        Where to run the points, each as one piece; by default one after the other in this process.
    directory : path-like, optional
        Where each finished point is kept in a file of its own, and read from if it is of the same sweep.
    key : str, optional
        With `directory`, a word that stands for the function and all that it uses.
    progress : bool or callable
        Show how far it is, or call a function with the fraction done.
    **arguments
        Passed on to the function.

    Returns
    -------
    xarray.Dataset
        A variable for each array of the results, its first dimensions the names in `over`. Of memory times:
        ``time``, ``exited``, ``extinct``, ``spikes`` and ``mean_time`` with ``mean_time_low`` and
        ``mean_time_high``.

    Raises
    ------
    ImportError
        Without xarray (``facilis[io]``).
    TypeError, ValueError
        If an argument has the wrong type or value, if results at two points differ in shape, or if `directory`
        holds points of another sweep.
    RuntimeError
        If a worker process died; what was finished is in `directory`.

    Examples
    --------
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.0, "calcium": 9.0, "replicates": 20, "rng": 1}
    >>> task = {"model": fc.Model.example("memory"), "t_max": 1e4, "region": region}
    >>> data = fc.sweep(fc.memory_times, over={"alpha": [0.2, 0.22], "n": [10, 20, 30]}, **task, **start)
    >>> data.mean_time.dims, data.mean_time.shape
    (('alpha', 'n'), (2, 3))
    """
    dataset.xarray()  # before any work is done
    axes = grid.axes(over)
    if not callable(function):
        raise TypeError(checks.wrong("function", "callable", function))
    checks.instance("executor", executor, Executor, NoneType)
    folder = None if directory is None else directory_path(directory)
    if "on_interrupt" in arguments:
        text = "left out, as a grid with points in part is none"
        raise ValueError(checks.wrong("on_interrupt", text, arguments["on_interrupt"]))
    takes = inspect.signature(function).parameters
    seed = _seed(rng, folder) if "rng" in takes else None
    if "rng" not in takes and rng is not None:
        raise ValueError(checks.wrong("rng", "None for a function without such an argument", rng))
    points = [
        Point(function, own, given, None if seed is None else (seed[0], (*seed[1], j)))
        for j, (own, given) in enumerate(grid.points(function, model, axes, arguments))
    ]
    local = {}
    if "workers" in takes and (workers is not None or executor is not None):
        local["workers"] = 1 if executor is not None else workers
    files = [None] * len(points) if folder is None else point_files(folder, points, key)
    with reporting(progress) as report:
        found = _all(points, files, local, executor, report)
    attributes = {
        "function": getattr(function, "__name__", repr(function)),
        "model": (points[0].model if model is None else model).to_json(),
        "version": _core.__version__,
    }
    if seed is not None:
        attributes |= {"entropy": str(seed[0]), "spawn_key": str(seed[1])}
    return dataset.dataset(axes, found, attributes)


def _seed(rng: Seed, folder: Path | None) -> tuple[Entropy, tuple[int, ...]]:
    """Return entropy and spawn key of the root: without `rng`, that of the points in the folder."""
    if rng is None and folder is not None:
        for path in sorted(folder.glob("point-*.npz")):
            entropy, spawn_key = read(path)["task"]["seed"]
            return entropy, tuple(spawn_key)[:-1]
        rng = common_seed(folder)
    root = seeds.root(rng)
    return cast(Entropy, root.entropy), tuple(root.spawn_key)


def _all(
    points: list[Point],
    files: Sequence[PointFile | None],
    local: dict[str, Any],
    executor: Executor | None,
    report: Callable[[float], object],
) -> list[dataset.Table]:
    """Return the tables of all points, from files or computed and filed."""
    there = ((j, file.table()) for j, file in enumerate(files) if file is not None)
    found = {j: table for j, table in there if table is not None}
    missing = [j for j in range(len(points)) if j not in found]
    if any(files):
        # Programs that fill one directory go their own ways, so that they seldom do the same at the same time.
        shuffle(missing)
    for j, table in _computed(points, files, missing, local, executor, report):
        if not found:
            ram.require(over=len(missing) * dataset.size(table))
        if (file := files[j]) is not None:
            file.write(table)
        found[j] = table
        report(len(found) / len(points))
    return [found[j] for j in range(len(points))]


def _computed(
    points: list[Point],
    files: Sequence[PointFile | None],
    missing: list[int],
    local: dict[str, Any],
    executor: Executor | None,
    report: Callable[[float], object],
) -> Iterator[tuple[int, dataset.Table]]:
    """Yield number and table of each point as it is finished."""
    if executor is None:
        for done, j in enumerate(missing, len(points) - len(missing)):
            inner = partial(_tell, report, done, len(points))
            told = {"progress": inner} if points[j].takes("progress") else {}
            yield j, found_or_run(points[j], files[j], **local, **told)
        return
    jobs = [(j, partial(found_or_run, points[j], files[j], **local)) for j in missing]
    lanes = ExecutorLanes(jobs, executor)
    finished = 0
    try:
        lanes.start()
        while finished < len(missing):
            arrivals = lanes.arrivals()
            for j, outcome in sorted(arrivals, key=lambda arrival: isinstance(arrival[1], BaseException)):
                if isinstance(outcome, BaseException):
                    raise outcome
                yield j, outcome
                finished += 1
    except BrokenExecutor as error:
        text = (
            f"a worker of {type(executor).__name__} died: {finished} of {len(missing)} points were finished"
        )
        raise RuntimeError(f"{text}; with directory= they are kept, and the same call goes on") from error
    finally:
        lanes.close()


def _tell(report: Callable[[float], object], done: int, total: int, fraction: float) -> None:
    report((done + fraction) / total)
