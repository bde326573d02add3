"""The slow passage in the phase plane: memory slides along the critical manifold and is kicked out at its fold."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .. import checks
from ..limit.slide import SlowPassage
from ..limit.slow_curve import CriticalManifold
from ..limit.solution import solve_limit
from ..model.stimulus import Pulse
from .layout import name_axes, new_axes
from .legends import Legend, add_legend
from .points import draw_hollow
from .style import look, merge, next_color


def critical_manifold(
    manifold: CriticalManifold,
    passage: SlowPassage | None = None,
    ax: Axes | None = None,
    *,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw the critical manifold, full where it attracts, and a memory that slides along it.

    Parameters
    ----------
    manifold : CriticalManifold
        The curve, with its folds.
    passage : SlowPassage, optional
        That of the same model and current: the limit equation's orbit from its start is drawn.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    label : str, optional
        Of the passage; by default its gain.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the curve, as of `Axes.plot`.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> ax = fc.plot.critical_manifold(fc.critical_manifold(model))
    """
    checks.instance("manifold", manifold, CriticalManifold)
    checks.instance("passage", passage, SlowPassage, type(None))
    if passage is not None and (passage.model, passage.current) != (manifold.model, manifold.current):
        raise ValueError(checks.wrong("passage", "one of the manifold's model and current", passage))
    ax = new_axes(ax)
    colors = look(ax)
    for attracting, line, name in [(True, "-", "(attracts)"), (False, "--", "(repels)")]:
        calcium = np.where(manifold.attracting == attracting, manifold.calcium, np.nan)
        if np.isfinite(calcium).any():
            own: dict[str, Any] = {
                "color": colors.potential,
                "ls": line,
                "lw": 1.8,
                "label": f"critical manifold {name}",
            }
            ax.plot(manifold.potential, calcium, **merge(own, options))
    folds = [(fold.potential, fold.calcium) for fold in manifold.folds]
    if folds:
        across, up = zip(*folds, strict=True)
        draw_hollow(ax, across, up, colors.ink, "o", "fold")
    u = manifold.potential
    rests = np.asarray(manifold.model.rate(u)) / manifold.model.lam
    ax.plot(u, rests, color=colors.calcium, lw=1.2, label=r"$\dot r = 0$")
    top = 1.5 * max([rests.max(), *(r for _, r in folds)])
    if passage is not None:
        end, start = 1.5 * passage.time, {"potential": passage.potential, "calcium": passage.calcium}
        orbit = solve_limit(passage.model, end, stimulus=Pulse(0.0, end, passage.current), **start)
        name = f"slide and kick: gain {passage.gain:.3g}" if label is None else label
        color = next_color(ax)
        ax.plot(orbit.potential, orbit.calcium, color=color, lw=1.6, zorder=3, label=name)
        ax.plot(passage.potential, passage.calcium, "o", color=color, ms=5.0, zorder=4, label="its start")
        top = max(top, 1.1 * passage.calcium)
    name_axes(ax, "mean potential $u$", "mean calcium $r$")
    ax.set(xlim=(0.0, u.max()), ylim=(0.0, top))
    add_legend(ax, show=legend)
    return ax
