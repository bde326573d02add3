"""The laws that are fitted to memory times, with the verdict on them in words."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from ..memory import exponential
from ..memory.doubt import LEVEL
from ..memory.times import MemoryTimes
from ..result import Floats
from .style import look


@dataclass(frozen=True)
class Law:
    """A shifted exponential law of a share of the networks, drawn from a time on."""

    name: str
    start: float
    share: float
    shift: float
    scale: float

    def survival(self, t: Floats) -> Floats:
        """Return the probability of a longer time."""
        return np.asarray(self.share * np.exp(-np.maximum(t - self.shift, 0.0) / self.scale))

    def density(self, t: Floats) -> Floats:
        """Return the density of these networks' times."""
        return np.where(t >= self.shift, self.survival(t) / self.scale, 0.0)


def draw_laws(ax: Axes, times: MemoryTimes, curve: Literal["survival", "density"], stop: float) -> None:
    """Draw the laws that are fitted to memory times, up to a time: the first dashed, the second dotted."""
    for law, dashes in zip(laws(times), ("--", ":"), strict=False):
        t = np.linspace(law.start, stop, 400)
        ax.plot(t, getattr(law, curve)(t), dashes, color=look(ax).ink, lw=1.2, label=law.name)


def laws(times: MemoryTimes) -> list[Law]:
    """Return the shifted exponential law, and after it that of two populations where the first does not hold."""
    shift, excess, exits = exponential.fit(times.known_time(), times.exited)
    if not (exits and 0.0 < excess < np.inf):
        return []
    found = [Law(f"shifted exponential, {_verdict(times)}", shift, 1.0, shift, excess / exits)]
    return found + _mixture(times) if times.doubt() is not None else found


def _verdict(times: MemoryTimes) -> str:
    p = times._p_value
    if np.isnan(p):
        return "not tested"
    return f"$p = {p:.2g}$" if p > LEVEL else f"refuted: $p = {p:.2g}$"


def _mixture(times: MemoryTimes) -> list[Law]:
    try:
        found = times.mixture()
    except ValueError:
        return []  # one population, for all that can be seen
    later = times.time > found.split
    shift, excess, exits = exponential.fit(times.time[later], times.exited[later])
    share = 1.0 - found.not_remembered.value
    return [
        Law(f"{share:.0%} remembered, mean {found.remembered.value:.3g}", shift, share, shift, excess / exits)
    ]
