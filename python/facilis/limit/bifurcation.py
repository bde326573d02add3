"""Folds and bifurcation diagrams of the limit equation, from its explicit branch of equilibria."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _core, checks, pictures
from ..model.model import Model
from ..result import Floats, Result
from .equilibria import equilibria

_POINTS = 201  # of a branch


@dataclass(frozen=True)
class Fold:
    """Where equilibria of the limit equation are born or merge.

    Attributes
    ----------
    alpha, kappa : float
        The synaptic strength at which it happens, and alpha/(beta·lam).
    potential, calcium : float
        Where.
    kind : {"smooth", "corner", "rest"}
        A smooth extremum of the branch of equilibria (a saddle-node bifurcation); an extremum at a corner of the
        rate; or the place where the branch of active states meets the state in which no neuron spikes.

    Examples
    --------
    >>> (fold,) = fc.folds(fc.Model.example("memory"))
    >>> print(f"{fold.alpha:.4f} {fold.potential:.4f} {fold.kind}")
    0.2125 1.6266 smooth
    """

    alpha: float
    kappa: float
    potential: float
    calcium: float
    kind: str


@dataclass(frozen=True, eq=False)
class Branch:
    """A piece of a diagram of one stability: arrays of shape (m,), in the order of the curve.

    Examples
    --------
    >>> diagram = fc.bifurcation(fc.Model.example("memory"), "alpha", 0.15, 0.5)
    >>> [branch.stable for branch in diagram.branches]
    [True, False, True]
    """

    value: Floats
    potential: Floats
    calcium: Floats
    stable: bool


@dataclass(frozen=True, eq=False, repr=False)
class Diagram(Result):
    """Equilibria against a parameter.

    Attributes
    ----------
    parameter : {"alpha", "current"}
    value, potential, calcium : ndarray of float64, shape (m,)
        Points of all branches: the parameter, and the equilibrium.
    stable : ndarray of bool, shape (m,)
    branch : ndarray of int64, shape (m,)
        The branch to which the point belongs; see `branches`.
    folds : tuple of Fold
        Those in the range, by potential.
    fold_value : ndarray of float64, shape (len(folds),)
        The parameter at the folds.
    low, high : float
        The range of the parameter.
    model : Model
    current : float
        The current where the parameter is "alpha".

    Examples
    --------
    >>> diagram = fc.bifurcation(fc.Model.example("memory"), "alpha", 0.15, 0.5)
    >>> print(diagram.fold_value.round(4))
    [0.2125]
    """

    parameter: str
    value: Floats
    potential: Floats
    calcium: Floats
    stable: NDArray[np.bool_]
    branch: NDArray[np.int64]
    folds: tuple[Fold, ...]
    fold_value: Floats
    low: float
    high: float
    model: Model
    current: float

    _axes = {  # noqa: RUF012
        "value": ("point",),
        "potential": ("point",),
        "calcium": ("point",),
        "stable": ("point",),
        "branch": ("point",),
        "fold_value": ("fold",),
    }

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The branches, each with one stability."""
        return tuple(self._split())

    def _split(self) -> Iterator[Branch]:
        for k in range(int(self.branch.max(initial=-1)) + 1):
            own = self.branch == k
            arrays = self.value[own], self.potential[own], self.calcium[own]
            yield Branch(*arrays, bool(self.stable[own][0]))

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.bifurcation`, with its options; return Axes by name (``facilis[plot]``)."""
        return {"bifurcation": pictures.plot().bifurcation(self, **options)}

    def __repr__(self) -> str:
        span = f"{self.parameter}={self.low:g}..{self.high:g}"
        return f"Diagram({span}, {len(self.branches)} branches, {len(self.folds)} folds)"


def folds(model: Model, current: float = 0.0) -> tuple[Fold, ...]:
    """Return all folds of the limit equation as alpha varies, by potential.

    Equilibria lie on the branch kappa(u) = (u − current/beta)/g(u) with g = φ² ("before") or φ·(φ + lam) ("after");
    folds are its local extrema. Between the points at which g turns from convex to concave, which are known
    in closed form, there is one at most: none is missed. Corners of the rate count, and so does rest.

    Parameters
    ----------
    model : Model
        Its alpha is ignored.
    current : float
        Finite, >= 0.

    Returns
    -------
    tuple of Fold

    Examples
    --------
    >>> [round(fold.kappa, 4) for fold in fc.folds(fc.Model.example("memory"))]
    [2.1245]
    """
    checks.instance("model", model, Model)
    found = _core.folds(model._handle, checks.number("current", current, "a finite number >= 0"))
    return tuple(_fold(model, alpha, u, kind) for alpha, u, kind in found)


def bifurcation(model: Model, parameter: str, low: float, high: float, *, current: float = 0.0) -> Diagram:
    """Return the equilibria of the limit equation against a parameter, with stability and folds.

    The curve is explicit, alpha(u) = beta·(u − current/beta)/(φ·ψ) or current(u) = beta·u − alpha·φ·ψ: nothing
    is continued, and nothing missed. Its pieces between folds and the ends of the range are monotone; where the
    parameter rises with the potential they are stable.

    Parameters
    ----------
    model : Model
    parameter : {"alpha", "current"}
        What varies; the model's own value of it is ignored.
    low, high : float
        Its range, 0 <= low < high.
    current : float
        The constant current, where the parameter is "alpha"; finite, >= 0.

    Returns
    -------
    Diagram

    Examples
    --------
    >>> diagram = fc.bifurcation(fc.Model.example("memory"), "alpha", 0.15, 0.5)
    >>> len(diagram.branches), len(diagram.folds)
    (3, 1)
    """
    checks.instance("model", model, Model)
    checks.choice("parameter", parameter, ("alpha", "current"))
    constant = checks.number("current", current, "a finite number >= 0")
    ends = [checks.nonnegative(name, value) for name, value in (("low", low), ("high", high))]
    if not ends[0] < ends[1]:
        raise ValueError(checks.wrong("high", f"a number > low = {ends[0]!r}", high))
    if parameter == "alpha":
        found = folds(model, constant)
        at = [fold.alpha for fold in found]
        pieces = list(_quiet(model, ends, constant))
        known = [(e.potential, end) for end in ends for e in equilibria(model.replace(alpha=end), constant)]
        if ends[0] == 0.0 and not model.rate.is_bounded:
            # As alpha falls to 0 the upper branch goes to infinity.
            least = 1e-4 * ends[1]
            known += [(e.potential, least) for e in equilibria(model.replace(alpha=least), constant)[-1:]]
        known = [(u, value) for u, value in known if model.rate(u) > 0.0]
    else:
        found = tuple(_fold(model, model.alpha, u, kind) for u, kind in _core.folds_of_current(model._handle))
        at = [_parameter(model, parameter, np.array(fold.potential), constant).item() for fold in found]
        pieces = []
        known = [(e.potential, end) for end in ends for e in equilibria(model, end)]
    inside = [ends[0] <= value <= ends[1] for value in at]
    found = tuple(fold for fold, good in zip(found, inside, strict=True) if good)
    fold_value = np.array([value for value, good in zip(at, inside, strict=True) if good])
    # An end of the range may be at a fold.
    known = [
        (u, value) for u, value in known if not any(abs(u - fold.potential) <= 1e-7 * u for fold in found)
    ]
    known += [(fold.potential, float(value)) for fold, value in zip(found, fold_value, strict=True)]
    for (a, first), (b, last) in pairwise(sorted(known)):
        # Between neighbours the parameter is monotone; where it leaves the range it comes back to the same value.
        if first != last:
            pieces.append((*_between(model, parameter, (a, first), (b, last), constant), last > first))
    return _assemble(parameter, pieces, found, fold_value, ends, model, constant)


def _fold(model: Model, alpha: float, potential: float, kind: str) -> Fold:
    calcium = model.rate(potential) / model.lam
    return Fold(alpha, alpha / (model.beta * model.lam), potential, calcium, kind)


def _parameter(model: Model, parameter: str, u: Floats, current: float) -> Floats:
    """Return the value of the parameter at which `u` is an equilibrium."""
    with np.errstate(all="ignore"):
        rate = np.asarray(model.rate(u))
        drive = rate * (rate / model.lam + model._offset)
        if parameter == "current":
            return model.beta * u - model.alpha * drive
        return (model.beta * u - current) / drive


def _between(
    model: Model, parameter: str, start: tuple[float, float], end: tuple[float, float], current: float
) -> tuple[Floats, Floats]:
    """Return parameter and potential along a monotone piece from one (potential, parameter) to another."""
    (a, first), (b, last) = start, end
    if b - a <= 1e-9 * b:
        # The potential hardly depends on the parameter: rounding would spoil the inverse.
        return np.linspace(first, last, _POINTS), np.linspace(a, b, _POINTS)
    # Dense at the ends, where folds are; by ratios where the potential varies by more than a small factor.
    part = 0.5 * (1.0 - np.cos(np.linspace(0.0, np.pi, _POINTS)))
    scale = max(a, 1e-4 * b)
    u = a + (b - a) * part if b < 4.0 * a else a + scale * np.expm1(part * np.log1p((b - a) / scale))
    u[-1] = b
    value = np.clip(_parameter(model, parameter, u, current), min(first, last), max(first, last))
    value[0], value[-1] = first, last
    return value, u


def _quiet(model: Model, ends: list[float], current: float) -> Iterator[tuple[Floats, Floats, bool]]:
    """Yield the branch on which no neuron spikes, for any alpha, in pieces of one stability."""
    u = current / model.beta
    if model.rate(u) > 0.0:
        return
    lost = [fold.alpha for fold in folds(model, current) if fold.kind == "rest"]
    breaks = [ends[0], *(alpha for alpha in lost if ends[0] < alpha < ends[1]), ends[1]]
    for a, b in pairwise(breaks):
        stable = not any(alpha <= a for alpha in lost)
        yield np.linspace(a, b, _POINTS), np.full(_POINTS, u), stable


def _assemble(
    parameter: str,
    pieces: list[tuple[Floats, Floats, bool]],
    found: tuple[Fold, ...],
    fold_value: Floats,
    ends: list[float],
    model: Model,
    current: float,
) -> Diagram:
    sizes = [len(value) for value, _, _ in pieces]
    potential = np.concatenate([np.empty(0), *(u for _, u, _ in pieces)])
    return Diagram(
        parameter=parameter,
        value=np.concatenate([np.empty(0), *(value for value, _, _ in pieces)]),
        potential=potential,
        calcium=np.asarray(model.rate(potential)) / model.lam,
        stable=np.repeat(np.array([stable for _, _, stable in pieces], dtype=bool), sizes),
        branch=np.repeat(np.arange(len(pieces), dtype=np.int64), sizes),
        folds=found,
        fold_value=fold_value,
        low=ends[0],
        high=ends[1],
        model=model,
        current=current,
    )
