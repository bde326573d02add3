"""Networks as dots in the plane of potential and calcium, and ellipses that tell how far they spread."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from ..result import Floats
from .style import look, merge


def draw_cloud(ax: Axes, u: ArrayLike, r: ArrayLike, options: Mapping[str, Any], **own: Any) -> None:
    """Draw a faint dot for each network."""
    form: dict[str, Any] = {"ls": "", "marker": ".", "color": look(ax).ink, "mew": 0.0}
    ax.plot(u, r, **merge({**form, **own}, options))


def draw_ellipse(
    ax: Axes, centre: tuple[float, float], covariance: Floats, share: float, line: str, **form: Any
) -> None:
    """Draw the ellipse in which a Gaussian cloud has that share of its dots."""
    angle = np.linspace(0.0, 2.0 * np.pi, 361)
    circle = np.sqrt(-2.0 * np.log1p(-share)) * np.stack([np.cos(angle), np.sin(angle)])
    u, r = np.linalg.cholesky(covariance) @ circle
    ax.plot(centre[0] + u, centre[1] + r, line, lw=1.5, **form)
