"""Regions of the plane (mean potential, mean calcium), whose first exit is the end of a memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import ClassVar, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, checks
from ..limit.basin import memory_curve
from ..model.model import Model

Interval: TypeAlias = tuple[float, float]
Curve: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, repr=False)
class Region:
    """A box, cut by conditions "above the curve".

    Made by `potential_above`, `calcium_above`, `box` and their intersections ``a & b``.

    Parameters
    ----------
    potential, calcium : (float, float)
        Lower and upper bound of the means, both inside; infinite where there is none.
    curves : sequence of (array_like, array_like)
        Curves (potential, calcium) above which the calcium must be: piecewise linear, extended flat to the
        right and by +inf to the left.
    """

    potential: Interval = (-inf, inf)
    calcium: Interval = (-inf, inf)
    curves: tuple[Curve, ...] = ()
    _handle: ClassVar[_core.Region]  # of each instance; as a ClassVar it is no field

    def __post_init__(self) -> None:
        curves = list(_curves(self.curves))
        object.__setattr__(self, "potential", _interval("potential", self.potential))
        object.__setattr__(self, "calcium", _interval("calcium", self.calcium))
        object.__setattr__(self, "curves", tuple((tuple(u.tolist()), tuple(r.tolist())) for u, r in curves))
        object.__setattr__(self, "_handle", _core.Region(self.potential, self.calcium, curves))

    def __reduce__(self) -> tuple[type, tuple[Interval, Interval, tuple[Curve, ...]]]:
        return type(self), (self.potential, self.calcium, self.curves)

    @classmethod
    def potential_above(cls, x: float) -> Region:
        """Return the half-plane where the mean potential is `x` or above, a finite number."""
        return cls(potential=(checks.finite("x", x), inf))

    @classmethod
    def calcium_above(cls, x: float) -> Region:
        """Return the half-plane where the mean calcium is `x` or above, a finite number."""
        return cls(calcium=(checks.finite("x", x), inf))

    @classmethod
    def box(cls, potential: Interval = (-inf, inf), calcium: Interval = (-inf, inf)) -> Region:
        """Return a box with those lower and upper bounds, which may be infinite."""
        return cls(potential, calcium)

    @classmethod
    def basin(cls, model: Model, equilibrium: int = -1) -> Region:
        """Return the basin of a model's highest stable equilibrium: what lies above the saddle's stable manifold.

        The curve is piecewise linear, less than 1e-6 off relative to the saddle's coordinates or, where they are
        greater, its own; to the left of its points, where potentials are so small that calcium 40 times that of the
        equilibrium would be needed, all is outside.

        Parameters
        ----------
        model : Model
            One whose rate never decreases.
        equilibrium : int
            Index into ``equilibria(model)``: that of the highest stable one, which has a saddle below and none
            above.

        Raises
        ------
        ValueError
            If there is no such basin.
        """
        potential, calcium = memory_curve(model, equilibrium)
        return cls(curves=((tuple(potential.tolist()), tuple(calcium.tolist())),))

    def __and__(self, other: Region) -> Region:
        if not isinstance(other, Region):
            return NotImplemented
        return Region(
            _common(self.potential, other.potential),
            _common(self.calcium, other.calcium),
            tuple(dict.fromkeys(self.curves + other.curves)),
        )

    def contains(self, potential: ArrayLike, calcium: ArrayLike) -> bool | NDArray[np.bool_]:
        """Tell whether points are in the region; shapes broadcast, two numbers give a bool."""
        u = checks.reals("potential", potential, "real numbers")
        r = checks.reals("calcium", calcium, "real numbers")
        try:
            u, r = np.broadcast_arrays(u, r)
        except ValueError:
            allowed = f"of a shape that broadcasts with potential's {u.shape}"
            raise ValueError(checks.wrong("calcium", allowed, calcium)) from None
        inside = self._handle.contains(u.ravel(), r.ravel()).reshape(u.shape)
        return bool(inside) if u.ndim == 0 else inside

    def __repr__(self) -> str:
        parts = [
            f"{name}={bounds}"
            for name, bounds in (("potential", self.potential), ("calcium", self.calcium))
            if bounds != (-inf, inf)
        ]
        parts += [f"above a curve of {len(potential)} points" for potential, _ in self.curves]
        return f"Region({', '.join(parts)})"


def _interval(name: str, bounds: Interval) -> Interval:
    allowed = "(low, high) with low <= high"
    if not isinstance(bounds, tuple | list | np.ndarray):
        raise TypeError(checks.wrong(name, allowed, bounds))
    if len(bounds) != 2:
        raise ValueError(checks.wrong(name, allowed, bounds))
    low, high = (checks.number(name, bound, allowed) for bound in bounds)
    return low, high


def _curves(curves: object) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Yield curves in the form that the core takes."""
    allowed = "a sequence of pairs of 1-d arrays of numbers"
    for curve in curves if isinstance(curves, list | tuple) else (curves,):
        if not isinstance(curve, list | tuple) or len(curve) != 2:
            raise TypeError(checks.wrong("curves", allowed, curves))
        potential, calcium = (checks.reals("curves", part, allowed) for part in curve)
        if potential.ndim != 1 or calcium.ndim != 1:
            raise ValueError(checks.wrong("curves", allowed, curves))
        yield potential, calcium


def _common(a: Interval, b: Interval) -> Interval:
    return max(a[0], b[0]), min(a[1], b[1])
