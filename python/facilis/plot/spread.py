"""The picture of many networks: their mean, and between which values they are."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.typing import ColorType as Color

from .. import checks
from ..replicates.ensemble import Ensemble, Quantity
from .layout import mark_stimulus, name_axes, panels, span_time
from .legends import Legend, add_legend
from .style import BAND, look, merge

_SHARES = ((0.9, 0.18), (0.5, BAND))  # of the networks, and how dark


def ensemble(
    result: Ensemble,
    *,
    figure: Figure | SubFigure | None = None,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> dict[str, Axes]:
    """Draw the mean across networks against time, and the bands in which half and 90 % of them are.

    The bands are between quantiles. So they tell the truth where some networks have forgotten and others have not,
    of which a standard deviation knows nothing.

    Parameters
    ----------
    result : Ensemble
        An ensemble with a grid.
    figure : Figure or SubFigure, optional
        Where to draw; by default in a new figure.
    label : str, optional
        Of the mean.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the mean, as of `Axes.plot`.

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
    axes = panels(figure, (8.0, 5.0), [["potential"], ["calcium"]], sharex=True)
    upper, lower = axes["potential"], axes["calcium"]
    name = f"mean of {len(result.index)} networks" if label is None else label
    _draw_spread(upper, result, "potential", look(upper).potential, name, options)
    _draw_spread(lower, result, "calcium", look(lower).calcium, name, options)
    span_time(lower, result.t[0], result.t[-1])
    add_legend(lower, show=legend)
    return axes


def _draw_spread(
    ax: Axes, result: Ensemble, quantity: Quantity, color: Color, label: str, options: dict[str, Any]
) -> None:
    marker = "." if len(result.t) == 1 else ""
    own: dict[str, Any] = {"color": color, "lw": 1.3, "marker": marker, "label": label}
    (line,) = ax.plot(result.t, result.mean(quantity), **merge(own, options))
    some = result.count() > 0
    if len(result.index) > 1 and some.any():
        values = getattr(result, quantity)[:, some]
        for share, dark in _SHARES:
            ends = np.nanquantile(values, [0.5 - share / 2.0, 0.5 + share / 2.0], axis=0)
            band: dict[str, Any] = {
                "color": line.get_color(),
                "alpha": dark,
                "lw": 0.0,
                "label": f"{share:.0%} of them",
            }
            ax.fill_between(result.t[some], *ends, **band)
    mark_stimulus(ax, result.stimulus)
    ax.set_ylim(bottom=0.0)
    name_axes(ax, "time" if quantity == "calcium" else "", f"mean {quantity}")
