"""The phase plane: mean potential to the right, mean calcium upwards."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from .. import checks
from ..limit.basin import basin
from ..limit.equilibria import Equilibrium, equilibria, nullclines
from ..limit.separatrix import separatrix
from ..limit.solution import Limit
from ..model.model import Model
from .layout import name_axes, new_axes
from .legends import Legend, add_legend
from .named import NETWORKS, Label, Orbit, Orbits, named, names_of
from .style import look, merge, next_color

Span = tuple[float, float]


def phase_portrait(
    model: Model,
    runs: Orbits = (),
    ax: Axes | None = None,
    *,
    current: float = 0.0,
    potential: Span | None = None,
    calcium: Span | None = None,
    flow: bool = True,
    basins: bool = True,
    label: Label = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw nullclines and equilibria of the limit equation, its basins and flow, and runs on top.

    Full dots are stable equilibria, open ones are not. Where there are several stable ones the basins of all but
    the lowest are shaded, and the separatrices drawn as broad lines: the memory threshold. All this is for a
    constant current, by default none: during a pulse the equation is another one, and runs cross the arrows.

    Parameters
    ----------
    model : Model
        The model.
    runs : Run, ReactivePath, Limit, a sequence of them, or a mapping from names to them
        What to draw over it.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    current : float
        The constant current of the picture, finite, >= 0; that of a pulse shows what drives a network during it.
    potential, calcium : (float, float), optional
        The ranges to show; by default all equilibria and runs fit in.
    flow : bool
        Whether to show the direction of the flow, in light grey.
    basins : bool
        Whether to shade basins and draw separatrices.
    label : str or sequence of str, optional
        Of each run; by default its number of neurons.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the lines of runs, or of solutions where there is no run, as of `Axes.plot`.

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
    orbits = named("runs", runs, label, *NETWORKS, Limit)
    if not orbits:
        Line2D([], [], **options)  # which refuses what would be ignored
    points = equilibria(model, current)
    potential = potential or _span([p.potential for p in points], [o.potential for _, o in orbits])
    calcium = calcium or _span([p.calcium for p in points], [o.calcium for _, o in orbits])
    ax = new_axes(ax)
    if basins and sum(point.stable for point in points) > 1:
        _draw_basins(ax, model, current, points, potential, calcium)
    if flow:
        _draw_flow(ax, model, current, potential, calcium)
    _draw_nullclines(ax, model, current, potential)
    _draw_orbits(ax, orbits, options)
    inside = [p for p in points if _within(potential, p.potential) and _within(calcium, p.calcium)]
    _draw_equilibria(ax, inside)
    name_axes(ax, "mean potential $u$", "mean calcium $r$")
    ax.set(xlim=potential, ylim=calcium)
    add_legend(ax, show=legend)
    return ax


def _span(points: list[float], curves: list[NDArray[np.float64]]) -> Span:
    """Return a range from just below 0, where rest lies, in which all the values fit."""
    top = 1.15 * max([0.0, *points, *(float(curve.max()) for curve in curves if len(curve))])
    return (-0.03 * top, top) if top > 0.0 else (-0.03, 1.0)


def _within(span: Span, value: float) -> bool:
    return span[0] <= value <= span[1]


def _draw_flow(ax: Axes, model: Model, current: float, potential: Span, calcium: Span) -> None:
    u, r = (np.linspace(max(low, 0.0), high, 40) for low, high in (potential, calcium))
    plane = np.stack([axis.ravel() for axis in np.meshgrid(u, r)])
    du, dr = model.vector_field(0.0, plane, current).reshape(2, len(r), len(u))
    grey = look(ax).faint(0.3)
    ax.streamplot(u, r, du, dr, color=grey, linewidth=0.5, arrowsize=0.6, density=0.9, zorder=0.5)


def _draw_basins(
    ax: Axes, model: Model, current: float, points: Sequence[Equilibrium], potential: Span, calcium: Span
) -> None:
    u, r = (np.linspace(max(low, 0.0), high, 300) for low, high in (potential, calcium))
    reached = basin(model, u, r[:, None], current=current)
    own = look(ax)
    stable = [k for k, point in enumerate(points) if point.stable]
    for j, k in enumerate(stable[1:]):
        shade = to_rgba(own.cycle[j % len(own.cycle)], 0.16)
        inside = np.where(reached == k, 1.0, 0.0)
        ax.contourf(u, r, inside, levels=[0.5, 1.5], colors=[shade], zorder=0.1)
        ax.fill_between([], [], [], color=shade, lw=0.0, label=f"basin of $u = {points[k].potential:.3g}$")
    saddles = [point for point in points if point.kind == "saddle"]
    for k in range(len(saddles)):
        height = max(calcium[1], 1e-9)
        curve = separatrix(model, saddle=k, current=current, calcium=height, tolerance=1e-5)
        broad: dict[str, Any] = {
            "color": own.ink,
            "alpha": 0.4,
            "lw": 3.5,
            "solid_capstyle": "butt",
            "zorder": 1.5,
        }
        ax.plot(curve.potential, curve.calcium, label=None if k else "separatrix", **broad)


def _draw_nullclines(ax: Axes, model: Model, current: float, potential: Span) -> None:
    u, own = np.linspace(max(potential[0], 0.0), potential[1], 600), look(ax)
    lines = zip(nullclines(model, u, current), (own.potential, own.calcium), "ur", strict=True)
    for calcium, color, name in lines:
        ax.plot(u, calcium, color=color, lw=1.6, label=rf"$\dot {name} = 0$")


def _draw_orbits(ax: Axes, orbits: list[tuple[str | None, Orbit]], options: Mapping[str, Any]) -> None:
    alike = len({type(orbit) for _, orbit in orbits}) == 1
    for name, (_, orbit) in zip(names_of(orbits), orbits, strict=True):
        is_run = isinstance(orbit, NETWORKS)
        own: dict[str, Any] = {"lw": 1.2, "label": name, "zorder": 3.0}
        own |= {"color": next_color(ax)} if is_run else {"color": look(ax).ink, "ls": "--"}
        ax.plot(orbit.potential, orbit.calcium, **merge(own, options if is_run or alike else {}))


def _draw_equilibria(ax: Axes, points: Sequence[Equilibrium]) -> None:
    own = look(ax)
    for stable, face, label in ((True, own.ink, "stable"), (False, own.paper, "unstable")):
        u = [point.potential for point in points if point.stable == stable]
        r = [point.calcium for point in points if point.stable == stable]
        if u:
            ax.plot(u, r, "o", ms=6.5, mfc=face, mec=own.ink, mew=1.3, zorder=5, clip_on=False, label=label)
