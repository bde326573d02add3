"""Pictures in the plane of two parameters: where equilibria are born and merge."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from .. import checks
from ..limit.equilibria import equilibria
from ..limit.fold_lines import FoldCurve
from ..limit.parameter import Parameter
from .layout import name_axes, new_axes
from .legends import Legend, add_legend
from .points import draw_hollow
from .style import look, merge

_NAMES = {
    "alpha": r"synaptic strength $\alpha$",
    "beta": r"decay rate of potential $\beta$",
    "lam": r"decay rate of calcium $\lambda$",
    "kappa": r"$\kappa = \alpha/(\beta\lambda)$",
    "current": r"constant current $I$",
}
_CELLS = 121  # along each axis, in which the stable equilibria are counted


def parameter_label(name: str) -> str:
    """Return the label of an axis along which a parameter varies."""
    return _NAMES.get(name, f"the rate's `{name.removeprefix('rate.')}`")


def fold_curve(curve: FoldCurve, ax: Axes | None = None, *, legend: Legend = True, **options: Any) -> Axes:
    """Draw folds in the plane of two parameters, over a shade where there are two stable equilibria or more.

    Parameters
    ----------
    curve : FoldCurve
        From `facilis.fold_curve`.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the lines, as of `Axes.plot`.

    Returns
    -------
    Axes
        The axes drawn in. The first parameter is the horizontal one; lines that go to infinity are shown up to four
        times its value in the model, or 1.2 times that of the cusps if this is more.

    Examples
    --------
    >>> curve = fc.fold_curve(fc.Model.example("memory"), "alpha", "current", 0.0, 1.0)
    >>> ax = fc.plot.fold_curve(curve)
    """
    checks.instance("curve", curve, FoldCurve)
    ax = new_axes(ax)
    colors, right = look(ax), _right(curve)
    x, y = np.linspace(1e-3 * right, right, _CELLS), np.linspace(curve.low, curve.high, _CELLS)
    several = [[sum(state.stable for state in equilibria(*curve.at(a, b))) >= 2 for a in x] for b in y]
    if np.any(several):
        shade = to_rgba(colors.potential, 0.15)
        ax.contourf(x, y, np.array(several, dtype=float), levels=[0.5, 1.5], colors=[shade])
        ax.fill([], [], color=shade, label="two stable states")
    for k in range(int(curve.line.max(initial=-1)) + 1):
        line = curve.line == k
        own: dict[str, Any] = {"color": colors.potential, "lw": 1.6, "label": None if k else "fold"}
        ax.plot(curve.first[line], curve.second[line], **merge(own, options))
    if curve.cusps:
        cusps = np.array([(cusp.first, cusp.second) for cusp in curve.cusps])
        draw_hollow(ax, cusps[:, 0], cusps[:, 1], colors.ink, "o", "cusp")
    ax.set(xlim=(0.0, right), ylim=(curve.low, curve.high))
    name_axes(ax, *(parameter_label(name) for name in curve.parameters))
    add_legend(ax, show=legend)
    return ax


def _right(curve: FoldCurve) -> float:
    """Return where the horizontal axis ends."""
    most = 1.05 * float(curve.first.max(initial=0.0))
    own = Parameter(curve.parameters[0], curve.model, curve.current).own()
    if own is not None:
        most = min(most, max([4.0 * own, *(1.2 * cusp.first for cusp in curve.cusps)]))
    return most if most > 0.0 else 1.0
