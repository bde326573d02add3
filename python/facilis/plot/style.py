"""What all pictures share: colours, new axes, the stimulus as a band of time, one legend."""

import textwrap
from collections.abc import Iterable
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from .. import checks
from ..model.stimulus import Pulse

# Colours of Okabe and Ito, told apart by colour-blind readers too. One meaning each, in every picture.
POTENTIAL = "#0072B2"
CALCIUM = "#D55E00"
STIMULUS = "#F0E442"
RUNS = ("#009E73", "#CC79A7", "#56B4E9", "#E69F00")
INK = "#222222"
FAINT = "#B8B8B8"
SHADES = ("#F1F1F1", "#DCEBF5", "#FBE9DC")  # of areas, behind everything


def new_axes(ax: Axes | None) -> Axes:
    """Return the axes given, or those of a new figure, without the box around."""
    if not isinstance(ax, Axes | None):
        raise TypeError(checks.wrong("ax", "a matplotlib Axes or None", ax))
    if ax is None:
        ax = plt.subplots(figsize=(6.0, 3.6), layout="constrained")[1]
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def new_figure(figure: Figure | SubFigure | None, size: tuple[float, float]) -> Figure | SubFigure:
    """Return the figure given, or a new one of that size in inches."""
    return plt.figure(figsize=size, layout="constrained") if figure is None else figure


def mark_stimulus(ax: Axes, pulses: Iterable[Pulse]) -> None:
    """Shade the times of the pulses, behind everything."""
    for k, pulse in enumerate(pulses):
        label = None if k else "stimulus"
        ax.axvspan(pulse.start, pulse.stop, color=STIMULUS, alpha=0.4, lw=0, zorder=0, label=label)


def span_time(ax: Axes, start: float, stop: float) -> None:
    """Let the axis of time go from start to stop; around a single time there is some room."""
    if stop > start:
        ax.set_xlim(start, stop)


def note_below(ax: Axes, text: str) -> None:
    """Write a remark below the label of the horizontal axis, in lines as wide as the figure is."""
    root = ax.figure.figure  # of a subfigure the figure, of a figure itself, in every version of matplotlib
    characters = max(20, int(11.0 * root.get_size_inches()[0]))
    ax.set_xlabel("\n".join([ax.get_xlabel(), *textwrap.wrap(text, characters)]))


def legend(ax: Axes, *twins: Axes, **options: Any) -> None:
    """Put one legend on top of the axes and its twins."""
    entries = [entry for one in (ax, *twins) for entry in zip(*one.get_legend_handles_labels(), strict=True)]
    entries.sort(key=lambda entry: entry[1] == "stimulus")  # which comes last
    settings = {"fontsize": "small", "handlelength": 1.6, "edgecolor": "none", "framealpha": 0.85} | options
    (twins or (ax,))[-1].legend(*zip(*entries, strict=True), **settings)
