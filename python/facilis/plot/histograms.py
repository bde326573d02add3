"""Histograms: of memory times, of the intervals between spikes, of the rates of neurons, and of spikes in time."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import ArrayLike

from .. import checks
from ..memory.times import MemoryTimes
from ..result import Floats
from ..simulation.run import Run
from .laws import draw_laws
from .layout import mark_stimulus, name_axes, new_axes, span_time
from .legends import Legend, add_legend
from .style import merge, next_color

_MOST_BINS = 60  # of those that NumPy's rule makes: of a long tail it makes very many


def memory_histogram(
    times: MemoryTimes,
    ax: Axes | None = None,
    *,
    bins: int | ArrayLike | None = None,
    fit: bool = True,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw a histogram of the memory times that were seen to end, and the law fitted to all of them.

    The area is the share of networks that were seen to forget; it is 1 where none is censored.

    Parameters
    ----------
    times : MemoryTimes
        Of which one network at least forgot.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    bins : int or array_like, optional
        Their number or edges; by default NumPy's "auto", at most 60.
    fit : bool
        Whether to draw the density of the fitted law, as `survival` does.
    label : str, optional
        Of the histogram.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the bars, as of `Axes.hist`.

    Returns
    -------
    Axes
        The axes drawn in.

    Raises
    ------
    ValueError
        If no network was seen to forget.

    Examples
    --------
    >>> region = fc.Region.potential_above(0.7)
    >>> start = {"potential": 2.0, "calcium": 9.0, "rng": 1}
    >>> times = fc.memory_times(fc.Model.example("memory"), 20, 1e4, region=region, replicates=50, **start)
    >>> ax = fc.plot.memory_histogram(times)
    """
    checks.instance("times", times, MemoryTimes)
    seen, censored = times.time[times.exited], np.count_nonzero(~times.exited)
    if not seen.size:
        raise ValueError(f"times must have an exit to draw, and all {times.time.size} networks remembered")
    if label is None:
        label = f"{seen.size} networks" + (f", {censored} others censored" if censored else "")
    ax = new_axes(ax)
    edges = _draw_bars(ax, seen, bins, times.time.size, label, options)
    if fit:
        draw_laws(ax, times, "density", edges[-1])
    name_axes(ax, "time since the stimulus", "probability density")
    add_legend(ax, show=legend)
    return ax


def isi_histogram(
    run: Run,
    ax: Axes | None = None,
    *,
    neurons: ArrayLike | None = None,
    bins: int | ArrayLike | None = None,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw a histogram of the intervals between spikes of the same neuron, those of all neurons together.

    Parameters
    ----------
    run : Run
        A run that kept its spikes.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    neurons : array_like of int, optional
        Whose intervals; by default of all neurons whose spikes were kept.
    bins : int or array_like, optional
        Their number or edges; by default NumPy's "auto", at most 60.
    label : str, optional
        By default how many intervals there are, and the mean over neurons of `Spikes.cv`.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the bars, as of `Axes.hist`.

    Returns
    -------
    Axes
        The axes drawn in.

    Raises
    ------
    ValueError
        If the run kept no spikes, or no neuron spiked twice.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("bistable"), 100, 50.0, potential=2.0, calcium=9.0, rng=1)
    >>> ax = fc.plot.isi_histogram(run)
    """
    checks.instance("run", run, Run)
    spikes = run.kept_spikes()
    variation = spikes.cv(neurons)
    wanted = None if neurons is None else set(np.asarray(neurons).ravel().tolist())
    trains = zip(spikes.neurons.tolist(), spikes, strict=True)
    parts = [np.diff(train) for i, train in trains if wanted is None or i in wanted]
    intervals = np.concatenate([np.empty(0), *parts])
    if not intervals.size:
        raise ValueError("run must have a neuron that spiked twice, and has none")
    if label is None:
        known = variation[np.isfinite(variation)]
        label = f"{intervals.size:,} intervals" + (f", mean CV {known.mean():.3g}" if known.size else "")
    return _histogram(ax, "interval between spikes", intervals, bins, label, legend, options)


def rate_histogram(
    run: Run,
    ax: Axes | None = None,
    *,
    bins: int | ArrayLike | None = None,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw a histogram of the rates of neurons: how many spikes each had in a unit of time, over the whole run.

    Parameters
    ----------
    run : Run
        A run that kept its spikes and took some time.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    bins : int or array_like, optional
        Their number or edges; by default NumPy's "auto", with as many numbers of spikes in each.
    label : str, optional
        By default how many neurons there are, and the mean of their rates.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the bars, as of `Axes.hist`.

    Returns
    -------
    Axes
        The axes drawn in.

    Raises
    ------
    ValueError
        If the run kept no spikes or took no time.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("bistable"), 100, 50.0, potential=2.0, calcium=9.0, rng=1)
    >>> ax = fc.plot.rate_histogram(run)
    """
    checks.instance("run", run, Run)
    spikes, duration = run.kept_spikes(), run.t_stop - run.t_start
    if not duration > 0.0:
        raise ValueError(f"run must take some time to have rates, and ended at its start, {run.t_start:g}")
    counts = spikes.count(duration)[:, 0]
    if not counts.size:
        raise ValueError("run must have kept the spikes of a neuron, and was simulated with spikes=[]")
    if bins is None:
        # As wide as NumPy's, but as many numbers of spikes in each.
        step = max(1, round(np.diff(np.histogram_bin_edges(counts, "auto"))[0]))
        bins = (np.arange(counts.min(), counts.max() + step + 1, step) - 0.5) / duration
    if label is None:
        label = f"{counts.size:,} neurons, mean {counts.mean() / duration:.3g}"
    return _histogram(ax, "spikes per unit of time", counts / duration, bins, label, legend, options)


def firing_rate(
    run: Run,
    ax: Axes | None = None,
    *,
    width: float | None = None,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw how many spikes a neuron has in a unit of time, the mean over neurons, in bins of time.

    Parameters
    ----------
    run : Run
        A run that kept its spikes.
    ax : Axes, optional
        Where to draw; by default in a new figure. Runs that are drawn in one Axes have a colour each.
    width : float, optional
        Of a bin, as of `Run.rate`; by default a hundredth of the run's duration.
    label : str, optional
        Of the run; by default its number of neurons.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the line, as of `Axes.stairs`.

    Returns
    -------
    Axes
        The axes drawn in.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 100, 50.0, stimulus=fc.Pulse(5.0, 25.0, 3.0), rng=1)
    >>> ax = fc.plot.firing_rate(run, width=1.0)
    """
    checks.instance("run", run, Run)
    width = (run.t_stop - run.t_start) / 100.0 if width is None else width
    centres, rate = run.rate(width)
    ax = new_axes(ax)
    edges = np.append(centres - width / 2.0, centres[-1] + width / 2.0)
    own: dict[str, Any] = {
        "color": next_color(ax),
        "lw": 1.3,
        "label": f"$N = {run.n}$" if label is None else label,
    }
    ax.stairs(rate, edges, **merge(own, options, Patch))
    mark_stimulus(ax, run.stimulus)
    name_axes(ax, "time", "spikes per unit of time")
    ax.set_ylim(bottom=0.0)
    span_time(ax, run.t_start, run.t_stop)
    add_legend(ax, show=legend)
    return ax


def _histogram(
    ax: Axes | None,
    what: str,
    values: Floats,
    bins: int | ArrayLike | None,
    label: str,
    legend: Legend,
    options: dict[str, Any],
) -> Axes:
    """Draw a histogram whose area is 1, in the axes given or in new ones."""
    ax = new_axes(ax)
    _draw_bars(ax, values, bins, values.size, label, options)
    name_axes(ax, what, "probability density")
    add_legend(ax, show=legend)
    return ax


def _draw_bars(
    ax: Axes, values: Floats, bins: int | ArrayLike | None, total: int, label: str, options: dict[str, Any]
) -> Floats:
    """Draw bars whose area is the share that the values are of the total; return their edges."""
    edges = np.histogram_bin_edges(values, "auto" if bins is None else bins)
    if bins is None and len(edges) > _MOST_BINS + 1:
        edges = np.histogram_bin_edges(values, _MOST_BINS)
    counts, _ = np.histogram(values, edges)
    density = counts / (total * np.diff(edges))
    own: dict[str, Any] = {"color": next_color(ax), "alpha": 0.5, "label": label}
    ax.hist(edges[:-1], list(edges), weights=density, **merge(own, options, Patch))
    return edges
