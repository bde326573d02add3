"""Spiking rates: how often a neuron spikes at a given potential."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, card, checks


class Rate:
    """A spiking rate φ: [0, ∞) → [0, ∞), in spikes per unit of time.

    ``rate(potential)`` is φ, elementwise on any shape; a number gives a float. A negative potential, which
    rounding can make, counts as 0. Rates are frozen and compare by value.
    """

    _handle: _core.Rate
    _make: ClassVar[Callable[..., _core.Rate]]

    def __post_init__(self) -> None:
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]
        for name in names:
            object.__setattr__(self, name, checks.number(name, getattr(self, name)))
        object.__setattr__(self, "_handle", self._make(*(getattr(self, name) for name in names)))

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple(getattr(self, field.name) for field in fields(self))  # type: ignore[arg-type]

    @overload
    def __call__(self, potential: float) -> float: ...
    @overload
    def __call__(self, potential: NDArray[Any] | Sequence[Any]) -> NDArray[np.float64]: ...
    def __call__(self, potential: ArrayLike) -> float | NDArray[np.float64]:
        """Return φ(potential).

        Parameters
        ----------
        potential : float or array_like
            Finite potentials, of any shape.

        Returns
        -------
        float or ndarray of float64
            Spikes per unit of time, of the shape of `potential`.

        Raises
        ------
        TypeError, ValueError
            If `potential` is not made of real numbers, or one of them is not finite.
        """
        return _apply(self._handle.value, potential)

    @overload
    def derivative(self, potential: float) -> float: ...
    @overload
    def derivative(self, potential: NDArray[Any] | Sequence[Any]) -> NDArray[np.float64]: ...
    def derivative(self, potential: ArrayLike) -> float | NDArray[np.float64]:
        """Return φ'(potential), the derivative from the right where φ has a corner.

        Parameters, shapes and errors are those of calling the rate.
        """
        return _apply(self._handle.derivative, potential)

    def _repr_html_(self) -> str:
        return card.card(type(self).__name__, card.table(card.parts(self)))

    @property
    def is_nondecreasing(self) -> bool:
        """Whether φ never decreases: then the limit equation has no cycles."""
        return self._handle.is_nondecreasing

    @property
    def is_bounded(self) -> bool:
        """Whether φ is bounded: then no finite time can hold infinitely many spikes."""
        return self._handle.is_bounded


def _apply(
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]], potential: ArrayLike
) -> float | NDArray[np.float64]:
    allowed = "finite real numbers"
    values = checks.reals("potential", potential, allowed)
    if not np.isfinite(values).all():
        raise ValueError(checks.wrong("potential", allowed, potential))
    result = function(values)
    return float(result) if values.ndim == 0 else result


@dataclass(frozen=True)
class Constant(Rate):
    """φ(u) = value: independent Poisson processes, whatever the synapses do.

    Parameters
    ----------
    value : float
        Spikes per unit of time, finite and >= 0.

    Examples
    --------
    >>> fc.Constant(2.0)(5.0)
    2.0
    """

    value: float
    _make = _core.Rate.constant


@dataclass(frozen=True)
class Linear(Rate):
    """φ(u) = base + slope·u: linear Hawkes processes; unbounded, so a run can end in an explosion.

    Parameters
    ----------
    slope : float
        Finite and >= 0.
    base : float
        Spontaneous rate, finite and >= 0.

    Examples
    --------
    >>> fc.Linear(slope=0.5, base=1.0)(2.0)
    2.0
    """

    slope: float
    base: float = 0.0
    _make = _core.Rate.linear


@dataclass(frozen=True)
class Hill(Rate):
    """φ(u) = base + top·u^power / (half^power + u^power).

    Parameters
    ----------
    top : float
        What the potential can add to the base, finite and >= 0.
    half : float
        The potential at which half of it is added, > 0: from 1e-300 to 1e100.
    power : float
        Steepness, finite and >= 1.
    base : float
        Spontaneous rate, finite and >= 0.

    Examples
    --------
    >>> print(fc.Hill(top=1.0, half=1.0, power=4)([0.0, 1.0, 2.0]).round(3))
    [0.    0.5   0.941]
    """

    top: float
    half: float
    power: float
    base: float = 0.0
    _make = _core.Rate.hill


@dataclass(frozen=True)
class Sigmoid(Rate):
    """φ(u) = top / (1 + exp(−(u − centre)/width)).

    Parameters
    ----------
    top : float
        The highest rate, finite and >= 0.
    centre : float
        The potential at which half of it is reached, finite.
    width : float
        Of the rise, > 0: from 1e-300 to 1e100.

    Examples
    --------
    >>> fc.Sigmoid(top=1.0, centre=1.0, width=0.2)(1.0)
    0.5
    """

    top: float
    centre: float
    width: float
    _make = _core.Rate.sigmoid


@dataclass(frozen=True)
class Ramp(Rate):
    """φ(u) = 0 up to `low`, then linear, then `top` from `high` on.

    Parameters
    ----------
    low : float
        The threshold, finite and >= 0.
    high : float
        Where the rate saturates, finite and > low.
    top : float
        The highest rate, finite and >= 0.

    Examples
    --------
    >>> print(fc.Ramp(low=0.5, high=2.5, top=1.0)([0.0, 1.5, 3.0]))
    [0.  0.5 1. ]
    """

    low: float
    high: float
    top: float
    _make = _core.Rate.ramp


@dataclass(frozen=True)
class Exponential(Rate):
    """φ(u) = min(cap, scale·exp(slope·u)).

    Parameters
    ----------
    scale : float
        The rate at potential 0, finite and >= 0.
    slope : float
        Finite and >= 0.
    cap : float
        The highest rate, > 0; inf for none, and then a run can end in an explosion.
    """

    scale: float
    slope: float
    cap: float
    _make = _core.Rate.exponential
