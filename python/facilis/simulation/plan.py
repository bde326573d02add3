"""What an advance shall keep and when it shall stop: a user's options, in the form that the core takes."""

from dataclasses import dataclass
from math import inf
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, checks
from ..model.model import Model
from .region import Region

OnInterrupt: TypeAlias = Literal["raise", "return"]

_MOST_RECORDED_SPIKES = 10_000_000


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan:
    """The options of one advance; times are absolute."""

    until: float
    times: NDArray[np.float64]
    snapshots: NDArray[np.float64] | None
    watch: NDArray[np.uint32] | None
    spikes: bool | NDArray[np.uint32]
    region: Region | None
    exit_after: float
    max_spikes: int | None

    def recording(self, simulation: _core.Simulation) -> _core.Recording:
        """Return what the core makes of it."""
        return _core.Recording(
            simulation,
            self.until,
            self.times,
            np.empty(0) if self.snapshots is None else self.snapshots,
            np.empty(0, np.uint32) if self.watch is None else self.watch,
            self.spikes,
            None if self.region is None else self.region._handle,
            self.exit_after,
            self.max_spikes,
        )


def check_end(model: Model, until: float, region: Region | None, max_spikes: int | None) -> None:
    """Refuse a run that nothing can end: without a time, an exit or a bound, and never at rest."""
    bounded = until < inf or region is not None or max_spikes is not None
    if not bounded and model.rate(0.0) > 0.0:
        text = "finite, or exit_from or max_spikes given, as a network whose rate(0) > 0 never rests"
        raise ValueError(checks.wrong("until", text, until))


def check_start(
    region: Region | None, exit_after: float, t: float, means: tuple[float, float], pulsed: bool
) -> None:
    """Refuse to wait for the exit of a network that is outside before anything could lead it in."""
    begun = exit_after < t or (exit_after == t and not pulsed)
    if region is not None and begun and not region.contains(*means):
        allowed = f"a region with the network inside at t = {t!r}"
        given = f"mean potential {means[0]!r}, mean calcium {means[1]!r}, outside {region!r}"
        raise ValueError(f"exit_from must be {allowed}, got {given}")


def neurons(name: str, value: ArrayLike, n: int) -> NDArray[np.uint32]:
    """Return indices of neurons, which the core wants to be below `n`."""
    allowed = f"an array of distinct neuron indices from 0 to {n - 1}"
    try:
        array = np.asarray(value)
    except ValueError:
        raise TypeError(checks.wrong(name, allowed, value)) from None
    if array.ndim != 1 or (array.dtype.kind not in "iu" and array.size > 0):
        raise TypeError(checks.wrong(name, allowed, value))
    bad = (array < 0) | (array > checks.MOST_NEURONS)
    if bad.any():
        raise ValueError(f"{name} must be {allowed}, got {checks.first(name, array, bad)}")
    if np.unique(array).size < array.size:
        raise ValueError(checks.wrong(name, allowed, value))
    return np.ascontiguousarray(array, dtype=np.uint32)


def kept_spikes(value: object, n: int) -> bool | NDArray[np.uint32]:
    """Return whether spikes are kept, or of which neurons."""
    return bool(value) if checks.is_bool(value) else neurons("spikes", value, n)  # type: ignore[arg-type]


def exit_start(value: object, stimulus_end: float) -> float:
    """Return the time from which exits are detected: by default from the end of the stimulus."""
    return (
        stimulus_end if value is None else checks.number("exit_after", value, "a finite time >= 0, or None")
    )


def spike_bound(value: object, spikes: bool | NDArray[np.uint32]) -> int | None:
    """Return the most spikes of a run: by default only a run that keeps spikes, in memory, has a bound."""
    if value is None:
        return None if spikes is False else _MOST_RECORDED_SPIKES
    return checks.count("max_spikes", value, most=2**64 - 1)
