"""The stimulus: pulses of a current that all neurons get alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .. import _core, card, checks


@dataclass(frozen=True)
class Pulse:
    """A current from `start` to `stop`; where pulses overlap they add.

    Parameters
    ----------
    start, stop : float
        Times, finite, 0 <= start < stop.
    current : float
        What it adds to dU/dt meanwhile, finite and >= 0.

    Examples
    --------
    >>> fc.Pulse(start=10.0, stop=30.0, current=3.0)
    Pulse(start=10.0, stop=30.0, current=3.0)
    """

    start: float
    stop: float
    current: float

    def __post_init__(self) -> None:
        for name in ("start", "stop", "current"):
            object.__setattr__(self, name, checks.number(name, getattr(self, name)))
        if self.stop <= self.start:
            raise ValueError(
                checks.wrong("stop", f"a finite number > start, which is {self.start!r}", self.stop)
            )
        Current((self,))  # refuses other bad values

    def _repr_html_(self) -> str:
        return card.card("Pulse", card.table(card.parts(self)))


Stimulus: TypeAlias = Pulse | Sequence[Pulse]


@dataclass(frozen=True)
class Current:
    """The current that some pulses make: what a stimulus is once it has been checked and converted."""

    pulses: tuple[Pulse, ...]
    handle: _core.Stimulus = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pulses = [(pulse.start, pulse.stop, pulse.current) for pulse in self.pulses]
        object.__setattr__(self, "handle", _core.Stimulus(pulses))

    @classmethod
    def of(cls, stimulus: Stimulus) -> "Current":
        """Return the current of a stimulus, one pulse or a sequence of them."""
        if isinstance(stimulus, Pulse):
            return cls((stimulus,))
        if isinstance(stimulus, tuple) and not stimulus:
            return _NO_CURRENT
        if not isinstance(stimulus, list | tuple) or not all(isinstance(pulse, Pulse) for pulse in stimulus):
            raise TypeError(checks.wrong("stimulus", "a Pulse or a sequence of them", stimulus))
        return cls(tuple(stimulus))

    @property
    def end(self) -> float:
        """The end of the last pulse, 0 without pulses."""
        return self.handle.end

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), (self.pulses,)


_NO_CURRENT = Current(())
