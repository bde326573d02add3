"""Pictures of the limit laboratory: bifurcation diagrams, and fluctuations around an equilibrium."""

import numpy as np
from matplotlib.axes import Axes

from .. import checks
from ..limit.bifurcation import Diagram
from ..limit.linear_noise import LinearNoise
from ..replicates.ensemble import Ensemble
from ..simulation.run import Run
from .style import CALCIUM, INK, POTENTIAL, legend, new_axes

_NAMES = {"alpha": r"synaptic strength $\alpha$", "current": r"constant current $I$"}
_SHARES = ((0.5, "-"), (0.95, "--"))


def bifurcation(diagram: Diagram, ax: Axes | None = None) -> Axes:
    """Draw the potential of equilibria against the parameter: solid where they are stable, dashed where not.

    Parameters
    ----------
    diagram : Diagram
        From `facilis.bifurcation`.
    ax : Axes, optional
        Where to draw; by default in a new figure.

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
    for branch in diagram.branches:
        color, line = (POTENTIAL, "-") if branch.stable else (CALCIUM, "--")
        label = None if branch.stable in seen else "stable" if branch.stable else "unstable"
        seen.add(branch.stable)
        ax.plot(branch.value, branch.potential, line, color=color, lw=1.6, label=label)
    if diagram.folds:
        folds = [fold.potential for fold in diagram.folds]
        ax.plot(diagram.fold_value, folds, "o", ms=6.0, mfc="white", mec=INK, mew=1.3, zorder=5, label="fold")
    top = 1.05 * diagram.potential.max(initial=0.0)
    ax.set(xlim=(diagram.low, diagram.high), ylim=(-0.03 * top, top) if top > 0.0 else (-0.03, 1.0))
    ax.set(xlabel=_NAMES[diagram.parameter], ylabel="potential $u$ of equilibria")
    legend(ax, loc="upper left")
    return ax


def fluctuations(result: Run | Ensemble, noise: LinearNoise, ax: Axes | None = None) -> Axes:
    r"""Draw a network's means around an equilibrium, times √N, over the ellipses of the linear-noise approximation.

    Parameters
    ----------
    result : Run or Ensemble
        A stationary run, of which all times of the grid are drawn, or an ensemble, of which the last time is.
    noise : LinearNoise
        From `facilis.linear_noise`.
    ax : Axes, optional
        Where to draw; by default in a new figure.

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
    ax.plot(
        x, y, ".", color=INK, alpha=0.35, ms=3.0, mew=0, rasterized=True, label=f"network, $N = {result.n}$"
    )
    angle = np.linspace(0.0, 2.0 * np.pi, 361)
    circle = np.linalg.cholesky(noise.covariance) @ np.stack([np.cos(angle), np.sin(angle)])
    for share, line in _SHARES:
        ellipse = np.sqrt(-2.0 * np.log1p(-share)) * circle
        ax.plot(*ellipse, line, color=POTENTIAL, lw=1.5, label=f"linear noise, {share:.0%}")
    ax.plot(0.0, 0.0, "+", color=INK, ms=8.0, mew=1.2)
    ax.set(xlabel=r"$\sqrt{N}\,$(mean potential $-\,u$)", ylabel=r"$\sqrt{N}\,$(mean calcium $-\,r$)")
    legend(ax, loc="upper left")
    return ax
