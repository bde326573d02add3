"""What an advance shall keep and when it shall stop: a user's options, in the form that the core takes."""

from dataclasses import dataclass, fields
from math import inf
from types import NoneType
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, checks, ram
from ..model.model import Model
from ..times import grid_times, times
from .region import Region, told

OnInterrupt: TypeAlias = Literal["raise", "return"]

_MOST_RECORDED_SPIKES = 10_000_000
# Bytes of a neuron's potential and calcium.
STATE = 16


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
    final: bool

    def told(self) -> dict[str, Any]:
        """Return what tells advances apart."""
        options = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "final"}
        return options | {"region": told(self.region)}

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


def plan(
    n: int,
    start: float,
    stimulus_end: float,
    until: object,
    *,
    grid: ArrayLike | None,
    spikes: bool | ArrayLike,
    watch: ArrayLike | None,
    snapshots: ArrayLike | None,
    exit_from: Region | None,
    exit_after: float | None,
    max_spikes: int | None,
    final: bool,
) -> Plan:
    """Return the options of an advance of `n` neurons from `start` on, checked."""
    end = checks.number("until", until, f"a time >= {start!r}, or inf")
    kept = kept_spikes(spikes, n)
    checks.instance("exit_from", exit_from, Region, NoneType)
    kept_final = checks.truth("final", final)
    require_memory(n, new=False, final=kept_final, grid=grid, watch=watch, snapshots=snapshots)
    return Plan(
        until=end,
        times=grid_times(grid, start, end),
        snapshots=None if snapshots is None else times("snapshots", snapshots, start, end),
        watch=None if watch is None else neurons("watch", watch, n),
        spikes=kept,
        region=exit_from,
        exit_after=exit_start(exit_after, stimulus_end),
        max_spikes=spike_bound(max_spikes, kept),
        final=kept_final,
    )


def require_memory(
    n: int, *, new: bool, final: object, grid: object, watch: object, snapshots: object
) -> None:
    """Refuse a run whose network, if it is a `new` one, and whose result do not fit in the memory."""
    points, watched, states = _size(grid), _size(watch), _size(snapshots)
    ram.require(
        n=n * STATE * ((final is not False) + new),
        # The times and their copy, the four means; each neuron's two values, the second while it is turned round.
        grid=48 * points,
        watch=24 * watched * points,
        snapshots=STATE * n * states,
    )


def _size(value: Any) -> int:
    """Return how many times or neurons are asked for; what is none of both is refused later."""
    if value is None:  # as most are
        return 0
    if checks.is_count(value):
        return min(max(int(value), 0), 2**63)
    try:
        return len(value)
    except Exception:  # whatever it is, it is looked at later
        return 0


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
        way = "start inside, by potential= and calcium=, or let a stimulus lead it in"
        raise ValueError(f"exit_from must be {allowed}, got {given}: {way}")


def neurons(name: str, value: ArrayLike, n: int) -> NDArray[np.uint32]:
    """Return indices of neurons, which the core wants to be below `n`."""
    allowed = f"an array of distinct neuron indices from 0 to {n - 1}"
    array = checks.as_array(name, value, allowed)
    if array.ndim != 1 or (array.dtype.kind not in "iu" and array.size > 0):
        raise TypeError(checks.wrong(name, allowed, value))
    if not array.size:
        return np.empty(0, np.uint32)
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
