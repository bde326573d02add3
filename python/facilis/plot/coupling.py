"""Pictures of propagation of chaos."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from .. import checks
from ..simulation.coupled import Coupled
from .layout import mark_stimulus, name_axes, panels, span_time
from .legends import Legend, add_legend
from .style import look, merge


def coupled(
    result: Coupled,
    *,
    figure: Figure | SubFigure | None = None,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> dict[str, Axes]:
    """Draw a network over its limit copies, and how far each neuron is from its own.

    Parameters
    ----------
    result : Coupled
        A network and its limit copies.
    figure : Figure or SubFigure, optional
        Where to draw; by default in a new figure.
    label : str, optional
        Of the network; by default its number of neurons.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the network's lines, as of `Axes.plot`.

    Returns
    -------
    dict of Axes
        By name: ``"potential"``, ``"calcium"``, ``"error"``.

    Examples
    --------
    >>> cpl = fc.couple(fc.Model.example("bistable"), 1000, 20.0, potential=2.0, calcium=9.0, rng=1)
    >>> axes = fc.plot.coupled(cpl)
    """
    checks.instance("result", result, Coupled)
    axes = panels(figure, (7.0, 6.0), [["potential"], ["calcium"], ["error"]], sharex=True)
    own = look(axes["error"])
    name = f"network, $N = {result.n}$" if label is None else label
    for mean, color in (("potential", own.potential), ("calcium", own.calcium)):
        ax = axes[mean]
        ax.plot(result.t, getattr(result, mean), **merge({"color": color, "lw": 1.2, "label": name}, options))
        ax.plot(result.t, getattr(result, f"limit_{mean}"), "--", color=own.ink, lw=1.0, label="limit copies")
        name_axes(ax, "", f"mean {mean}")
    error = axes["error"]
    error.plot(result.t, result.calcium_error, color=own.runs[0], lw=1.2, label="mean distance")
    error.set_ylim(bottom=0.0)
    name_axes(error, "time", "distance of calcium")
    for ax in axes.values():
        mark_stimulus(ax, result.stimulus)
    span_time(error, result.t[0], result.t[-1])
    add_legend(error, axes["potential"], show=legend)
    return axes
