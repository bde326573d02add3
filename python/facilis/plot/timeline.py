"""Pictures against time: which neuron spiked when, and the means over neurons."""

import numpy as np
from matplotlib.axes import Axes

from .. import checks
from ..limit.solution import Limit
from ..simulation.run import Run
from .style import CALCIUM, INK, POTENTIAL, legend, mark_stimulus, new_axes, span_time


def raster(run: Run, ax: Axes | None = None, *, most: int = 400) -> Axes:
    """Draw a dot for each spike: time to the right, neurons upwards.

    Parameters
    ----------
    run : Run
        A run that kept its spikes.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    most : int
        How many neurons to show at most, the first ones that were kept; the label of the axis says how many.

    Returns
    -------
    Axes
        The axes drawn in.

    Raises
    ------
    ValueError
        If the run kept no spikes.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 100, 50.0, stimulus=fc.Pulse(5.0, 25.0, 3.0), rng=1)
    >>> ax = fc.plot.raster(run)
    """
    checks.instance("run", run, Run)
    checks.count("most", most)
    if run.spikes is None:
        raise ValueError("run must have kept its spikes, and was simulated with spikes=False")
    ax = new_axes(ax)
    chosen = run.spikes.chosen
    rows = np.arange(min(run.n, most)) if chosen is None else np.sort(chosen)[:most]
    drawn = np.isin(run.spikes.neuron, rows)
    height = np.searchsorted(rows, run.spikes.neuron[drawn])
    size = _dot_size(ax, len(rows))
    ax.plot(run.spikes.time[drawn], height, ".", color=INK, ms=size, mew=0, rasterized=True)
    mark_stimulus(ax, run.stimulus)
    ax.set(ylim=(-0.5, max(len(rows), 1) - 0.5), xlabel="time")
    span_time(ax, run.t_start, run.final.t)
    ax.set_ylabel("neuron" if len(rows) == run.n else f"neuron ({len(rows)} of {run.n})")
    return ax


def traces(run: Run | Limit, ax: Axes | None = None, *, limit: Limit | None = None) -> Axes:
    """Draw the mean potential (left scale) and the mean calcium (right scale) against time.

    Parameters
    ----------
    run : Run or Limit
        A run with a grid, or a solution of the limit equation.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    limit : Limit, optional
        Drawn over the run, dashed.

    Returns
    -------
    Axes
        The axes drawn in, which carries the potential; calcium is on its twin.

    Raises
    ------
    ValueError
        If the run has no means over neurons.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 100, 50.0, stimulus=fc.Pulse(5.0, 25.0, 3.0), rng=1)
    >>> ax = fc.plot.traces(run, limit=fc.solve_limit(run.model, 50.0, stimulus=run.stimulus))
    """
    checks.instance("run", run, Run, Limit)
    if limit is not None:
        checks.instance("limit", limit, Limit)
    if not len(run.t):
        raise ValueError("run must have means to draw, and has none: no time of its grid was reached")
    ax = new_axes(ax)
    twin = ax.twinx()
    twin.spines[["top", "left"]].set_visible(False)
    for axis, name, color in ((ax, "potential", POTENTIAL), (twin, "calcium", CALCIUM)):
        mark = "." if len(run.t) == 1 else "-"
        axis.plot(run.t, getattr(run, name), mark, color=color, lw=1.3, label=f"mean {name}")
        if limit is not None:
            axis.plot(limit.t, getattr(limit, name), "--", color=INK, lw=1.0)
        axis.set_ylabel(f"mean {name}", color=color)
        axis.tick_params(axis="y", colors=color)
        axis.set_ylim(bottom=0.0)
    if limit is not None:
        twin.plot([], [], "--", color=INK, lw=1.0, label=r"limit $N\to\infty$")
    mark_stimulus(ax, run.stimulus)
    ax.set_xlabel("time")
    span_time(ax, run.t[0], run.t[-1])
    # Above, since the twin can't see what it would hide below.
    legend(ax, twin, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, columnspacing=1.2)
    return ax


def _dot_size(ax: Axes, rows: int) -> float:
    """Return a diameter in points that lets rows touch but not cover each other."""
    height = ax.get_window_extent().height * 72.0 / ax.figure.dpi
    return float(np.clip(1.4 * height / max(rows, 1), 0.7, 3.0))
