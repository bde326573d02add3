"""Basins of the limit equation: which equilibrium a start reaches, and the border of memory."""

from __future__ import annotations

from math import inf, nextafter

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, checks
from ..model.model import Model
from ..result import Floats
from .equilibria import Equilibrium, equilibria
from .separatrix import BOX

_AT_ONCE = 8192  # starts integrated between looks at Ctrl-C


def basin(
    model: Model, potential: ArrayLike, calcium: ArrayLike, *, current: float = 0.0
) -> NDArray[np.int64]:
    """Return which equilibrium the limit equation reaches from each start.

    For nondecreasing rates orbits keep their order, and the stable manifolds of saddles are the borders: starts
    are compared with these curves. For other rates each start is integrated.

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
        Index into ``equilibria(model, current)``; −1 where the solution grows without bound. For rates that also
        fall, −1 too where no equilibrium is reached within 10⁴ times the slower decay.
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
    if not model.rate.is_nondecreasing:
        u, r = (np.ascontiguousarray(np.broadcast_to(a, shape)).ravel() for a in (u, r))
        starts = ((u[k : k + _AT_ONCE], r[k : k + _AT_ONCE]) for k in range(0, u.size, _AT_ONCE))
        found = [_core.destinations(model._handle, float(current), *part) for part in starts]
        return np.concatenate([np.empty(0, np.int64), *found]).reshape(shape)
    reached = np.full(shape, _label_above(model, points, -1, current), dtype=np.int64)
    if reached.size == 0:
        return reached
    # With all saddles inside, for the curves start from them.
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
    index = equilibrium % len(points)
    below, above = (
        _manifold(model, points, k) if 0 <= k < len(points) and not points[k].stable else None
        for k in (index - 1, index + 1)
    )
    if not points[index].stable or (below is None and above is None):
        allowed = "the index of a stable equilibrium with a saddle beside it"
        raise ValueError(checks.wrong("equilibrium", allowed, equilibrium))
    return below, above


def _manifold(model: Model, points: tuple[Equilibrium, ...], k: int) -> tuple[Floats, Floats]:
    """Return the stable manifold of equilibrium `k`, with potentials that increase."""
    if points[k].potential == 0.0:
        return np.array([nextafter(0.0, inf)]), np.zeros(1)
    height = 10.0 * BOX * points[-1].calcium
    u, r = _core.manifold(model._handle, 0.0, k, inf, height, 3e-7)
    rises = np.concatenate([[True], np.diff(u) > 0.0])
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
    # On the calcium nullcline just above k the sign of du/dt tells; at k = 0 = rest there may be nothing below.
    u = 0.5 * (low + after) if after > low else nextafter(low, inf)
    change = model.vector_field(0.0, [u, model.rate(u) / model.lam], current)[0]
    if k < 0 and after == low:
        return 0
    if change < 0.0:
        return k if k >= 0 else 0
    return k + 1 if k + 1 < len(points) else -1
