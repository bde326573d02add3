"""Pictures of memory times and of ensembles."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from .. import checks
from ..memory import exponential
from ..memory.scaling import Scaling
from ..memory.survival import Survival
from ..memory.times import MemoryTimes
from ..replicates.ensemble import Ensemble, Quantity
from .style import CALCIUM, INK, POTENTIAL, RUNS, mark_stimulus, new_axes, new_figure, note_below, span_time


def survival(
    curve: Survival | MemoryTimes,
    ax: Axes | None = None,
    *,
    color: str = RUNS[0],
    label: str | None = None,
) -> Axes:
    """Draw the probability that a network still remembers, against the time since the stimulus.

    Parameters
    ----------
    curve : Survival or MemoryTimes
        The curve, with its 95 % band.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    color, label : str, optional
        Of the curve.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.0, "calcium": 9.0, "rng": 1}
    >>> times = fc.memory_times(fc.Model.example("memory"), 20, 1e4, region=region, replicates=50, **start)
    >>> ax = fc.plot.survival(times.survival(), label="20 neurons")
    """
    checks.instance("curve", curve, Survival, MemoryTimes)
    if isinstance(curve, MemoryTimes):
        curve = curve.survival()
    ax = new_axes(ax)
    ax.fill_between(curve.t, curve.low, curve.high, step="post", color=color, alpha=0.25, lw=0)
    ax.step(curve.t, curve.probability, where="post", color=color, lw=1.5, label=label)
    ax.set(ylim=(0.0, 1.03), xlabel="time since the stimulus", ylabel="probability to remember")
    ax.set_xlim(left=0.0, auto=True)  # so that a longer curve still fits in
    return ax


def memory_times(times: MemoryTimes, *, figure: Figure | SubFigure | None = None) -> dict[str, Axes]:
    """Draw the survival curve of memory times and, dashed, the shifted exponential law fitted to them.

    Where the mean is not to be relied on, the reason stands under the curve.

    Parameters
    ----------
    times : MemoryTimes
        The memory times.
    figure : Figure or SubFigure, optional
        Where to draw; by default in a new figure.

    Returns
    -------
    dict of Axes
        By name: ``"survival"``.

    Examples
    --------
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.0, "calcium": 9.0, "rng": 1}
    >>> times = fc.memory_times(fc.Model.example("memory"), 20, 1e4, region=region, replicates=50, **start)
    >>> axes = fc.plot.memory_times(times)
    """
    checks.instance("times", times, MemoryTimes)
    ax = new_figure(figure, (6.0, 3.6)).add_subplot()
    curve = times.survival()
    survival(curve, ax, label=f"{len(times.time)} networks, $N = {times.n}$")
    shift, excess, exits = exponential.fit(times.time, times.exited)
    if exits and 0.0 < excess < np.inf:
        t = np.linspace(shift, curve.t[-1], 400)
        law = np.exp(-(t - shift) * exits / excess)
        ax.plot(t, law, "--", color=INK, lw=1.0, label="shifted exponential")
    ax.legend(frameon=False, fontsize="small")
    if (reason := times.doubt()) is not None:
        note_below(ax, f"Mean not to be relied on: {reason}.")
    return {"survival": ax}


def scaling(
    result: Scaling, ax: Axes | None = None, *, color: str = RUNS[0], label: str | None = None
) -> Axes:
    """Draw the mean memory time, on a scale of logarithms, against the number of neurons.

    On this scale an escape is a straight line, a ghost levels off.

    Parameters
    ----------
    result : Scaling
        Memory times of several sizes, with their 95 % intervals; an open triangle is a lower bound.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    color, label : str, optional
        Of the points; by default the verdict is the label.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.0, "calcium": 9.0, "rng": 1}
    >>> scaling = fc.memory_scaling(model, [10, 20, 40], 1e4, region=region, replicates=100, **start)
    >>> ax = fc.plot.scaling(scaling)
    """
    checks.instance("result", result, Scaling)
    ax = new_axes(ax)
    known = np.isfinite(result.high)
    label = result.verdict if label is None else label
    n, mean = result.n[known], result.mean[known]
    bars = np.stack([mean - result.low[known], result.high[known] - mean])
    ax.errorbar(n, mean, bars, fmt="o-", color=color, ms=4, lw=1.0, capsize=2, label=label)
    ax.plot(result.n[~known], result.low[~known], "^", color=color, ms=6, mfc="white")
    ax.set(yscale="log", xlabel="neurons $N$", ylabel="mean memory time")
    ax.legend(frameon=False, fontsize="small")
    return ax


def ensemble(result: Ensemble, *, figure: Figure | SubFigure | None = None) -> dict[str, Axes]:
    """Draw the mean across networks, and one standard deviation to each side, against time.

    Parameters
    ----------
    result : Ensemble
        An ensemble with a grid.
    figure : Figure or SubFigure, optional
        Where to draw; by default in a new figure.

    Returns
    -------
    dict of Axes
        By name: ``"potential"``, ``"calcium"``.

    Examples
    --------
    >>> ens = fc.ensemble(fc.Model.example("memory"), 50, 20.0, replicates=10, potential=2.0, calcium=9.0, rng=1)
    >>> axes = fc.plot.ensemble(ens)
    """
    checks.instance("result", result, Ensemble)
    if not len(result.t):
        raise ValueError("ensemble must have means to draw, and was simulated with grid=None")
    axes = new_figure(figure, (8.0, 5.0)).subplot_mosaic([["potential"], ["calcium"]], sharex=True)
    _draw_spread(axes["potential"], result, "potential", POTENTIAL)
    _draw_spread(axes["calcium"], result, "calcium", CALCIUM)
    axes["calcium"].set_xlabel("time")
    span_time(axes["calcium"], result.t[0], result.t[-1])
    return axes


def _draw_spread(ax: Axes, result: Ensemble, name: Quantity, color: str) -> None:
    mean = result.mean(name)
    new_axes(ax)
    if len(result.index) > 1:
        spread = result.std(name)
        ax.fill_between(result.t, mean - spread, mean + spread, color=color, alpha=0.25, lw=0)
    ax.plot(result.t, mean, "." if len(result.t) == 1 else "-", color=color, lw=1.3)
    mark_stimulus(ax, result.stimulus)
    ax.set_ylim(bottom=0.0)
    ax.set_ylabel(f"mean {name}")
