"""The colours of all pictures, taken from the user's style, and keywords for the artists in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cbook import normalize_kwargs
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.typing import ColorType as Color

# Colours of Okabe and Ito, told apart by colour-blind readers too.
_OWN = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
STIMULUS: dict[str, Any] = {"color": "#F0E442", "alpha": 0.4, "lw": 0.0, "zorder": 0.0}
BAND = 0.25  # the opacity of bands, which are as dark as that on any background

_taken: WeakKeyDictionary[Axes, int] = WeakKeyDictionary()


@dataclass(frozen=True)
class Look:
    """The colours of one Axes, one meaning each: `ink` of its text, `paper` of its ground, and a cycle.

    The first of the cycle is the potential's, the second the calcium's, the others are for runs.
    """

    ink: Color
    paper: Color
    cycle: tuple[Color, ...]

    @property
    def potential(self) -> Color:
        """Of the mean potential and of what belongs to it."""
        return self.cycle[0]

    @property
    def calcium(self) -> Color:
        """Of the mean calcium and of what belongs to it."""
        return self.cycle[1 % len(self.cycle)]

    @property
    def runs(self) -> tuple[Color, ...]:
        """Of runs and of other results of which there may be several."""
        return self.cycle[2:] or self.cycle

    def faint(self, share: float = BAND) -> Color:
        """Return the ink, with that opacity."""
        return to_rgba(self.ink, share)


def look(ax: Axes) -> Look:
    """Return the colours of an Axes: those of the style in which it was made."""
    cycle = mpl.rcParams["axes.prop_cycle"]
    own = cycle == mpl.rcParamsDefault["axes.prop_cycle"]
    colors = _OWN if own else tuple(cycle.by_key().get("color", _OWN))
    paper = to_rgba(ax.get_facecolor())
    return Look(ax.xaxis.label.get_color(), paper if paper[3] else ax.figure.get_facecolor(), colors)


def next_color(ax: Axes) -> Color:
    """Return the colour of the next run, or of whatever is drawn in one Axes again and again."""
    _taken[ax] = _taken.get(ax, -1) + 1 if ax.has_data() else 0
    runs = look(ax).runs
    return runs[_taken[ax] % len(runs)]


def merge(own: Mapping[str, Any], given: Mapping[str, Any], kind: type[Artist] = Line2D) -> dict[str, Any]:
    """Return keywords for lines or others: our own, and over them the caller's, whatever their short names."""
    if "axes" in given:  # which matplotlib would take for its own
        raise TypeError("got an unexpected keyword argument 'axes'. Did you mean 'ax'?")
    return normalize_kwargs(dict(own), kind) | normalize_kwargs(dict(given), kind)
