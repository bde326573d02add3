"""The picture of a dose-response study."""

import numpy as np
from matplotlib.axes import Axes

from .. import checks
from ..memory.dose import DoseResponse
from .style import RUNS, new_axes


def dose_response(result: DoseResponse, ax: Axes | None = None) -> Axes:
    """Draw the share of networks that remember against the current, one curve for each duration.

    Parameters
    ----------
    result : DoseResponse
        The shares, with their 95 % intervals; the limit's thresholds among these
        currents are dotted.
    ax : Axes, optional
        Where to draw; by default in a new figure.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> found = fc.dose_response(
    ...     fc.Model.example("memory"), 30, durations=[20.0], currents=[0.5, 1.0, 2.0],
    ...     region=fc.Region.potential_above(0.7), replicates=50, rng=1,
    ... )
    >>> ax = fc.plot.dose_response(found)
    """
    checks.instance("result", result, DoseResponse)
    ax = new_axes(ax)
    for k, duration in enumerate(result.duration):
        color, share = RUNS[k % len(RUNS)], result.share[k]
        bars = np.stack([share - result.low[k], result.high[k] - share])
        label = f"duration {duration:g}, threshold of the limit {result.threshold[k]:.3g}"
        ax.errorbar(result.current, share, bars, fmt="o-", color=color, ms=4, lw=1.0, capsize=2, label=label)
    # A threshold far beyond the currents would squeeze the curves; the legend tells it.
    left, right = ax.get_xlim()
    for k, threshold in enumerate(result.threshold):
        if left <= threshold <= right:
            ax.axvline(threshold, color=RUNS[k % len(RUNS)], lw=1.0, ls=":")
    ax.set(ylim=(-0.03, 1.03), xlabel="current of the pulse", ylabel="share that remember")
    ax.legend(frameon=False, fontsize="small")
    return ax
