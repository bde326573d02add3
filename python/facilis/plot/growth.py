"""The picture of memory times against the number of neurons, and the parts of it that others have too."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer

from .. import checks
from ..memory.scaling import Scaling
from .layout import log_numbers, name_axes, new_axes
from .legends import Legend, add_legend
from .points import draw_hollow, draw_points
from .style import next_color


def scaling(
    result: Scaling,
    ax: Axes | None = None,
    *,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw the mean memory time, on a scale of logarithms, against the number of neurons.

    On this scale an escape is a straight line, a ghost levels off.

    Parameters
    ----------
    result : Scaling
        Memory times of several sizes, with their 95 % intervals; an open triangle is a lower bound, and a
        mean that is not to be relied on (see `MemoryTimes.doubt`) an open circle.
    ax : Axes, optional
        Where to draw; by default in a new figure. Results that are drawn in one Axes have a colour each.
    label : str, optional
        Of the points; by default the verdict is the label.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the points and their line, as of `Axes.errorbar`.

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
    name = result.verdict if label is None else label
    points = draw_means(ax, result, options, color=next_color(ax), label=name)
    color = points.lines[0].get_color()
    doubtful = known & [one.doubt() is not None for one in result.times]
    if doubtful.any():
        draw_hollow(ax, result.n[doubtful], result.mean[doubtful], color, "o", "not to be relied on")
    if not known.all():
        draw_hollow(ax, result.n[~known], result.low[~known], color, "^", "lower bound")
    name_growth(ax, "mean memory time")
    add_legend(ax, show=legend)
    return ax


def draw_means(ax: Axes, result: Scaling, options: Mapping[str, Any], **own: Any) -> ErrorbarContainer:
    """Draw the mean memory times that are known, with their intervals."""
    known = np.isfinite(result.high)
    ends = [one[known] for one in (result.mean, result.low, result.high)]
    return draw_points(ax, result.n[known], ends, options, **own)


def name_growth(ax: Axes, time: str) -> None:
    """Name the axes of a time, on a scale of logarithms, against the number of neurons."""
    ax.set_yscale("log")
    log_numbers(ax.yaxis)
    name_axes(ax, "neurons $N$", time)
