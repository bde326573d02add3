"""Pictures of memory times: how many networks still remember, when they forget, and what laws say to it."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from .. import checks
from ..memory.survival import Survival
from ..memory.times import MemoryTimes
from .histograms import memory_histogram
from .laws import draw_laws
from .layout import name_axes, new_axes, note_below, panels
from .legends import Legend, add_legend
from .style import BAND, merge, next_color


def survival(
    curve: Survival | MemoryTimes,
    ax: Axes | None = None,
    *,
    fit: bool = False,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw the probability that a network still remembers, against the time since the stimulus.

    Parameters
    ----------
    curve : Survival or MemoryTimes
        The curve, with its 95 % band.
    ax : Axes, optional
        Where to draw; by default in a new figure. Curves that are drawn in one Axes have a colour each.
    fit : bool
        Whether to draw the law that is fitted to memory times, dashed, with the verdict on it: the p-value of
        `MemoryTimes.exponential_test`; and where there are two populations, that of `MemoryTimes.mixture`, dotted.
        Where the mean is not to be relied on, the reason stands below.
    label : str, optional
        Of the curve; by default how many networks of what size, where that is known.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the curve, as of `Axes.step`.

    Returns
    -------
    Axes
        The axes drawn in.

    Raises
    ------
    ValueError
        If a law is to be fitted to a bare `Survival`, which no longer knows the memory times.

    Examples
    --------
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.0, "calcium": 9.0, "rng": 1}
    >>> times = fc.memory_times(fc.Model.example("memory"), 20, 1e4, region=region, replicates=50, **start)
    >>> ax = fc.plot.survival(times, fit=True)
    """
    checks.instance("curve", curve, Survival, MemoryTimes)
    times = curve if isinstance(curve, MemoryTimes) else None
    if fit and times is None:
        raise ValueError(checks.wrong("curve", "the MemoryTimes themselves where fit is True", curve))
    steps = curve.survival() if isinstance(curve, MemoryTimes) else curve
    if label is None:
        label = "networks" if times is None else f"{len(times.time)} networks, $N = {times.n}$"
    ax = new_axes(ax)
    own: dict[str, Any] = {"color": next_color(ax), "lw": 1.5, "label": label}
    (line,) = ax.step(steps.t, steps.probability, where="post", **merge(own, options))
    band: dict[str, Any] = {"color": line.get_color(), "alpha": BAND, "lw": 0.0, "label": "95 % band"}
    ax.fill_between(steps.t, steps.low, steps.high, step="post", **band)
    if times is not None and fit:
        draw_laws(ax, times, "survival", steps.t[-1])
    ax.set(ylim=(0.0, 1.03))
    ax.set_xlim(left=0.0, auto=True)  # so that a longer curve still fits in
    name_axes(ax, "time since the stimulus", "share that remember")
    if times is not None and fit and (reason := times.doubt()) is not None:
        note_below(ax, f"Mean not to be relied on: {reason}.")
    add_legend(ax, show=legend)
    return ax


def memory_times(
    times: MemoryTimes,
    *,
    figure: Figure | SubFigure | None = None,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> dict[str, Axes]:
    """Draw the survival curve of memory times and their histogram, with the law fitted and the verdict on it.

    Where the mean is not to be relied on, the reason stands under the curve.

    Parameters
    ----------
    times : MemoryTimes
        The memory times.
    figure : Figure or SubFigure, optional
        Where to draw; by default in a new figure. In a narrow one the panels stand one above the other.
    label : str, optional
        Of the curve.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the curve, as of `Axes.step`.

    Returns
    -------
    dict of Axes
        By name: ``"survival"``, and if a network was seen to forget ``"histogram"``.

    Examples
    --------
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.0, "calcium": 9.0, "rng": 1}
    >>> times = fc.memory_times(fc.Model.example("memory"), 20, 1e4, region=region, replicates=50, **start)
    >>> axes = fc.plot.memory_times(times)
    """
    checks.instance("times", times, MemoryTimes)
    names = ["survival", "histogram"] if times.exited.any() else ["survival"]
    axes = panels(figure, (5.0 * len(names), 3.6), [names], [[name] for name in names])
    survival(times, axes["survival"], fit=True, label=label, legend=legend, **options)
    if "histogram" in axes:
        memory_histogram(times, axes["histogram"], legend=legend)
    return axes
