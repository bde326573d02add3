"""Pictures of rare events: exponents, ways out, mean lives, and the law of networks that linger."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from .. import checks
from ..limit.linear_noise import linear_noise
from ..memory.scaling import Scaling
from ..rare.action import EscapeAction
from ..rare.lingering_law import QuasiStationary
from ..rare.mean import MeanMemory
from ..rare.reactive import ReactivePath
from .plane import phase_portrait
from .style import CALCIUM, INK, POTENTIAL, RUNS, legend, new_axes


def action(
    actions: EscapeAction | Sequence[EscapeAction],
    scalings: Sequence[Scaling] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw the exponent of escape and its upper bound against the synaptic strength.

    Parameters
    ----------
    actions : EscapeAction, or a sequence of them
        Those of models that differ in alpha.
    scalings : sequence of Scaling
        Memory times against the number of neurons; the slope of each is drawn at its model's alpha, with its 95 %
        interval.
    ax : Axes, optional
        Where to draw; by default in a new figure.

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
    alpha = [one.model.alpha for one in found]
    ax.plot(alpha, [one.exponent for one in found], "o-", color=POTENTIAL, ms=4, label="exponent $V$")
    ax.plot(alpha, [one.upper for one in found], "--", color=CALCIUM, label="upper bound $V_1$")
    for k, one in enumerate(_several("scalings", scalings, Scaling)):
        slope = one.exponent
        bars = [[slope.value - slope.low], [slope.high - slope.value]]
        label = None if k else r"slope of $\log T$ against $N$"
        ax.errorbar(
            one.times[0].model.alpha, slope.value, bars, fmt="s", color=INK, ms=4, capsize=2, label=label
        )
    ax.set(xlabel=r"synaptic strength $\alpha$", ylabel="exponent per neuron")
    ax.set_ylim(bottom=0.0)
    legend(ax, loc="upper left")
    return ax


def way_out(
    action: EscapeAction, paths: ReactivePath | Sequence[ReactivePath] = (), ax: Axes | None = None
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
    for k, path in enumerate(ways):
        label = None if k else "networks that forgot"
        ax.plot(path.potential, path.calcium, color=RUNS[k % len(RUNS)], lw=0.8, alpha=0.8, label=label)
    ax.plot(
        action.path.potential, action.path.calcium, color=INK, lw=2.2, zorder=4, label="most likely way out"
    )
    ends = [(line.get_xdata(), line.get_ydata()) for line in ax.lines]
    reach = [1.15 * max(float(np.max(end[k])) for end in ends) for k in (0, 1)]
    phase_portrait(
        action.model, ax=ax, potential=(-0.03 * reach[0], reach[0]), calcium=(-0.03 * reach[1], reach[1])
    )
    return ax


def mean_lives(
    lives: MeanMemory | Sequence[MeanMemory],
    action: EscapeAction | None = None,
    plain: Scaling | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw mean lives against the number of neurons on a scale of logarithms.

    Parameters
    ----------
    lives : MeanMemory, or a sequence of them
        From splitting, of several sizes, with their 95 % intervals.
    action : EscapeAction, optional
        Adds the line c·exp(n·V), with c such that it passes through the largest network.
    plain : Scaling, optional
        Mean memory times of plain simulations.
    ax : Axes, optional
        Where to draw; by default in a new figure.

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
    bars = np.stack([value - [one.low for one in found], high - value])
    ax.errorbar(n, value, bars, fmt="o", color=POTENTIAL, ms=4, capsize=2, label="splitting")
    if plain is not None:
        known = np.isfinite(plain.high)
        bars = np.stack([plain.mean - plain.low, plain.high - plain.mean])[:, known]
        ax.errorbar(
            plain.n[known], plain.mean[known], bars, fmt="s", color=CALCIUM, ms=4, capsize=2, mfc="white",
            label="plain simulation",
        )  # fmt: skip
    if action is not None and found:
        sizes = np.array([n.min() if plain is None else min(n.min(), plain.n.min()), n.max()])
        line = value[-1] * np.exp((sizes - n[-1]) * action.exponent)
        ax.plot(sizes, line, color=INK, lw=1.0, label=r"$\propto e^{NV}$")
    ax.set(yscale="log", xlabel="neurons $N$", ylabel="mean life")
    legend(ax, loc="upper left")
    return ax


def quasi_stationary(law: QuasiStationary, ax: Axes | None = None) -> Axes:
    r"""Draw networks that linger, around their mean, over ellipses of the linear-noise approximation.

    Parameters
    ----------
    law : QuasiStationary
        From `facilis.quasi_stationary`.
    ax : Axes, optional
        Where to draw; by default in a new figure.

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
    label = f"networks that linger, $N = {law.n}$"
    ax.plot(law.state_potential, law.state_calcium, ".", color=INK, alpha=0.4, ms=3.0, mew=0, label=label)
    angle = np.linspace(0.0, 2.0 * np.pi, 361)
    circle = np.sqrt(-2.0 * np.log(0.05)) * np.stack([np.cos(angle), np.sin(angle)])
    point = law.state
    noise = linear_noise(law.model, point)
    for centre, covariance, color, line, name in [
        ((law.potential.value, law.calcium.value), law.covariance, CALCIUM, "-", "95 % by its covariance"),
        ((point.potential, point.calcium), noise.covariance, POTENTIAL, "--", "95 % by linear noise"),
    ]:
        u, r = np.linalg.cholesky(covariance / law.n) @ circle
        ax.plot(centre[0] + u, centre[1] + r, line, color=color, lw=1.5, label=name)
        ax.plot(*centre, "+", color=color, ms=8.0, mew=1.4)
    ax.set(xlabel="mean potential $u$", ylabel="mean calcium $r$")
    legend(ax, loc="upper left")
    return ax


def _several(name: str, given: object, kind: type) -> list:  # type: ignore[type-arg]
    """Return one result or several as a list."""
    many = list(given) if isinstance(given, Sequence) else [given]
    for one in many:
        checks.instance(name, one, kind)
    return many
