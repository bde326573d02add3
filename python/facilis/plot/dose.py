"""The picture of a dose-response study."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .. import checks
from ..memory.dose import DoseResponse
from .layout import log_numbers, name_axes, new_axes
from .legends import Legend, add_legend
from .named import Label, named
from .points import draw_points
from .style import next_color

_WIDE = 20.0  # a ratio of currents from which on they are drawn on a scale of logarithms


def dose_response(
    result: DoseResponse,
    ax: Axes | None = None,
    *,
    label: Label = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw the share of networks that remember against the current, one curve for each duration.

    Parameters
    ----------
    result : DoseResponse
        The shares, with their 95 % intervals; the limit's thresholds among these
        currents are dotted. Currents of many sizes are on a scale of logarithms.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    label : str or sequence of str, optional
        Of each duration.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the curves, as of `Axes.errorbar`.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> found = fc.dose_response(
    ...     fc.Model.example("memory"), 30, durations=[20.0], currents=[0.5, 1.0, 2.0],
    ...     region=fc.Region.potential_above(0.7), replicates=50, rng=1,
    ... )
    >>> ax = fc.plot.dose_response(found)
    """
    checks.instance("result", result, DoseResponse)
    lengths = named("result", list(result.duration), label, float)
    ax = new_axes(ax)
    order = np.argsort(result.current)
    current = result.current[order]
    if current[0] > 0.0 and current[-1] > _WIDE * current[0]:
        ax.set_xscale("log")
    curves = []
    for k, _ in enumerate(lengths):
        ends = [one[k, order] for one in (result.share, result.low, result.high)]
        curves.append(draw_points(ax, current, ends, options, color=next_color(ax)))
    # A threshold far beyond the currents would squeeze the curves; the legend tells it.
    left, right = ax.get_xlim()
    told = "threshold of the limit"
    for curve, (name, duration), threshold in zip(curves, lengths, result.threshold, strict=True):
        own = f"duration {duration:g}" if name is None else name
        if left <= threshold <= right:
            ax.axvline(threshold, color=curve.lines[0].get_color(), lw=1.2, ls=":", label=told)
        elif not np.isnan(threshold):
            own += f" (threshold {threshold:.3g})"
        curve.set_label(own)
    if ax.get_xscale() == "log":
        log_numbers(ax.xaxis)
    ax.set_ylim(-0.03, 1.03)
    name_axes(ax, "current of the pulse", "share that remember")
    add_legend(ax, show=legend)
    return ax
