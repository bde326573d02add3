"""The phase plane: mean potential to the right, mean calcium upwards."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from .. import checks
from ..limit.basin import basin
from ..limit.equilibria import Equilibrium, equilibria, nullclines
from ..limit.separatrix import separatrix
from ..limit.solution import Limit
from ..model.model import Model
from ..simulation.run import Run
from .style import CALCIUM, FAINT, INK, POTENTIAL, RUNS, SHADES, legend, new_axes

Span = tuple[float, float]


def phase_portrait(
    model: Model,
    runs: Run | Limit | Sequence[Run | Limit] = (),
    ax: Axes | None = None,
    *,
    potential: Span | None = None,
    calcium: Span | None = None,
    flow: bool = True,
    basins: bool = True,
) -> Axes:
    """Draw nullclines and equilibria of the limit equation, its basins and flow, and runs on top.

    Full dots are stable equilibria, open ones are not. Where there are several stable ones their basins are shaded,
    and the separatrices between them drawn: the memory threshold. All this is without current: during a pulse the
    equation is another one, and runs cross the arrows.

    Parameters
    ----------
    model : Model
        The model.
    runs : Run, Limit, or a sequence of them
        What to draw over it.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    potential, calcium : (float, float), optional
        The ranges to show; by default all equilibria and runs fit in.
    flow : bool
        Whether to show the direction of the flow, in light grey.
    basins : bool
        Whether to shade basins and draw separatrices.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 100, 50.0, stimulus=fc.Pulse(5.0, 25.0, 3.0), rng=1)
    >>> ax = fc.plot.phase_portrait(run.model, run)
    """
    checks.instance("model", model, Model)
    orbits = list(runs) if isinstance(runs, Sequence) else [runs]
    for orbit in orbits:
        checks.instance("runs", orbit, Run, Limit)
    points = equilibria(model)
    potential = potential or _span([p.potential for p in points], [o.potential for o in orbits])
    calcium = calcium or _span([p.calcium for p in points], [o.calcium for o in orbits])
    ax = new_axes(ax)
    if basins and sum(point.stable for point in points) > 1:
        _draw_basins(ax, model, points, potential, calcium)
    if flow:
        _draw_flow(ax, model, potential, calcium)
    _draw_nullclines(ax, model, potential)
    _draw_orbits(ax, orbits)
    _draw_equilibria(ax, points)
    ax.set(xlim=potential, ylim=calcium, xlabel="mean potential $u$", ylabel="mean calcium $r$")
    legend(ax, loc="lower right")
    return ax


def _span(points: list[float], curves: list[NDArray[np.float64]]) -> Span:
    """Return a range from just below 0, where rest lies, in which all the values fit."""
    top = 1.15 * max([0.0, *points, *(float(curve.max()) for curve in curves if len(curve))])
    return (-0.03 * top, top) if top > 0.0 else (-0.03, 1.0)


def _draw_flow(ax: Axes, model: Model, potential: Span, calcium: Span) -> None:
    u, r = (np.linspace(max(low, 0.0), high, 40) for low, high in (potential, calcium))
    plane = np.stack([axis.ravel() for axis in np.meshgrid(u, r)])
    du, dr = model.vector_field(0.0, plane).reshape(2, len(r), len(u))
    ax.streamplot(u, r, du, dr, color=FAINT, linewidth=0.5, arrowsize=0.6, density=0.9, zorder=0.5)


def _draw_basins(
    ax: Axes, model: Model, points: Sequence[Equilibrium], potential: Span, calcium: Span
) -> None:
    u, r = (np.linspace(max(low, 0.0), high, 300) for low, high in (potential, calcium))
    reached = basin(model, u, r[:, None])
    levels = np.arange(-1.5, len(points))
    colors = ["white" if k % 2 else SHADES[k // 2 % len(SHADES)] for k in range(-1, len(points))]
    ax.contourf(u, r, reached, levels=levels, colors=colors, zorder=0.1)
    saddles = [point for point in points if point.kind == "saddle"]
    for k in range(len(saddles)):
        curve = separatrix(model, saddle=k, calcium=max(calcium[1], 1e-9), tolerance=1e-5)
        label = None if k else "separatrix"
        ax.plot(curve.potential, curve.calcium, color=INK, lw=1.2, ls=(0, (5, 2)), zorder=1.5, label=label)


def _draw_nullclines(ax: Axes, model: Model, potential: Span) -> None:
    u = np.linspace(max(potential[0], 0.0), potential[1], 600)
    for calcium, color, label in zip(
        nullclines(model, u), (POTENTIAL, CALCIUM), (r"$\dot u = 0$", r"$\dot r = 0$"), strict=True
    ):
        ax.plot(u, calcium, color=color, lw=1.6, label=label)


def _draw_orbits(ax: Axes, orbits: Sequence[Run | Limit]) -> None:
    for k, orbit in enumerate(orbits):
        if isinstance(orbit, Run):
            line, color, label = "-", RUNS[k % len(RUNS)], f"$N = {orbit.n}$"
        else:
            line, color, label = "--", INK, r"limit $N\to\infty$"
        ax.plot(orbit.potential, orbit.calcium, line, color=color, lw=1.2, label=label)


def _draw_equilibria(ax: Axes, points: Sequence[Equilibrium]) -> None:
    for stable, face, label in ((True, INK, "stable"), (False, "white", "unstable")):
        u = [point.potential for point in points if point.stable == stable]
        r = [point.calcium for point in points if point.stable == stable]
        if u:
            ax.plot(u, r, "o", ms=6.5, mfc=face, mec=INK, mew=1.3, zorder=5, clip_on=False, label=label)
