"""Pictures of memory times."""

from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from .style import RUNS, new_axes


class SurvivalCurve(Protocol):
    """A step function of time with its pointwise band."""

    @property
    def t(self) -> NDArray[np.float64]: ...  # noqa: D102
    @property
    def probability(self) -> NDArray[np.float64]: ...  # noqa: D102
    @property
    def low(self) -> NDArray[np.float64]: ...  # noqa: D102
    @property
    def high(self) -> NDArray[np.float64]: ...  # noqa: D102


def survival(
    curve: SurvivalCurve, ax: Axes | None = None, *, color: str = RUNS[0], label: str | None = None
) -> Axes:
    """Draw the probability that a network still remembers, against the time since the stimulus.

    Parameters
    ----------
    curve : SurvivalCurve
        Increasing times ``t`` from 0, the probability of a memory longer than each, and its band from ``low``
        to ``high``.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    color, label : str, optional
        Of the curve.

    Returns
    -------
    Axes
        The axes drawn in.
    """
    ax = new_axes(ax)
    ax.fill_between(curve.t, curve.low, curve.high, step="post", color=color, alpha=0.25, lw=0)
    ax.step(curve.t, curve.probability, where="post", color=color, lw=1.5, label=label)
    ax.set(ylim=(0.0, 1.03), xlabel="time since the stimulus", ylabel="probability to remember")
    ax.set_xlim(left=0.0)
    return ax
