"""Pictures of rare events: exponents, ways out, mean lives, and the law of networks that linger."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .. import checks
from ..limit.linear_noise import linear_noise
from ..memory.estimate import Estimate
from ..memory.scaling import Scaling
from ..rare.action import EscapeAction
from ..rare.lingering_law import QuasiStationary
from ..rare.mean import MeanMemory
from ..rare.reactive import ReactivePath
from .cloud import draw_cloud, draw_ellipse
from .growth import draw_means, name_growth
from .layout import name_axes, new_axes
from .legends import Legend, add_legend
from .plane import phase_portrait
from .points import draw_points
from .style import look, merge, next_color


def action(
    actions: EscapeAction | Sequence[EscapeAction],
    scalings: Sequence[Scaling] = (),
    ax: Axes | None = None,
    *,
    lives: Sequence[MeanMemory] = (),
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw the exponent of escape and its upper bound against the synaptic strength, and slopes that were measured.

    Parameters
    ----------
    actions : EscapeAction, or a sequence of them
        Those of models that differ in alpha.
    scalings : sequence of Scaling
        Memory times against the number of neurons; the slope of each is drawn at its model's alpha, with its 95 %
        interval.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    lives : sequence of MeanMemory
        Mean lives by splitting; from two sizes or more of the same alpha comes a slope, drawn like the others.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the curve of exponents, as of `Axes.plot`.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> ax = fc.plot.action(fc.escape_action(fc.Model.example("bistable")))
    """
    found = _several("actions", actions, EscapeAction)
    found.sort(key=lambda one: one.model.alpha)
    ax = new_axes(ax)
    colors = look(ax)
    alpha = [one.model.alpha for one in found]
    own: dict[str, Any] = {"color": colors.potential, "marker": "o", "ms": 4.0, "label": "exponent $V$"}
    ax.plot(alpha, [one.exponent for one in found], **merge(own, options))
    ax.plot(alpha, [one.upper for one in found], "--", color=colors.calcium, label="upper bound $V_1$")
    small = [(one.times[0].model.alpha, one.exponent) for one in _several("scalings", scalings, Scaling)]
    large = _slopes(_several("lives", lives, MeanMemory))
    for slopes, marker, kind in [(small, "s", "by plain simulation"), (large, "D", "by splitting")]:
        if slopes:
            places, values = zip(*slopes, strict=True)
            ends = [[getattr(slope, end) for slope in values] for end in ("value", "low", "high")]
            own = {"color": colors.ink, "ls": "", "marker": marker, "mfc": colors.paper}
            draw_points(ax, places, ends, {}, **own, label=rf"slope of $\log T$ against $N$, {kind}")
    name_axes(ax, r"synaptic strength $\alpha$", "exponent per neuron")
    ax.set_ylim(bottom=0.0)
    add_legend(ax, show=legend)
    return ax


def way_out(
    action: EscapeAction,
    paths: ReactivePath | Sequence[ReactivePath] = (),
    ax: Axes | None = None,
    *,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw the most likely way out of a state in the phase plane, and paths of networks that left it.

    Parameters
    ----------
    action : EscapeAction
        The way out.
    paths : ReactivePath, or a sequence of them
        From `ExitProbability.paths`.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the most likely way out, as of `Axes.plot`.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> ax = fc.plot.way_out(fc.escape_action(fc.Model.example("bistable")))
    """
    checks.instance("action", action, EscapeAction)
    ways = _several("paths", paths, ReactivePath)
    ax = new_axes(ax)
    color = next_color(ax)
    for k, path in enumerate(ways):
        label = None if k else "networks that forgot"
        ax.plot(path.potential, path.calcium, color=color, lw=0.8, alpha=0.8, label=label)
    own: dict[str, Any] = {"color": look(ax).ink, "lw": 2.2, "zorder": 4.0, "label": "most likely way out"}
    ax.plot(action.path.potential, action.path.calcium, **merge(own, options))
    ends = [(line.get_xdata(), line.get_ydata()) for line in ax.lines]
    reach = [1.15 * max(float(np.max(end[k])) for end in ends) for k in (0, 1)]
    u, r = ((-0.03 * most, most) for most in reach)
    return phase_portrait(action.model, ax=ax, potential=u, calcium=r, legend=legend)


def mean_lives(
    lives: MeanMemory | Sequence[MeanMemory],
    action: EscapeAction | None = None,
    plain: Scaling | None = None,
    ax: Axes | None = None,
    *,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw mean lives against the number of neurons on a scale of logarithms.

    Parameters
    ----------
    lives : MeanMemory, or a sequence of them
        From splitting, of several sizes, with their 95 % intervals.
    action : EscapeAction, optional
        Adds the line c·exp(n·V), with c from the networks that are more than half as large as the largest.
    plain : Scaling, optional
        Mean memory times of plain simulations.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the points from splitting, as of `Axes.errorbar`.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> model = fc.Model.example("bistable")
    >>> region = fc.Region.potential_above(0.7)
    >>> lives = [fc.mean_memory(model, n, region=region, replicas=50, runs=4, rng=1) for n in (20, 30)]
    >>> ax = fc.plot.mean_lives(lives)
    """
    found = _several("lives", lives, MeanMemory)
    checks.instance("action", action, EscapeAction, type(None))
    checks.instance("plain", plain, Scaling, type(None))
    found.sort(key=lambda one: one.n)
    ax = new_axes(ax)
    n, value = np.array([one.n for one in found]), np.array([one.value for one in found])
    high = np.array([one.high if np.isfinite(one.high) else one.value for one in found])
    low, colors = np.array([one.low for one in found]), look(ax)
    draw_points(ax, n, [value, low, high], options, color=colors.potential, ls="", label="splitting")
    if plain is not None:
        own: dict[str, Any] = {"color": colors.calcium, "ls": "", "marker": "s", "mfc": colors.paper}
        draw_means(ax, plain, {}, **own, label="plain simulation")
    if action is not None and found:
        sizes = np.array([n.min() if plain is None else min(n.min(), plain.n.min()), n.max()])
        line = np.exp(_log_factor(found, action.exponent) + sizes * action.exponent)
        ax.plot(sizes, line, color=colors.ink, lw=1.0, zorder=1.0, label=r"$\propto e^{NV}$")
    name_growth(ax, "mean life")
    add_legend(ax, show=legend)
    return ax


def quasi_stationary(
    law: QuasiStationary, ax: Axes | None = None, *, legend: Legend = True, **options: Any
) -> Axes:
    r"""Draw networks that linger, around their mean, over ellipses of the linear-noise approximation.

    Parameters
    ----------
    law : QuasiStationary
        From `facilis.quasi_stationary`.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the dots, as of `Axes.plot`.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> model = fc.Model.example("bistable")
    >>> region = fc.Region.potential_above(0.7)
    >>> law = fc.quasi_stationary(model, 20, region=region, particles=100, t_end=600.0, rng=1)
    >>> ax = fc.plot.quasi_stationary(law)
    """
    checks.instance("law", law, QuasiStationary)
    ax = new_axes(ax)
    colors = look(ax)
    name = f"networks that linger, $N = {law.n}$"
    draw_cloud(ax, law.state_potential, law.state_calcium, options, alpha=0.5, ms=4.0, label=name)
    mean, point = (law.potential.value, law.calcium.value), law.state
    rest, noise = (point.potential, point.calcium), linear_noise(law.model, point)
    for centre, covariance, color, line, name in [
        (mean, law.covariance, colors.calcium, "-", "95 % by its covariance"),
        (rest, noise.covariance, colors.potential, "--", "95 % by linear noise"),
    ]:
        draw_ellipse(ax, centre, covariance / law.n, 0.95, line, color=color, label=name)
        ax.plot(*centre, "+", color=color, ms=8.0, mew=1.4)
    name_axes(ax, "mean potential $u$", "mean calcium $r$")
    add_legend(ax, show=legend)
    return ax


def _log_factor(lives: list[MeanMemory], exponent: float) -> float:
    """Return the mean of log T − N·V over networks more than half as large as the largest, by their errors."""
    large = [one for one in lives if 2 * one.n > lives[-1].n]
    sure = [one for one in large if np.isfinite(one.high)]
    weights = [np.log(one.high / one.low) ** -2.0 for one in sure] or None
    return float(np.average([np.log(one.value) - one.n * exponent for one in sure or large], weights=weights))


def _slopes(lives: list[MeanMemory]) -> list[tuple[float, Estimate]]:
    """Return the slope of log T against N for each alpha of which there are several sizes, by least squares."""
    found = []
    for alpha in sorted({one.model.alpha for one in lives}):
        some = [one for one in lives if one.model.alpha == alpha and np.isfinite(one.high)]
        if len({one.n for one in some}) < 2:
            continue
        n, log = np.array([one.n for one in some]), np.log([one.value for one in some])
        weight = np.array([np.log(one.high / one.low) for one in some]) ** -2.0
        off = n - weight @ n / weight.sum()
        slope = float((weight * off) @ log / (weight @ off**2))
        # The intervals are of 95 %, and so is that of the slope, to leading order.
        reach = float(0.5 / np.sqrt(weight @ off**2))
        found.append((alpha, Estimate(slope, slope - reach, slope + reach, "d log T/dN")))
    return found


def _several(name: str, given: object, kind: type) -> list:  # type: ignore[type-arg]
    """Return one result or several as a list."""
    many = list(given) if isinstance(given, Sequence) else [given]
    for one in many:
        checks.instance(name, one, kind)
    return many
