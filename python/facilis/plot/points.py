"""Points with their intervals."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.typing import ColorType as Color
from numpy.typing import ArrayLike

from .style import look, merge


def draw_points(
    ax: Axes,
    x: ArrayLike,
    ends: Sequence[ArrayLike],
    options: Mapping[str, Any],
    **own: Any,
) -> ErrorbarContainer:
    """Draw points with error bars, `ends` being values, low and high, and the line that joins them."""
    values, low, high = (np.asarray(one, float) for one in ends)
    bars = np.stack([values - low, high - values])
    form: dict[str, Any] = {} if "fmt" in options else {"marker": "o"}
    return ax.errorbar(
        x, values, bars, **merge({"ms": 4.0, "lw": 1.0, "capsize": 2.0, **form, **own}, options)
    )


def draw_hollow(ax: Axes, x: ArrayLike, y: ArrayLike, color: Color, marker: str, label: str) -> None:
    """Draw open marks for points that are not to be taken for the others."""
    form: dict[str, Any] = {
        "ls": "",
        "marker": marker,
        "ms": 6.0,
        "mec": color,
        "mfc": look(ax).paper,
        "zorder": 4.0,
    }
    ax.plot(x, y, **form, label=label)
