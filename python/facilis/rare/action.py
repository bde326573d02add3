"""The exponent of escape: by how much each neuron multiplies a memory's life, and the most likely way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _core, checks, pictures
from ..limit.equilibria import Equilibrium, equilibria
from ..model.model import Model
from ..progress import Progress, reporting
from ..result import Floats, Result


@dataclass(frozen=True, eq=False)
class EscapePath(Result):
    """The most likely way out of a state, as N grows.

    Attributes
    ----------
    t : ndarray of float64, shape (m,)
        Time. It may be counted from anywhere: the way out begins and ends infinitely slowly.
    potential, calcium : ndarray of float64, shape (m,)
        The means, from the equilibrium to the saddle.

    Examples
    --------
    >>> path = fc.escape_action(fc.Model.example("bistable")).path
    >>> bool(path.potential[-1] < path.potential[0])
    True
    """

    t: Floats
    potential: Floats
    calcium: Floats

    _axes = dict.fromkeys(("t", "potential", "calcium"), ("time",))


@dataclass(frozen=True, eq=False, repr=False)
class EscapeAction(Result):
    """What it costs a large network to leave a state, per neuron.

    Attributes
    ----------
    exponent : float
        V: the mean life of the state grows like exp(n·V) with the number of neurons n, up to a factor that grows or
        falls more slowly.
    error : float
        By how much `exponent` may be off for numerical reasons.
    upper : float
        An upper bound of V: the cost if neurons of all calcium were driven alike.
    sensitivity : float
        alpha·dV/dalpha: a relative change of alpha by 1/n multiplies the mean life by exp(sensitivity).
    path : EscapePath
        The most likely way out.
    equilibrium, saddle : Equilibrium
        The state that is left, and that over which it is left.
    model : Model

    Examples
    --------
    >>> action = fc.escape_action(fc.Model.example("bistable"))
    >>> action.upper > action.exponent > 0.0
    True
    """

    exponent: float
    error: float
    upper: float
    sensitivity: float
    path: EscapePath
    equilibrium: Equilibrium
    saddle: Equilibrium
    model: Model

    _axes = {  # noqa: RUF012
        "path.t": ("time",),
        "path.potential": ("time",),
        "path.calcium": ("time",),
    }

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.way_out`, with its options; return Axes by name (``facilis[plot]``)."""
        return {"way_out": pictures.plot().way_out(self, **options)}

    def __repr__(self) -> str:
        return f"EscapeAction(exponent {self.exponent:.6g} ± {self.error:.1g}, upper bound {self.upper:.6g})"


def escape_action(model: Model, *, equilibrium: int = -1, progress: Progress = False) -> EscapeAction:
    """Compute the exponent with which the mean life of a state grows with the network, and the way it ends.

    In a large network an escape from a stable equilibrium takes a conspiracy: neurons spike at rates c instead of
    φ(u) for long enough that the means reach the border of the basin. By the theory of large deviations its
    probability is exp(−n·V) to leading order, V being the least of ∫ E[c·ln(c/φ) − c + φ] dt over all rates
    c(t, r), which may depend on a neuron's own calcium r. The least is found by descent, on a grid of time and
    calcium, and extrapolated from three grids. What this does not tell is the factor before the exponential.
    Conventions about who receives a spike ("others" or "all") change the factor, not V.

    Parameters
    ----------
    model : Model
        One whose rate has no corners.
    equilibrium : int
        Index into ``equilibria(model)`` of a stable one.
    progress : bool or callable
        Show how far it is, or call a function with the fraction done.

    Returns
    -------
    EscapeAction
        Where there is a saddle on either side, that of the cheaper way out.

    Raises
    ------
    ValueError
        If the rate has corners, the index is not that of a stable equilibrium, there is no saddle beside it or
        neurons don't spike at either, or the model is too close to a fold or too stiff for the grid.
    RuntimeError
        If the descent does not converge.

    Examples
    --------
    >>> import facilis as fc
    >>> action = fc.escape_action(fc.Model.example("memory"))
    >>> print(f"{action.exponent:.4f} {action.upper:.4f}")
    0.0164 0.0167
    """
    checks.instance("model", model, Model)
    if model.rate._handle.corners.size:
        allowed = "one whose rate has no corners, at which the most likely way out would have a kink"
        raise ValueError(checks.wrong("model", allowed, model))
    points = equilibria(model)
    index = _stable(model, points, equilibrium)
    saddles = [k for k in (index - 1, index + 1) if 0 <= k < len(points) and _is_passable(model, points[k])]
    if not saddles:
        allowed = "the index of a stable equilibrium with a saddle beside it at which neurons spike"
        raise ValueError(checks.wrong("equilibrium", allowed, equilibrium))
    with reporting(progress) as report:
        ways = []
        for done, saddle in enumerate(saddles):

            def tell(part: float, done: int = done) -> None:
                report((done + part) / len(saddles))

            ways.append((_core.escape_action(model._handle, index, saddle, tell), points[saddle]))
        report(1.0)
    ((exponent, error, upper, slope), step, u, r), over = min(ways, key=lambda way: way[0][0][0])
    path = EscapePath(step * np.arange(u.size, dtype=np.float64), u, r)
    return EscapeAction(exponent, error, upper, slope, path, points[index], over, model)


def _stable(model: Model, points: tuple[Equilibrium, ...], equilibrium: int) -> int:
    allowed = f"the index of a stable equilibrium at which neurons spike, among {len(points)} equilibria"
    if not checks.is_count(equilibrium):
        raise TypeError(checks.wrong("equilibrium", allowed, equilibrium))
    if -len(points) <= equilibrium < len(points):
        index = equilibrium % len(points)
        if points[index].stable and model.rate(points[index].potential) > 0.0:
            return index
    raise ValueError(checks.wrong("equilibrium", allowed, equilibrium))


def _is_passable(model: Model, point: Equilibrium) -> bool:
    return point.kind == "saddle" and bool(model.rate(point.potential) > 0.0)
