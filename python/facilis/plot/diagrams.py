"""Pictures of the limit laboratory: bifurcation diagrams, and fluctuations around an equilibrium."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .. import checks
from ..limit.diagram import Diagram
from ..limit.linear_noise import LinearNoise
from ..replicates.ensemble import Ensemble
from ..simulation.run import Run
from .cloud import draw_cloud, draw_ellipse
from .folds import parameter_label
from .layout import name_axes, new_axes
from .legends import Legend, add_legend
from .points import draw_hollow
from .style import look, merge

_SHARES = ((0.5, "-"), (0.95, "--"))


def bifurcation(
    diagram: Diagram,
    ax: Axes | None = None,
    *,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw the potential of equilibria against the parameter: solid where they are stable, dashed where not.

    Parameters
    ----------
    diagram : Diagram
        From `facilis.bifurcation`.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the branches, as of `Axes.plot`.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> ax = fc.plot.bifurcation(fc.bifurcation(fc.Model.example("memory"), "alpha", 0.15, 0.5))
    """
    checks.instance("diagram", diagram, Diagram)
    ax = new_axes(ax)
    seen = set()
    colors = look(ax)
    for branch in diagram.branches:
        color, line = (colors.potential, "-") if branch.stable else (colors.calcium, "--")
        label = None if branch.stable in seen else "stable" if branch.stable else "unstable"
        seen.add(branch.stable)
        own: dict[str, Any] = {"color": color, "ls": line, "lw": 1.6, "label": label}
        ax.plot(branch.value, branch.potential, **merge(own, options))
    if diagram.folds:
        folds = [fold.potential for fold in diagram.folds]
        draw_hollow(ax, diagram.fold_value, folds, colors.ink, "o", "fold")
    top = 1.05 * diagram.potential.max(initial=0.0)
    ax.set(xlim=(diagram.low, diagram.high), ylim=(-0.03 * top, top) if top > 0.0 else (-0.03, 1.0))
    name_axes(ax, parameter_label(diagram.parameter), "potential $u$ of equilibria")
    add_legend(ax, show=legend)
    return ax


def fluctuations(
    result: Run | Ensemble,
    noise: LinearNoise,
    ax: Axes | None = None,
    *,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    r"""Draw a network's means around an equilibrium, times √N, over the ellipses of the linear-noise approximation.

    Parameters
    ----------
    result : Run or Ensemble
        A stationary run, of which all times of the grid are drawn, or an ensemble, of which the last time is.
    noise : LinearNoise
        From `facilis.linear_noise`.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    label : str, optional
        Of the network; by default its number of neurons.
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
    >>> run = fc.simulate(model, 1000, 50.0, potential=2.9, calcium=9.8, rng=1)
    >>> ax = fc.plot.fluctuations(run, fc.linear_noise(model, fc.equilibria(model)[-1]))
    """
    checks.instance("result", result, Run, Ensemble)
    checks.instance("noise", noise, LinearNoise)
    ax = new_axes(ax)
    u, r = (result.potential, result.calcium)
    if isinstance(result, Ensemble):
        u, r = u[:, -1], r[:, -1]
    root, centre = np.sqrt(result.n), noise.equilibrium
    x, y = root * (u - centre.potential), root * (r - centre.calcium)
    own, name = look(ax), f"network, $N = {result.n}$" if label is None else label
    draw_cloud(ax, x, y, options, alpha=0.35, ms=3.0, rasterized=True, label=name)
    for share, line in _SHARES:
        told = f"linear noise, {share:.0%}"
        draw_ellipse(ax, (0.0, 0.0), noise.covariance, share, line, color=own.potential, label=told)
    ax.plot(0.0, 0.0, "+", color=own.ink, ms=8.0, mew=1.2)
    name_axes(ax, r"$\sqrt{N}\,$(mean potential $-\,u$)", r"$\sqrt{N}\,$(mean calcium $-\,r$)")
    add_legend(ax, show=legend)
    return ax
