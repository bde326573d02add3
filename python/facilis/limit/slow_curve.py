"""The critical manifold: the curve along which the limit equation creeps when calcium decays slowly."""

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _core, checks, pictures
from ..model.model import Model
from ..model.table import Table
from ..result import Floats, Result
from .fold import folds

_POINTS = 512
_FAR = 1e300  # a potential at which every bounded rate is at its top


@dataclass(frozen=True)
class ManifoldFold:
    """Where the critical manifold turns back in calcium: orbits that follow it leave it here.

    Attributes
    ----------
    potential, calcium : float
        Where it is. The calcium is negative where no state of the network is so low.
    weight : float
        alpha·ψ there, with ψ the calcium that a spike transmits. It doesn't depend on alpha.
    kind : {"smooth", "corner"}
        A smooth turn, or one at a corner of the rate.
    attracting : {"above", "below"}
        On which side in potential the manifold attracts. Memories end at folds that attract above.

    Examples
    --------
    >>> (fold,) = fc.critical_manifold(fc.Model.example("memory")).folds
    >>> print(f"{fold.potential:.3f} {fold.attracting}")
    1.316 above
    """

    potential: float
    calcium: float
    weight: float
    kind: str
    attracting: str


@dataclass(frozen=True, eq=False, repr=False)
class CriticalManifold(Result):
    """The points at which the potential rests, given the calcium.

    Attributes
    ----------
    potential, calcium : ndarray of float64, shape (m,)
        Points of the curve, by potential, the folds among them.
    attracting : ndarray of bool, shape (m,)
        Whether the potential is attracted to the curve there; false at the folds.
    folds : tuple of ManifoldFold
        By potential.
    window : (float, float) or None
        The kappa between which memory is short: (kappa_1, kappa_c). Below the first no spikes, however many, leave
        a memory; above the second there is an equilibrium on the curve and memory lasts. It is that of the highest
        attracting part that ends in a fold; None if there is none.
    model : Model
    current : float

    Examples
    --------
    >>> manifold = fc.critical_manifold(fc.Model.example("memory"))
    >>> print("{:.4f} {:.4f}".format(*manifold.window))
    1.7548 2.1245
    """

    potential: Floats
    calcium: Floats
    attracting: NDArray[np.bool_]
    folds: tuple[ManifoldFold, ...]
    window: tuple[float, float] | None
    model: Model
    current: float

    _axes = dict.fromkeys(("potential", "calcium", "attracting"), ("point",))

    def plot(self, **options: Any) -> Any:
        """Draw by `facilis.plot.critical_manifold`, with its options; return Axes by name (``facilis[plot]``)."""
        return {"critical_manifold": pictures.plot().critical_manifold(self, **options)}

    def __repr__(self) -> str:
        window = "none" if self.window is None else "kappa from {:g} to {:g}".format(*self.window)
        folds = f"{len(self.folds)} fold{'' if len(self.folds) == 1 else 's'}"
        return f"CriticalManifold({folds}, window of short-term memory: {window})"


def critical_manifold(model: Model, *, current: float = 0.0) -> CriticalManifold:
    """Return the critical manifold of the limit equation, its folds, and the window of short-term memory.

    With w = alpha·ψ, ψ the calcium that a spike transmits, the limit equation is u' = φ(u)·(w − W(u)) with
    W(u) = (beta·u − current)/φ(u). When calcium decays slowly (lam much smaller than beta), the potential stays
    close to the curve w = W(u) wherever W rises, while w slides down along it. At a fold, where
    φ = (u − current/beta)·φ', the curve turns back, and the memory is kicked out. The curve is the nullcline on
    which the potential rests.

    Spikes can raise the calcium to top/lam at most, top being the supremum of the rate. So a stimulus can bring
    the network above the fold u_f only if kappa = alpha/(beta·lam) exceeds kappa_1 = W(u_f)/(beta·top), or
    W(u_f)/(beta·(top + lam)) with "after". This holds to leading order in lam/beta.

    Parameters
    ----------
    model : Model
        With alpha > 0.
    current : float
        Constant current, finite, >= 0.

    Returns
    -------
    CriticalManifold

    Raises
    ------
    ValueError
        If neurons don't spike at any potential, or alpha is 0.

    Examples
    --------
    >>> import facilis as fc
    >>> manifold = fc.critical_manifold(fc.Model.example("memory"))
    >>> [round(kappa, 4) for kappa in manifold.window]
    [1.7548, 2.1245]
    """
    curve = SlowCurve(model, current)
    found = curve.folds()
    u = curve.sample([fold.potential for fold in found])
    calcium = curve.calcium(curve.weight(u))
    known = calcium >= 0.0
    return CriticalManifold(
        u[known],
        calcium[known],
        curve.attracts(u[known]),
        found,
        curve.window(found),
        model,
        curve.current,
    )


class SlowCurve:
    """W(u) = (beta·u − current)/φ(u) of a model under a constant current."""

    def __init__(self, model: Model, current: float) -> None:
        checks.instance("model", model, Model)
        self.current = checks.number("current", current, "a finite number >= 0")
        self._turns = _core.turning_points(model._handle, self.current)
        self.model = model
        self.input = self.current / model.beta
        self.offset = model._offset
        rate = model.rate
        turns = rate.potential if isinstance(rate, Table) else rate._handle.corners
        self.top = float(np.max(rate([*turns, _FAR]))) if rate.is_bounded else inf
        if not (model.alpha > 0.0 and self.top > 0.0):
            raise ValueError(checks.wrong("model", "one with alpha > 0 and a rate > 0", model))

    def weight(self, potential: Floats | float) -> Floats:
        """Return W, inf where it is beyond the range of doubles."""
        u = np.asarray(potential, dtype=np.float64)
        with np.errstate(over="ignore"):
            return (self.model.beta * u - self.current) / np.asarray(self.model.rate(u))

    def attracts(self, potential: Floats | float) -> NDArray[np.bool_]:
        """Tell where W rises: there it attracts."""
        u = np.asarray(potential, dtype=np.float64)
        rate, slope = np.asarray(self.model.rate(u)), np.asarray(self.model.rate.derivative(u))
        at_fold = np.isin(u, [fold for fold, _ in self._turns])
        return (rate > (u - self.input) * slope) & ~at_fold

    def calcium(self, weight: Floats) -> Floats:
        """Return the calcium for which alpha·ψ is this."""
        with np.errstate(over="ignore"):
            return weight / self.model.alpha - self.offset

    def folds(self) -> tuple[ManifoldFold, ...]:
        """Return all folds, by potential."""
        ends = [self.input, *(u for u, _ in self._turns), inf]
        found = []
        for k, (u, kind) in enumerate(self._turns):
            beyond = 0.5 * (u + ends[k + 2]) if ends[k + 2] < inf else 2.0 * u
            weight = self.weight(u)
            side = "above" if self.weight(beyond) > weight else "below"
            found.append(ManifoldFold(u, float(self.calcium(weight)), float(weight), kind, side))
        return tuple(found)

    def window(self, found: tuple[ManifoldFold, ...]) -> tuple[float, float] | None:
        """Return kappa_1 and kappa_c of the highest part that ends in a fold."""
        lower = [fold for fold in found if fold.attracting == "above"]
        if not lower:
            return None
        fold, beta = lower[-1], self.model.beta
        end = min((other.potential for other in found if other.potential > fold.potential), default=inf)
        births = (
            other.kappa
            for other in folds(self.model, self.current)
            if fold.potential <= other.potential <= end
        )
        return fold.weight / (beta * (self.top + self.model.lam * self.offset)), min(births, default=inf)

    def sample(self, folds: list[float]) -> Floats:
        """Return potentials at which to draw the curve: up to where spikes can lead, and beyond the folds."""
        model = self.model
        reach = model.alpha * (self.top / model.lam + self.offset) * self.top / model.beta + self.input
        highest = max([1.2 * reach if reach < inf else 1.0, *(2.0 * u for u in folds), 2.0 * self.input])
        lowest = self.input + (highest - self.input) / _POINTS
        u = np.union1d(np.linspace(lowest, highest, _POINTS), folds)
        return u[np.asarray(model.rate(u)) > 0.0]
