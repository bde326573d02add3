"""The stimulus: pulses of a current that all neurons get alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .. import _core, checks


@dataclass(frozen=True)
class Pulse:
    """A current from `start` to `stop`; where pulses overlap they add.

    Parameters
    ----------
    start, stop : float
        Times, finite, 0 <= start < stop.
    current : float
        What it adds to dU/dt meanwhile, finite and >= 0.
    """

    start: float
    stop: float
    current: float

    def __post_init__(self) -> None:
        for name in ("start", "stop", "current"):
            object.__setattr__(self, name, checks.number(name, getattr(self, name)))
        core((self,))


Stimulus: TypeAlias = Pulse | Sequence[Pulse]


def pulses(stimulus: Stimulus) -> tuple[Pulse, ...]:
    """Return a stimulus, one pulse or a sequence of them, as a tuple."""
    if isinstance(stimulus, Pulse):
        return (stimulus,)
    if not isinstance(stimulus, list | tuple) or not all(isinstance(pulse, Pulse) for pulse in stimulus):
        raise TypeError(checks.wrong("stimulus", "a Pulse or a sequence of them", stimulus))
    return tuple(stimulus)


def core(stimulus: tuple[Pulse, ...]) -> _core.Stimulus:
    """Return the core's form of a stimulus."""
    return _core.Stimulus([(pulse.start, pulse.stop, pulse.current) for pulse in stimulus])
