"""Probabilities of forgetting: what each run of splitting found, and what all of them say together."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.typing import ColorType as Color

from .. import checks
from ..memory.estimate import Estimate
from ..rare.probability import ExitProbability
from .layout import log_numbers, name_axes, new_axes
from .legends import Legend, add_legend
from .style import look, merge

_WIDE = 30.0  # between the largest and the smallest run: beyond that a scale of logarithms shows more


def exit_probability(
    found: ExitProbability, ax: Axes | None = None, *, legend: Legend = True, **options: Any
) -> Axes:
    """Draw the estimate of each run, and the mean of them with its 95 % interval.

    The runs are independent, so that their spread is the error. A few dots far above all others are a warning: the
    runs are skewed, and the interval is too short. The second score of ``check=True`` is drawn dashed.

    Parameters
    ----------
    found : ExitProbability
        From `facilis.exit_probability`.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the dots, as of `Axes.plot`.

    Returns
    -------
    Axes
        The axes drawn in. Its scale is one of logarithms where the runs differ by a factor of more than 30.

    Examples
    --------
    >>> model = fc.Model.example("bistable")
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.92, "calcium": 9.86, "replicas": 100, "runs": 4, "rng": 1}
    >>> ax = fc.plot.exit_probability(fc.exit_probability(model, 20, 50.0, region=region, **start))
    """
    checks.instance("found", found, ExitProbability)
    ax = new_axes(ax)
    colors = look(ax)
    lasting = found.runs[found.runs > 0.0]
    is_wide = lasting.size == found.runs.size and lasting.max() > _WIDE * lasting.min()
    own: dict[str, Any] = {"ls": "", "marker": "o", "ms": 4.0, "color": colors.ink, "label": "one run"}
    ax.plot(found.index, found.runs, **merge(own, options))
    mean = Estimate(found.value, found.low, found.high, "probability")
    _draw_mean(ax, mean, colors.potential, "-", "mean of all, with its 95 % interval")
    if found.check is not None:
        _draw_mean(ax, found.check, colors.calcium, "--", "the same by a second score")
    name_axes(ax, "run", f"probability to leave by $t = {found.t_max:g}$")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if is_wide:
        ax.set_yscale("log")
        log_numbers(ax.yaxis)
    else:
        ax.set_ylim(bottom=0.0)
    add_legend(ax, show=legend)
    return ax


def _draw_mean(ax: Axes, mean: Estimate, color: Color, line: str, label: str) -> None:
    """Draw a line from one side of the axes to the other, and its interval where there is one."""
    ax.axhline(mean.value, color=color, ls=line, lw=1.6, label=label)
    if np.isfinite(mean.high):
        ax.axhspan(mean.low, mean.high, color=color, alpha=0.2, lw=0.0)
