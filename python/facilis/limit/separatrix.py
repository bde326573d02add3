"""The stable manifold of a saddle: what separates two basins, and the memory threshold of a state."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from .. import _core, card, checks
from ..model.model import Model
from ..result import Floats
from .equilibria import Equilibrium, equilibria

BOX = 4.0  # default height of the curve, in units of the greatest calcium of an equilibrium


@dataclass(frozen=True, eq=False, repr=False)
class Curve(card.Shown):
    """The stable manifold of a saddle: a line through points of the phase plane.

    ``curve(potential)`` is the calcium on it, nan beyond its ends, where it is a function of the potential.

    Attributes
    ----------
    potential, calcium : ndarray of float64, shape (m,)
        The points in order along the curve, the branch towards smaller potentials first, the saddle among them
        if it is in the box.
    saddle : Equilibrium

    Examples
    --------
    >>> curve = fc.separatrix(fc.Model.example("bistable"))
    >>> print(f"{curve(2.0):.3f}")
    4.622
    """

    potential: Floats
    calcium: Floats
    saddle: Equilibrium

    def __call__(self, potential: ArrayLike) -> Floats:
        """Return the calcium on the curve at given potentials, of any shape.

        Raises
        ------
        ValueError
            If the curve isn't a function of the potential, as a rate that also falls can make it.
        """
        if not (np.diff(self.potential) > 0.0).all():
            raise ValueError("potential must increase along the curve to evaluate it, and does not")
        u = checks.places("potential", potential)
        return np.interp(u, self.potential, self.calcium, left=np.nan, right=np.nan)

    def _picture(self) -> str:
        return card.picture([card.Curve(self.potential, self.calcium)], "calcium against potential")

    def __repr__(self) -> str:
        return f"Curve({self.potential.size} points, saddle at potential {self.saddle.potential:g})"


def separatrix(
    model: Model,
    *,
    saddle: int | None = None,
    current: float = 0.0,
    potential: float = inf,
    calcium: float | None = None,
    tolerance: float = 5e-9,
) -> Curve:
    """Return the stable manifold of a saddle of the limit equation: the border between two basins.

    Both branches are followed backward in time, in which direction errors fade. For nondecreasing rates the
    curve falls: states above it go up, to memory, states below go down.

    Parameters
    ----------
    model : Model
    saddle : int, optional
        Which saddle, by potential from 0 on; may be left out where there is one only.
    current : float
        Constant current, finite, >= 0.
    potential, calcium : float, optional
        The box [0, potential] × [0, calcium] in which to follow it. By default up to the axes, and to 4 times the
        greatest calcium of an equilibrium (1 if that is 0), as the curve can rise without end.
    tolerance : float
        How far lines through the points may be off, relative to the saddle's potential and calcium; >= 1e-12.

    Returns
    -------
    Curve

    Raises
    ------
    ValueError
        If there is no such saddle, or several and none was chosen.
    RuntimeError
        If the equation is too stiff to follow the curve, as very steep rates make it.

    Examples
    --------
    >>> curve = fc.separatrix(fc.Model.example("bistable"))
    >>> bool(curve(2.0) < 9.0)  # so a network at (2, 9) remembers
    True
    """
    checks.instance("model", model, Model)
    points = equilibria(model, current)
    saddles = [k for k, point in enumerate(points) if point.kind == "saddle"]
    if saddle is None:
        if not saddles:
            text = "one with a saddle, whose stable manifold is the separatrix"
            raise ValueError(f"{checks.wrong('model', text, model)} without one at current = {current!r}")
        if len(saddles) != 1:
            raise ValueError(
                f"saddle must be given where there isn't exactly one, got {len(saddles)} saddles"
            )
        saddle = 0
    if checks.count("saddle", saddle, least=0) >= len(saddles):
        raise ValueError(checks.wrong("saddle", f"an index of one of {len(saddles)} saddles", saddle))
    allowed = "a number > 0"
    top = (BOX * max(point.calcium for point in points) or 1.0) if calcium is None else calcium
    box = checks.number("potential", potential, allowed), checks.number("calcium", top, allowed)
    for name, bound in zip(("potential", "calcium"), box, strict=True):
        if not bound > 0.0:
            raise ValueError(checks.wrong(name, allowed, bound))
    if not checks.finite("tolerance", tolerance) >= 1e-12:
        raise ValueError(checks.wrong("tolerance", "a number >= 1e-12", tolerance))
    index = saddles[saddle]
    # The saddle is where the curve starts from, in the box or not.
    wide = max(box[0], 2.0 * points[index].potential), max(box[1], 2.0 * points[index].calcium)
    u, r = _core.manifold(model._handle, float(current), index, *wide, float(tolerance))
    u, r = _cut(u, r, box[0])
    r, u = _cut(r, u, box[1])
    return Curve(u, r, points[index])


def _cut(x: Floats, y: Floats, most: float) -> tuple[Floats, Floats]:
    """Return the part of a line through points at which `x` is at most `most`, up to there."""
    (before,) = np.nonzero(np.diff(x <= most))
    part = (most - x[before]) / (x[before + 1] - x[before])
    between = y[before] + part * (y[before + 1] - y[before])
    x, y = np.insert(x, before + 1, most), np.insert(y, before + 1, between)
    return x[x <= most], y[x <= most]
