"""Where things stand in a picture: axes, their names, and numbers that can be read."""

import textwrap
from collections.abc import Iterable
from math import ceil
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure, SubFigure
from matplotlib.text import Text
from matplotlib.ticker import LogLocator, NullFormatter

from .. import checks
from ..model.stimulus import Pulse
from .style import STIMULUS

_NARROW = 4.5  # inches: in less, panels stand one above the other
SMALL = 2.7  # inches of a panel: in less, letters beside the data are smaller


def new_axes(ax: Axes | None, size: tuple[float, float] = (6.0, 3.6)) -> Axes:
    """Return the axes given, or those of a new figure, without the box around."""
    if not isinstance(ax, Axes | None):
        raise TypeError(checks.wrong("ax", "a matplotlib Axes or None", ax))
    return open_box(plt.subplots(figsize=size, layout="constrained")[1]) if ax is None else ax


def open_box(ax: Axes) -> Axes:
    """Take away the upper and the right side of the box around."""
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def panels(
    figure: Figure | SubFigure | None,
    size: tuple[float, float],
    wide: list[Any],
    narrow: list[Any] | None = None,
    **options: Any,
) -> dict[str, Axes]:
    """Return panels by name, in the figure given or in a new one of that size in inches.

    In a narrow figure they stand as `narrow` says; `options` are those of `subplot_mosaic` for a wide one.
    """
    if not isinstance(figure, Figure | SubFigure | None):
        raise TypeError(checks.wrong("figure", "a matplotlib Figure, a SubFigure or None", figure))
    if figure is None:
        figure = plt.figure(figsize=size, layout="constrained")
    elif isinstance(figure, Figure) and not figure.axes and figure.get_layout_engine() is None:
        figure.set_layout_engine("constrained")  # nothing is in it yet that this could move
    if narrow is not None and figure.bbox.width / figure.dpi < _NARROW:
        axes = figure.subplot_mosaic(narrow)
    else:
        axes = figure.subplot_mosaic(wide, **options)
    return {name: open_box(ax) for name, ax in axes.items()}


def name_axes(ax: Axes, x: str, y: str) -> None:
    """Name both axes, in lines that stay within the panel."""
    fit_text(ax.xaxis.label, x, ax.bbox.width)
    fit_text(ax.yaxis.label, y, 0.9 * ax.bbox.height)


def note_below(ax: Axes, text: str) -> None:
    """Write a remark below the name of the horizontal axis."""
    label, name = ax.xaxis.label, ax.get_xlabel()
    label.set_fontsize("small" if ax.bbox.width / ax.figure.dpi > SMALL else "x-small")
    fit_text(label, text, ax.bbox.width)
    label.set_text(f"{name}\n{label.get_text()}")


def fit_text(label: Text, text: str, pixels: float) -> None:
    """Break a text into lines that are not longer, as few and as much alike as possible."""
    label.set_text(text)
    lines = ceil(_length(label) / pixels)
    if lines < 2:
        return
    for letters in range(len(text) // lines, len(text) + 1):
        told = textwrap.wrap(text, max(1, letters), break_long_words=False)
        if len(told) <= lines:
            break
    label.set_text("\n".join(told))


def _length(label: Text) -> float:
    box = label.get_window_extent()
    return max(box.width, box.height)


def mark_stimulus(ax: Axes, pulses: Iterable[Pulse]) -> None:
    """Shade the times of the pulses, behind everything."""
    for k, pulse in enumerate(pulses):
        ax.axvspan(pulse.start, pulse.stop, label=None if k else "stimulus", **STIMULUS)


def span_time(ax: Axes, start: float, stop: float) -> None:
    """Let the axis of time go from start to stop; around a single time there is some room."""
    if stop > start:
        ax.set_xlim(start, stop)


def log_numbers(axis: Axis) -> None:
    """Write plain numbers, as many as can be read, on an axis that has a scale of logarithms."""
    low, high = sorted(axis.get_view_interval())
    few = high < 300.0 * low
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if few else (1.0,)))
    axis.set_minor_formatter(NullFormatter())
    if low >= 1e-4 and high < 1e6:
        axis.set_major_formatter(_plain)


def _plain(value: float, _: float) -> str:
    return f"{value:,g}"
