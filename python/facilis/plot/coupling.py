"""Pictures of propagation of chaos."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from .. import checks
from ..simulation.coupled import Coupled
from .style import CALCIUM, INK, POTENTIAL, legend, mark_stimulus, new_figure


def coupled(result: Coupled, *, figure: Figure | SubFigure | None = None) -> dict[str, Axes]:
    """Draw a network over its limit copies, and how far each neuron is from its own.

    Parameters
    ----------
    result : Coupled
    figure : Figure or SubFigure, optional
        Where to draw; by default in a new figure.

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
    axes = new_figure(figure, (7.0, 6.0)).subplot_mosaic([["potential"], ["calcium"], ["error"]], sharex=True)
    for name, color in (("potential", POTENTIAL), ("calcium", CALCIUM)):
        ax = axes[name]
        ax.plot(result.t, getattr(result, name), color=color, lw=1.2, label=f"network, n = {result.n:,}")
        limit = getattr(result, f"limit_{name}")
        ax.plot(result.t, limit, color=INK, lw=1.2, ls="--", label="limit copies")
        ax.set_ylabel(f"mean {name}")
    axes["error"].plot(result.t, result.calcium_error, color=INK, lw=1.2)
    axes["error"].set(ylabel="mean distance\nof calcium", xlabel="time", ylim=(0.0, None))
    for ax in axes.values():
        ax.spines[["top", "right"]].set_visible(False)
        mark_stimulus(ax, result.stimulus)
    legend(axes["potential"])
    return axes
