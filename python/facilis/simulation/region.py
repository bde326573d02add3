"""Regions of the plane (mean potential, mean calcium), whose first exit is the end of a memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import ClassVar, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, checks
from ..limit.basin import basin_borders
from ..model.model import Model

Interval: TypeAlias = tuple[float, float]
HalfPlane: TypeAlias = tuple[float, float, float]
Curve: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, repr=False)
class Region:
    """A box, cut by half-planes and by curves.

    Made by `potential_above`, `calcium_above`, `box`, `half_plane`, `basin` and their intersections ``a & b``.

    Parameters
    ----------
    potential, calcium : (float, float)
        Lower and upper bound of the means, both inside; infinite where there is none.
    half_planes : sequence of (float, float, float)
        Numbers (a, b, c): a·potential + b·calcium must be c or above.
    curves : sequence of (array_like, array_like)
        Curves (potential, calcium) above which the calcium must be: piecewise linear, extended flat to the
        right and by +inf to the left.
    ceilings : sequence of (array_like, array_like)
        Such curves below which it must be.

    Examples
    --------
    >>> region = fc.Region.potential_above(0.7) & fc.Region.calcium_above(5.0)
    >>> region.contains([2.0, 0.5], [9.0, 9.0])
    array([ True, False])
    """

    potential: Interval = (-inf, inf)
    calcium: Interval = (-inf, inf)
    half_planes: tuple[HalfPlane, ...] = ()
    curves: tuple[Curve, ...] = ()
    ceilings: tuple[Curve, ...] = ()
    _handle: ClassVar[_core.Region]  # of each instance; as a ClassVar it is no field

    def __post_init__(self) -> None:
        floors, ceilings = (list(_curves(name, getattr(self, name))) for name in ("curves", "ceilings"))
        object.__setattr__(self, "potential", _interval("potential", self.potential))
        object.__setattr__(self, "calcium", _interval("calcium", self.calcium))
        object.__setattr__(self, "half_planes", _half_planes(self.half_planes))
        object.__setattr__(self, "curves", _hashable(floors))
        object.__setattr__(self, "ceilings", _hashable(ceilings))
        handle = _core.Region(self.potential, self.calcium, self.half_planes, floors, ceilings)
        object.__setattr__(self, "_handle", handle)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.potential, self.calcium, self.half_planes, self.curves, self.ceilings)

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
    def half_plane(cls, *, potential: float = 0.0, calcium: float = 0.0, above: float) -> Region:
        """Return the half-plane where potential·u + calcium·r is `above` or more, u and r being the means.

        Parameters
        ----------
        potential, calcium : float
            The weights of mean potential and mean calcium, finite, not both 0; they may be negative.
        above : float
            Finite.

        Raises
        ------
        TypeError, ValueError
            If a number has a value that is not allowed.

        Examples
        --------
        >>> import facilis as fc
        >>> fc.Region.half_plane(potential=1.0, calcium=0.1, above=1.5).contains(1.0, 6.0)
        True
        """
        return cls(half_planes=((potential, calcium, above),))

    @classmethod
    def basin(cls, model: Model, equilibrium: int = -1) -> Region:
        """Return the basin of a stable equilibrium.

        It lies between the stable manifolds of the saddles beside it. These curves are piecewise linear, less than
        1e-6 off relative to the saddle's coordinates or, where they are greater, their own. To the left of their
        points, where calcium 40 times that of the highest equilibrium would be needed to get above them, all is
        below.

        Parameters
        ----------
        model : Model
            One whose rate never decreases.
        equilibrium : int
            Index into ``equilibria(model)``: that of a stable one with a saddle beside it.

        Raises
        ------
        ValueError
            If there is no such basin, as where rest is the only equilibrium: there memory is the slow passage of a
            ghost, and `potential_above` tells when it ends.
        """
        below, above = ([] if border is None else [border] for border in basin_borders(model, equilibrium))
        return cls(curves=_hashable(below), ceilings=_hashable(above))

    def __and__(self, other: Region) -> Region:
        if not isinstance(other, Region):
            return NotImplemented
        return Region(
            _common(self.potential, other.potential),
            _common(self.calcium, other.calcium),
            tuple(dict.fromkeys(self.half_planes + other.half_planes)),
            tuple(dict.fromkeys(self.curves + other.curves)),
            tuple(dict.fromkeys(self.ceilings + other.ceilings)),
        )

    def contains(self, potential: ArrayLike, calcium: ArrayLike) -> bool | NDArray[np.bool_]:
        """Tell whether points are in the region; shapes broadcast, two numbers give a bool."""
        u, r = checks.places("potential", potential), checks.places("calcium", calcium)
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
        parts += [f"{a!r}*potential + {b!r}*calcium >= {c!r}" for a, b, c in self.half_planes]
        parts += [f"above a curve of {len(potential)} points" for potential, _ in self.curves]
        parts += [f"below a curve of {len(potential)} points" for potential, _ in self.ceilings]
        return f"Region({', '.join(parts)})"


def _interval(name: str, bounds: Interval) -> Interval:
    allowed = "(low, high) with low <= high"
    if not isinstance(bounds, tuple | list | np.ndarray) or getattr(bounds, "ndim", 1) != 1:
        raise TypeError(checks.wrong(name, allowed, bounds))
    if len(bounds) != 2:
        raise ValueError(checks.wrong(name, allowed, bounds))
    low, high = (checks.number(name, bound, allowed) for bound in bounds)
    return low, high


def _half_planes(half_planes: object) -> tuple[HalfPlane, ...]:
    allowed = "a sequence of three numbers each"
    if not isinstance(half_planes, list | tuple):
        raise TypeError(checks.wrong("half_planes", allowed, half_planes))
    found = []
    for half_plane in half_planes:
        if not isinstance(half_plane, list | tuple) or len(half_plane) != 3:
            raise TypeError(checks.wrong("half_planes", allowed, half_planes))
        names = ("potential", "calcium", "above")
        a, b, c = (checks.number(name, value) for name, value in zip(names, half_plane, strict=True))
        found.append((a, b, c))
    return tuple(found)


def _curves(name: str, curves: object) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Yield curves in the form that the core takes."""
    allowed = "a sequence of pairs of 1-d arrays of numbers"
    for curve in curves if isinstance(curves, list | tuple) else (curves,):
        if not isinstance(curve, list | tuple) or len(curve) != 2:
            raise TypeError(checks.wrong(name, allowed, curves))
        potential, calcium = (checks.reals(name, part, allowed) for part in curve)
        if potential.ndim != 1 or calcium.ndim != 1:
            raise ValueError(checks.wrong(name, allowed, curves))
        yield potential, calcium


def _hashable(curves: list[tuple[NDArray[np.float64], NDArray[np.float64]]]) -> tuple[Curve, ...]:
    return tuple((tuple(potential.tolist()), tuple(calcium.tolist())) for potential, calcium in curves)


def _common(a: Interval, b: Interval) -> Interval:
    return max(a[0], b[0]), min(a[1], b[1])


def told(region: Region | None) -> Region | str | None:
    """Return what tells regions apart in a file; the many points of curves are stood for by their digest."""
    if region is None or not region.curves + region.ceilings:
        return region
    points = hashlib.sha256(repr(region.curves + region.ceilings).encode()).hexdigest()
    return f"{region!r}, SHA-256 {points}"
