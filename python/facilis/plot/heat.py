"""The picture of a sweep over two parameters: one colour for each point of the grid."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LogNorm
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray

from .. import checks
from ..result import Floats
from .layout import log_numbers, name_axes, new_axes
from .legends import Legend, add_legend
from .points import draw_hollow
from .style import look

_CLOSEST = 0.06  # of the range, between two ticks
_WIDE = 20.0  # a ratio of values from which on they are on a scale of logarithms


def heat_map(
    data: Any,
    variable: str = "mean_time",
    ax: Axes | None = None,
    *,
    x: str | None = None,
    log: bool | None = None,
    label: str | None = None,
    legend: Legend = True,
    **options: Any,
) -> Axes:
    """Draw a variable of a sweep over two parameters as a map of colours.

    Ticks are at the values that were swept, and the colours of a share go from 0 to 1. Cells are blank where the
    variable is not finite, and crossed where a sweep of memory times says that its mean is not to be relied on.

    Parameters
    ----------
    data : xarray.Dataset
        From `facilis.sweep`, or any other.
    variable : str
        The name of a variable with two dimensions; choose among more with ``data.sel`` before.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    x : str, optional
        The dimension to the right; by default the last one.
    log : bool, optional
        Whether colours are on a scale of logarithms; by default if all values are positive, the greatest is
        twenty times the least, and they are no shares.
    label : str, optional
        Of the colours; by default the variable's name.
    legend : bool or dict
        Whether to name the crosses, or options of `Axes.legend`.
    **options
        Of the cells, as of `Axes.pcolormesh`.

    Returns
    -------
    Axes
        The axes drawn in; those of the colours are beside it.

    Raises
    ------
    TypeError, ValueError
        If `data` is no Dataset, or has no variable of that name with two dimensions.

    Examples
    --------
    >>> region = fc.Region.potential_above(0.7)
    >>> task = {"model": fc.Model.example("memory"), "t_max": 1e4, "region": region, "replicates": 20, "rng": 1}
    >>> over = {"alpha": [0.2, 0.22], "n": [10, 20, 40]}
    >>> data = fc.sweep(fc.memory_times, over=over, potential=2.0, calcium=9.0, **task)
    >>> ax = fc.plot.heat_map(data, "mean_time")
    """
    if not hasattr(data, "data_vars"):
        raise TypeError(checks.wrong("data", "an xarray.Dataset", data))
    checks.choice("variable", variable, tuple(str(name) for name in data.data_vars))
    dims = data[variable].dims
    if len(dims) != 2:
        allowed = f"the name of a variable with two dimensions (this one has {dims}; choose with data.sel)"
        raise ValueError(checks.wrong("variable", allowed, variable))
    right = dims[1] if x is None else checks.choice("x", x, dims)
    up = dims[0] if right == dims[1] else dims[1]
    values = np.ma.masked_invalid(np.asarray(data[variable].transpose(up, right), float))
    ax = new_axes(ax)
    across, along = _place(ax.xaxis, data, right), _place(ax.yaxis, data, up)
    rows, columns = np.argsort(along), np.argsort(across)
    edges = _edges(across[columns], ax.get_xscale()), _edges(along[rows], ax.get_yscale())
    if log is None:  # a share is easier to read without
        log = (
            data[variable].attrs.get("units") != "1"
            and values.count() > 0
            and 0.0 < _WIDE * values.min() < values.max()
        )
    own: dict[str, Any] = {"norm": LogNorm() if log else None, "rasterized": True}
    if not log and _is_share(data[variable], values) and not {"norm", "vmin", "vmax"} & options.keys():
        own |= {"vmin": 0.0, "vmax": 1.0}
    mesh = ax.pcolormesh(*edges, values[np.ix_(rows, columns)], **own | options)
    for axis, dim, places in ((ax.xaxis, right, across), (ax.yaxis, up, along)):
        if _has_numbers(data[dim]):
            _mark(axis, places)
    bar = ax.figure.colorbar(mesh, ax=ax, label=_words(variable) if label is None else label)
    if log:
        log_numbers(bar.ax.yaxis)
    doubts = f"{variable}_doubt"
    if doubts in data:
        j, k = np.nonzero(np.asarray(data[doubts].transpose(up, right)) != "")
        if len(j):
            draw_hollow(ax, across[k], along[j], look(ax).ink, "X", "not to be relied on")
    name_axes(ax, _words(right), _words(up))
    add_legend(ax, show=legend)
    return ax


def _is_share(variable: Any, values: Any) -> bool:
    """Tell whether a variable is a share or a probability, which are compared between 0 and 1."""
    named = variable.attrs.get("units") == "1" and values.count() > 0
    return bool(named and values.min() >= 0.0 and values.max() <= 1.0)


def _has_numbers(values: Any) -> bool:
    return values.dtype.kind in "iuf"


def _mark(axis: Axis, places: Floats) -> None:
    """Put ticks at the values that were swept; where they are too close to be read, at some of them."""
    at = np.sort(places)
    scaled = np.log(at) if axis.get_scale() == "log" else at
    least = _CLOSEST * (scaled[-1] - scaled[0])
    chosen = [0]
    for k in range(1, len(at)):
        if scaled[k] - scaled[chosen[-1]] >= least:
            chosen.append(k)
    axis.set_ticks(at[chosen], labels=[f"{value:g}" for value in at[chosen]])
    axis.set_minor_locator(NullLocator())


def _words(name: object) -> str:
    return str(name).replace("_", " ")


def _place(axis: Axis, data: Any, dim: str) -> Floats:
    """Return where the points of a dimension stand: numbers on their scale, names one after the other."""
    values: NDArray[Any] = np.asarray(data[dim])
    places: Floats = np.arange(float(values.size))
    if not _has_numbers(values):
        axis.set_ticks(places, labels=[str(value) for value in values])
        return places
    places = values.astype(np.float64)
    if places.min() > 0.0 and places.max() > _WIDE * places.min():
        (axis.axes.set_xscale if axis is axis.axes.xaxis else axis.axes.set_yscale)("log")
    return places


def _edges(places: Floats, scale: str) -> Floats:
    """Return the borders of cells around places that increase, halfway between them on their scale."""
    at = np.log(places) if scale == "log" else places
    half = np.diff(at) / 2.0 if len(at) > 1 else np.full(1, 0.5)
    edges = np.concatenate([at[:1] - half[:1], at[:-1] + half[: len(at) - 1], at[-1:] + half[-1:]])
    return np.exp(edges) if scale == "log" else edges
