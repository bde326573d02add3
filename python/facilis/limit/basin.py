"""Basins of the limit equation: which equilibrium a start reaches, and the border of memory."""

from __future__ import annotations

from contextlib import suppress
from math import inf, nextafter

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, checks
from ..model.model import Model
from ..result import Floats
from .equilibria import Equilibrium, equilibria
from .separatrix import BOX


def basin(
    model: Model, potential: ArrayLike, calcium: ArrayLike, *, current: float = 0.0
) -> NDArray[np.int64]:
    """Return which equilibrium the limit equation reaches from each start.

    For nondecreasing rates orbits keep their order, and the stable manifolds of saddles are the borders: starts
    are compared with these curves. For other rates, and where a curve is too stiff to follow, each start is
    integrated.

    Parameters
    ----------
    model : Model
    potential, calcium : float or array_like
        The starts, finite and >= 0; they broadcast.
    current : float
        Constant current, finite, >= 0.

    Returns
    -------
    ndarray of int64, of the shape that `potential` and `calcium` broadcast to
        Index into ``equilibria(model, current)``; −1 where the solution grows without bound, as only an unbounded
        rate can make it.

    Raises
    ------
    RuntimeError
        If an orbit can't be followed, or reaches no equilibrium within 10⁷ times the slower decay, as on a cycle.

    Examples
    --------
    >>> import facilis as fc
    >>> fc.basin(fc.Model.example("bistable"), potential=[0.5, 2.0], calcium=[1.0, 9.0])
    array([0, 2])
    """
    checks.instance("model", model, Model)
    u, r = (
        checks.nonnegatives(name, value) for name, value in (("potential", potential), ("calcium", calcium))
    )
    try:
        shape = np.broadcast_shapes(u.shape, r.shape)
    except ValueError:
        raise ValueError(f"calcium must broadcast with potential, got {r.shape} and {u.shape}") from None
    points = equilibria(model, current)
    if model.rate.is_nondecreasing:
        # A curve that is too stiff to be followed leaves the orbits themselves.
        with suppress(RuntimeError):
            return _by_curves(model, points, u, r, shape, current)
    u, r = (np.ascontiguousarray(np.broadcast_to(a, shape)).ravel() for a in (u, r))
    return _core.destinations(model._handle, float(current), u, r).reshape(shape)


def _by_curves(
    model: Model,
    points: tuple[Equilibrium, ...],
    u: Floats,
    r: Floats,
    shape: tuple[int, ...],
    current: float,
) -> NDArray[np.int64]:
    """Compare starts with the stable manifolds of the saddles."""
    reached = np.full(shape, _label_above(model, points, -1, current), dtype=np.int64)
    if reached.size == 0:
        return reached
    # The box holds all saddles, because the curves start there.
    box = _beyond(u, [point.potential for point in points]), _beyond(r, [point.calcium for point in points])
    for k, point in enumerate(points):
        if not point.stable:
            border = _border(model, point, k, current, box, u)
            reached[np.broadcast_to(r > border, shape)] = _label_above(model, points, k, current)
            reached[np.broadcast_to(r == border, shape)] = k
    for k, point in enumerate(points):
        reached[np.broadcast_to((u == point.potential) & (r == point.calcium), shape)] = k
    return reached


def basin_borders(
    model: Model, equilibrium: int
) -> tuple[tuple[Floats, Floats] | None, tuple[Floats, Floats] | None]:
    """Return the lower and the upper border of a stable equilibrium's basin, None where it has none, for a Region.

    Lines through the points are off by less than 1e-6 of the saddle's coordinates.
    """
    checks.instance("model", model, Model)
    points = equilibria(model)
    if not checks.is_count(equilibrium):
        raise TypeError(
            checks.wrong("equilibrium", "an integer, an index into equilibria(model)", equilibrium)
        )
    if not model.rate.is_nondecreasing:
        raise ValueError(
            checks.wrong("model", "one with a nondecreasing rate, for a basin as a region", model)
        )
    if not -len(points) <= equilibrium < len(points):
        raise ValueError(
            checks.wrong("equilibrium", f"an index of one of {len(points)} equilibria", equilibrium)
        )
    index = int(equilibrium) % len(points)
    below, above = (
        _manifold(model, points, k) if 0 <= k < len(points) and not points[k].stable else None
        for k in (index - 1, index + 1)
    )
    if not points[index].stable or (below is None and above is None):
        text = checks.wrong(
            "equilibrium", "the index of a stable equilibrium with a saddle beside it", equilibrium
        )
        if len(points) == 1:  # a ghost's model is asked for a basin more often than any other
            text += (
                ": this model has one equilibrium and no saddle, so that nothing borders its basin. Where memory "
                "that does not last ends where the means leave a region like Region.potential_above(0.7)"
            )
        raise ValueError(text)
    return below, above


def _manifold(model: Model, points: tuple[Equilibrium, ...], k: int) -> tuple[Floats, Floats]:
    """Return the stable manifold of equilibrium `k`, with potentials that increase."""
    if points[k].potential == 0.0:
        return np.array([nextafter(0.0, inf)]), np.zeros(1)
    height = 10.0 * BOX * points[-1].calcium
    u, r = _core.manifold(model._handle, 0.0, k, inf, height, 3e-7)
    rises = np.concatenate([[True], u[1:] > np.maximum.accumulate(u)[:-1]])
    return u[rises], r[rises]


def _beyond(values: Floats, others: list[float]) -> float:
    """Return a number that exceeds all of these."""
    return max([float(values.max()), *others]) + 1.0


def _border(
    model: Model, point: Equilibrium, k: int, current: float, box: tuple[float, float], u: Floats
) -> Floats:
    """Return the calcium at the lower border of what lies above equilibrium `k`, for potentials `u`."""
    if point.potential == 0.0:
        return np.where(u > 0.0, -inf, inf)
    # The curve starts at the top of the box, or on the axis, and ends on the other axis.
    curve = _core.manifold(model._handle, float(current), k, *box, 1e-10)
    return np.interp(u, *curve, left=inf, right=-inf)


def _label_above(model: Model, points: tuple[Equilibrium, ...], k: int, current: float) -> int:
    """Return where states between the borders of equilibrium `k` and the next go; k = −1 stands for the bottom."""
    low = points[k].potential if k >= 0 else 0.0
    after = points[k + 1].potential if k + 1 < len(points) else 2.0 * low + 1.0
    # On the calcium nullcline just above k the sign of du/dt tells. If k = 0 is rest at potential 0, the
    # interval may be empty.
    u = 0.5 * (low + after) if after > low else nextafter(low, inf)
    change = model.vector_field(0.0, [u, model.rate(u) / model.lam], current)[0]
    if k < 0 and after == low:
        return 0
    if change < 0.0:
        return k if k >= 0 else 0
    return k + 1 if k + 1 < len(points) else -1
