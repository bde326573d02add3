"""Whole figures: those behind ``Run.plot()`` and ``Limit.plot()``, and figures written to a file."""

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from .. import checks
from ..limit.solution import Limit
from .layout import panels
from .legends import Legend
from .named import LIMIT, NETWORKS, Network, Orbit
from .plane import phase_portrait
from .timeline import raster, traces

_RATIOS = {"width_ratios": (1.25, 1.0)}


def run(
    run: Network,
    limit: Limit | None = None,
    *,
    figure: Figure | SubFigure | None = None,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> dict[str, Axes]:
    """Draw what a run kept: its raster, its means against time, and its way through the phase plane.

    Parameters
    ----------
    run : Run or ReactivePath
        What it did not keep is left out: the raster without spikes, the others without a grid.
    limit : Limit, optional
        Drawn over the means and in the plane, dashed.
    figure : Figure or SubFigure, optional
        Where to draw; by default in a new figure. In a narrow one the panels stand one above the other.
    label : str, optional
        Of the run.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the lines of the run, as of `Axes.plot`.

    Returns
    -------
    dict of Axes
        By name: ``"raster"``, ``"traces"``, ``"phase"``.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 100, 50.0, stimulus=fc.Pulse(5.0, 25.0, 3.0), rng=1)
    >>> axes = fc.plot.run(run)
    """
    checks.instance("run", run, *NETWORKS)
    if run.spikes is None:
        axes = _side_by_side(figure)
    elif not len(run.t):
        axes = panels(figure, (10.0, 3.8), [["raster"]])
        raster(run, axes["raster"], legend=legend)
        return axes
    else:
        wide = [["raster", "phase"], ["traces", "phase"]]
        axes = panels(figure, (10.0, 5.0), wide, [["raster"], ["traces"], ["phase"]], **_RATIOS)
        raster(run, axes["raster"], legend=False)  # that of the traces names the stimulus
        share_time(axes["raster"], axes["traces"])
    traces(run, axes["traces"], limit=limit, label=label, legend=legend, **options)
    _draw_plane(axes["phase"], run, limit, label, legend, options)
    return axes


def limit(
    sol: Limit,
    *,
    figure: Figure | SubFigure | None = None,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> dict[str, Axes]:
    """Draw a solution of the limit equation against time and in the phase plane.

    Parameters
    ----------
    sol : Limit
        The solution.
    figure : Figure or SubFigure, optional
        Where to draw; by default in a new figure. In a narrow one the panels stand one above the other.
    label : str, optional
        Of the solution.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the lines of the solution, as of `Axes.plot`.

    Returns
    -------
    dict of Axes
        By name: ``"traces"``, ``"phase"``.

    Examples
    --------
    >>> sol = fc.solve_limit(fc.Model.example("memory"), 50.0, stimulus=fc.Pulse(5.0, 25.0, 3.0))
    >>> axes = fc.plot.limit(sol)
    """
    checks.instance("sol", sol, Limit)
    axes = _side_by_side(figure)
    traces(sol, axes["traces"], label=label, legend=legend, **options)
    _draw_plane(axes["phase"], sol, None, label, legend, options)
    return axes


def to_file(
    path: str | PathLike[str], draw: Callable[[Figure], Any], *, size: tuple[float, float] = (10.0, 5.0)
) -> None:
    """Write a figure to a file; no display is needed, and no window opens.

    Parameters
    ----------
    path : path-like
        Where to; the ending tells the format, PNG without one.
    draw : callable
        What draws in the figure that it is given.
    size : (float, float)
        Width and height in inches.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 100, 50.0, stimulus=fc.Pulse(5.0, 25.0, 3.0), rng=1)
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "run.png")
    >>> fc.plot.to_file(path, lambda figure: fc.plot.run(run, figure=figure))
    >>> path.exists()
    True
    """
    figure = Figure(figsize=size, layout="constrained")
    draw(figure)
    figure.savefig(path, dpi=200, format=Path(path).suffix[1:] or "png")


def share_time(upper: Axes, lower: Axes) -> None:
    """Give two panels, one above the other, one axis of time.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 100, 50.0, stimulus=fc.Pulse(5.0, 25.0, 3.0), rng=1)
    >>> import matplotlib.pyplot as plt
    >>> figure, (upper, lower) = plt.subplots(2)
    >>> ax = fc.plot.raster(run, upper)
    >>> ax = fc.plot.traces(run, lower)
    >>> fc.plot.share_time(upper, lower)
    """
    upper.sharex(lower)
    upper.tick_params(labelbottom=False)
    upper.set_xlabel("")


def _side_by_side(figure: Figure | SubFigure | None) -> dict[str, Axes]:
    return panels(figure, (10.0, 3.8), [["traces", "phase"]], [["traces"], ["phase"]], **_RATIOS)


def _draw_plane(
    ax: Axes,
    orbit: Orbit,
    limit: Limit | None,
    label: str | None,
    legend: Legend,
    options: dict[str, Any],
) -> None:
    orbits = [orbit] if limit is None else [orbit, limit]
    names = None if label is None else [label, LIMIT][: len(orbits)]
    phase_portrait(orbit.model, orbits, ax, label=names, legend=legend, **options)
