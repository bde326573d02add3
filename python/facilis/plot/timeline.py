"""Pictures against time: which neuron spiked when, and the means over neurons."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
from matplotlib.axes import Axes

from .. import checks
from ..limit.solution import Limit
from .layout import mark_stimulus, name_axes, new_axes, span_time
from .legends import Legend, add_legend
from .named import LIMIT, NETWORKS, Label, Network, Orbit, Orbits, named, names_of
from .style import look, merge, next_color

NO_MEANS = "run must have means to draw, and has none: grid was None, or no time of its grid was reached"

Mean = Literal["potential", "calcium"]

_LINES = {"potential": "-", "calcium": ":"}  # where colours tell runs apart


def raster(
    run: Network, ax: Axes | None = None, *, most: int = 400, legend: Legend = True, **options: Any
) -> Axes:
    """Draw a dot for each spike: time to the right, neurons upwards.

    Parameters
    ----------
    run : Run or ReactivePath
        A run that kept its spikes.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    most : int
        How many neurons to show at most, the first ones that were kept; the label of the axis says how many.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the dots, as of `Axes.plot`.

    Returns
    -------
    Axes
        The axes drawn in.

    Raises
    ------
    ValueError
        If the run kept no spikes.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 100, 50.0, stimulus=fc.Pulse(5.0, 25.0, 3.0), rng=1)
    >>> ax = fc.plot.raster(run)
    """
    checks.instance("run", run, *NETWORKS)
    checks.count("most", most)
    if run.spikes is None:
        raise ValueError("run must have kept its spikes, and was simulated with spikes=False")
    ax = new_axes(ax)
    chosen = run.spikes.chosen
    rows = np.arange(min(run.n, most)) if chosen is None else np.sort(chosen)[:most]
    drawn = np.isin(run.spikes.neuron, rows)
    height = np.searchsorted(rows, run.spikes.neuron[drawn])
    dots: dict[str, Any] = {
        "ls": "",
        "marker": ".",
        "color": look(ax).ink,
        "ms": _dot_size(ax, len(rows)),
        "mew": 0.0,
    }
    ax.plot(run.spikes.time[drawn], height, **merge({**dots, "rasterized": True}, options))
    mark_stimulus(ax, run.stimulus)
    name_axes(ax, "time", "neuron" if len(rows) == run.n else f"neuron ({len(rows)} of {run.n})")
    ax.set_ylim(-0.5, max(len(rows), 1) - 0.5)
    span_time(ax, run.t_start, run.t_stop)
    add_legend(ax, show=legend)
    return ax


def traces(
    run: Orbits,
    ax: Axes | None = None,
    *,
    limit: Limit | None = None,
    means: Mean | Sequence[Mean] = ("potential", "calcium"),
    label: Label = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw the mean potential (left scale) and the mean calcium (right scale) against time.

    Around a limit is the band in which a network's means are with a probability of 95 % at each time, as long as
    the linear-noise approximation holds: two standard deviations to each side, from `Limit.covariance`.

    Parameters
    ----------
    run : Run, ReactivePath, Limit, a sequence of them, or a mapping from names to them
        Runs with a grid, or solutions of the limit equation. One has a colour for each mean; several have one
        colour each, and their calcium is dotted.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    limit : Limit, optional
        Drawn over the run, dashed, with its band if all runs have as many neurons.
    means : {"potential", "calcium"}, or both
        Which means to draw. A single one is on the left scale.
    label : str or sequence of str, optional
        Of each run.
    legend : bool or dict
        Whether to name what is drawn, or options of `Axes.legend`.
    **options
        Of the lines of runs, as of `Axes.plot`.

    Returns
    -------
    Axes
        The axes drawn in, which carries the potential; calcium is on its twin.

    Raises
    ------
    ValueError
        If a run has no means over neurons.

    Examples
    --------
    >>> run = fc.simulate(fc.Model.example("memory"), 100, 50.0, stimulus=fc.Pulse(5.0, 25.0, 3.0), rng=1)
    >>> ax = fc.plot.traces(run, limit=fc.solve_limit(run.model, 50.0, stimulus=run.stimulus))
    """
    runs = named("run", run, label, *NETWORKS, Limit)
    checks.instance("limit", limit, Limit, type(None))
    shown = [means] if isinstance(means, str) else list(means)
    for mean in shown:
        checks.choice("means", mean, get_args(Mean))
    if not runs or not all(len(one.t) for _, one in runs):
        raise ValueError(NO_MEANS)
    ax = new_axes(ax)
    axes = {mean: ax if not k else _twin(ax) for k, mean in enumerate(shown)}
    if len(runs) == 1:
        _draw_one(axes, *runs[0], options)
    else:
        _draw_several(axes, runs, options)
    if limit is not None:
        sizes = {None if isinstance(one, Limit) else one.n for _, one in runs}
        _draw_limit(axes, limit, sizes.pop() if len(sizes) == 1 else None)
    mark_stimulus(ax, runs[0][1].stimulus)
    span_time(ax, min(one.t[0] for _, one in runs), max(one.t[-1] for _, one in runs))
    for mean, one_ax in axes.items():
        name_axes(one_ax, "time" if one_ax is ax else "", f"mean {mean}")
        one_ax.set_ylim(bottom=0.0)
    add_legend(*axes.values(), show=legend)
    return ax


def _twin(ax: Axes) -> Axes:
    twin = ax.twinx()
    twin.spines[["top", "left"]].set_visible(False)
    return twin


def _draw_one(axes: dict[Mean, Axes], name: str | None, run: Orbit, options: dict[str, Any]) -> None:
    """Draw a run in the colours of its means, and their scales in the same."""
    for mean, ax in axes.items():
        color = getattr(look(ax), mean)
        _draw(
            ax, run, mean, options, color=color, label=f"mean {mean}" if name is None else f"{name}, {mean}"
        )
        ax.yaxis.label.set_color(color)
        ax.tick_params(axis="y", colors=color)


def _draw_several(
    axes: dict[Mean, Axes], runs: list[tuple[str | None, Orbit]], options: dict[str, Any]
) -> None:
    """Draw each run in a colour of its own, and each mean with a line of its own."""
    first, *twins = axes.values()
    names = names_of(runs)
    for name, (_, run) in zip(names, runs, strict=True):
        color = next_color(first)
        for mean, ax in axes.items():
            label = name if ax is first else None
            _draw(ax, run, mean, options, color=color, ls=_LINES[mean] if twins else "-", label=label)
    if twins:
        for mean, ax in axes.items():
            ax.plot([], [], color=look(ax).ink, ls=_LINES[mean], lw=1.3, label=f"mean {mean}")


def _draw(ax: Axes, run: Orbit, mean: Mean, options: dict[str, Any], **own: Any) -> None:
    marker = "." if len(run.t) == 1 else ""
    ax.plot(run.t, getattr(run, mean), **merge({"lw": 1.3, "marker": marker, **own}, options))


def _draw_limit(axes: dict[Mean, Axes], limit: Limit, n: int | None) -> None:
    """Draw the limit, and where networks of n neurons are around it."""
    try:
        variance = None if n is None else np.diagonal(limit.covariance, axis1=1, axis2=2) / n
    except ValueError:  # it starts at more points than are followed
        variance = None
    *_, last = axes.values()
    for mean, ax in axes.items():
        value, own = getattr(limit, mean), look(ax)
        ax.plot(limit.t, value, "--", color=own.ink, lw=1.0, label=LIMIT if ax is last else None)
        if variance is not None:
            # Interpolation can make it negative where it is next to 0.
            reach = 2.0 * np.sqrt(np.maximum(variance[:, ("potential", "calcium").index(mean)], 0.0))
            band: dict[str, Any] = {
                "color": own.faint(),
                "lw": 0.0,
                "label": None if ax is not last else r"limit $\pm\,2\sigma$",
            }
            ax.fill_between(limit.t, value - reach, value + reach, **band)


def _dot_size(ax: Axes, rows: int) -> float:
    """Return a diameter in points that lets rows touch but not cover each other."""
    height = ax.get_window_extent().height * 72.0 / ax.figure.dpi
    return float(np.clip(1.4 * height / max(rows, 1), 0.7, 3.0))
