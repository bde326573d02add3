"""The slow passage in the phase plane: memory slides along the critical manifold and is kicked out at its fold."""

import numpy as np
from matplotlib.axes import Axes

from .. import checks
from ..limit.slide import SlowPassage
from ..limit.slow_curve import CriticalManifold
from ..limit.solution import solve_limit
from .style import CALCIUM, INK, POTENTIAL, RUNS, legend, new_axes


def critical_manifold(
    manifold: CriticalManifold, passage: SlowPassage | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the critical manifold, full where it attracts, and a memory that slides along it.

    Parameters
    ----------
    manifold : CriticalManifold
        The curve, with its folds.
    passage : SlowPassage, optional
        That of the same model, which must have no current: the limit equation's orbit from its start is drawn.
    ax : Axes, optional
        Where to draw; by default in a new figure.

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
    if passage is not None and manifold.current != 0.0:
        raise ValueError(checks.wrong("manifold", "one without current, to draw a passage", manifold))
    ax = new_axes(ax)
    for attracting, line, label in [(True, "-", "it attracts"), (False, "--", "it repels")]:
        calcium = np.where(manifold.attracting == attracting, manifold.calcium, np.nan)
        if np.isfinite(calcium).any():
            label = f"critical manifold, where {label}"
            ax.plot(manifold.potential, calcium, line, color=POTENTIAL, lw=1.8, label=label)
    folds = [(fold.potential, fold.calcium) for fold in manifold.folds]
    if folds:
        ax.plot(*zip(*folds, strict=True), "o", ms=6.5, mfc="white", mec=INK, mew=1.3, zorder=5, label="fold")
    u = manifold.potential
    rests = np.asarray(manifold.model.rate(u)) / manifold.model.lam
    ax.plot(u, rests, color=CALCIUM, lw=1.2, label=r"$\dot r = 0$")
    top = 1.5 * max([rests.max(), *(r for _, r in folds)])
    if passage is not None:
        orbit = solve_limit(
            manifold.model, 1.5 * passage.time, potential=passage.potential, calcium=passage.calcium
        )
        label = f"slide and kick: gain {passage.gain:.3g}"
        ax.plot(orbit.potential, orbit.calcium, color=RUNS[0], lw=1.6, zorder=4, label=label)
        top = max(top, 1.1 * passage.calcium)
    ax.set(xlabel="mean potential $u$", ylabel="mean calcium $r$", ylim=(0.0, top))
    ax.set_xlim(0.0, u.max())
    legend(ax, loc="best")
    return ax
