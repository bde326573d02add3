"""The ghost of a fold: how long the limit equation lingers where two equilibria are about to be born."""

from dataclasses import dataclass
from math import log, nan, pi, sqrt

import numpy as np

from .. import _core, card, checks
from ..model.model import Model
from ..model.table import Table
from .equilibria import equilibria
from .fold import Fold, folds

_LEAST = 1e-100  # of a potential and a calcium, so that errors smaller than they are can be asked for


@dataclass(frozen=True, repr=False)
class Ghost(card.Shown):
    """A passage by a fold.

    Attributes
    ----------
    time : float
        What the limit equation needs from `start` to `end`, measured on it.
    asymptotic : float
        The leading term for δ → 0: constant/√δ, or constant·ln(1/δ) at a corner; where the start passes the fold
        at a distance it is the finite time that it needs at the fold itself.
    constant : float
        C of that law for this start. It is 0 where the time stays finite.
    approach : {"slow", "fast", "passes", "unknown"}
        What the orbit of the start does at the fold itself (δ = 0). It tends to it, along its slow direction or,
        at a corner, with the faster decay alone; or it passes it at a distance. If it could not be followed so
        far, as where the decays differ by many orders of magnitude, `constant` and `asymptotic` are nan.
    fold : Fold
        The fold that is passed.
    delta : float
        The distance of the model's kappa from that of the fold, never negative.
    start, end : float
        The potentials between which the time is taken.
    calcium : float
        Calcium at the start.

    Examples
    --------
    >>> passage = fc.ghost(fc.Model.example("ghost"), start=2.0, end=0.7)
    >>> print(f"{passage.asymptotic:.1f} {passage.delta:.4f}")
    132.7 0.0245
    """

    time: float
    asymptotic: float
    constant: float
    approach: str
    fold: Fold
    delta: float
    start: float
    end: float
    calcium: float

    def __repr__(self) -> str:
        times = f"time {self.time:.6g}, asymptotic {self.asymptotic:.6g}"
        return f"Ghost({times}, delta {self.delta:.4g}, {self.approach})"


def ghost(
    model: Model, *, start: float, end: float, calcium: float | None = None, current: float = 0.0
) -> Ghost:
    """Measure how long the limit equation takes from one potential to another, past a fold.

    Just beside a smooth fold, δ away in kappa where its equilibria are not born yet, the time between two fixed
    potentials on either side of it is C/√δ − c + …, with C = π/√|A·B|, A = w·∂F/∂kappa, B = ½ w·D²F(v, v), v and w
    the right and left null vectors of the Jacobian at the fold and w·v = 1; only c depends on the sections. At a
    corner of the rate it is ln(1/δ)·(1/s + 1/m) + O(1): m is the growth for the slope on the repelling side, and s
    the decay of the orbit for the slope on the attracting side. That is the slower one of the two decays if the
    start excites it, and the faster one if it doesn't: on a flat piece of the rate, for example, calcium that
    rests already, as by default, leaves only the decay of the potential. An orbit that passes the fold at a
    distance, because it started with too little calcium or spirals around a corner, takes a time that stays finite.

    Parameters
    ----------
    model : Model
        One close to a fold.
    start, end : float
        Potentials on either side of the fold.
    calcium : float, optional
        At the start; by default where it rests, φ(start)/lam.
    current : float
        Constant current, finite, >= 0.

    Returns
    -------
    Ghost

    Raises
    ------
    ValueError
        If there is no fold between the two potentials, or equilibria stand in the way.
    RuntimeError
        If the orbit doesn't arrive.

    Examples
    --------
    >>> import facilis as fc
    >>> passage = fc.ghost(fc.Model.example("ghost"), start=2.0, end=0.7)
    >>> print(f"{passage.time:.1f} {passage.constant:.3f} {passage.approach}")
    94.3 20.769 slow
    """
    checks.instance("model", model, Model)
    ends = {"start": start, "end": end} | ({} if calcium is None else {"calcium": calcium})
    given = {name: checks.nonnegative(name, value) for name, value in ends.items()}
    for name, size in given.items():
        if 0.0 < size < _LEAST:
            raise ValueError(checks.wrong(name, f"0, or at least {_LEAST}", size))
    a, b = given["start"], given["end"]
    low, high = min(a, b), max(a, b)
    between = [f for f in folds(model, current) if low < f.potential < high and f.kind != "rest"]
    if not between:
        raise ValueError(f"start and end must lie on either side of a fold, got {a!r} and {b!r}")
    if any(low <= point.potential <= high for point in equilibria(model, current)):
        raise ValueError(f"model must have no equilibrium between {low!r} and {high!r}, got {model!r}")
    fold = min(between, key=lambda f: abs(f.kappa - model.kappa))
    delta = abs(fold.kappa - model.kappa)
    rest = model.rate(fold.potential) / model.lam
    drift = model.vector_field(0.0, [fold.potential, rest], current)[0]
    if (drift > 0.0) != (b > a):
        raise ValueError(f"end must lie where the flow leads from start = {a!r}, got {b!r}")
    first = given.get("calcium", model.rate(a) / model.lam)
    at_fold, smooth = model.replace(alpha=fold.alpha), fold.kind == "smooth"
    place = fold.potential, fold.calcium
    fate, value = _core.approach(at_fold._handle, float(current), place, smooth, (a, first), b)
    decay, growth = _rates_at_corner(at_fold, fold, a) if not smooth else (nan, nan)
    slow = _constant(at_fold, fold) if smooth else 1.0 / decay + 1.0 / growth
    diverging = 1.0 / sqrt(delta) if smooth else max(log(1.0 / delta), 0.0)
    if fate == "tends":
        constant = slow if smooth else 1.0 / value + 1.0 / growth
        asymptotic = constant * diverging
        approach = "slow" if smooth or value <= decay * (1.0 + 1e-9) else "fast"
    else:
        constant, asymptotic, approach = (0.0 if fate == "passes" else nan), value, fate
    longest = 100.0 * (slow * diverging + 100.0 / min(model.beta, model.lam))
    # At a corner the orbit comes as near to an equilibrium as δ, relatively; errors must stay below that.
    rtol = 1e-10 if smooth else min(max(1e-4 * delta / fold.kappa, 1e-13), 1e-10)
    atol = 1e-3 * rtol * min(1.0, *(size for size in (*place, b) if size > 0.0))
    time = _core.passage_time(model._handle, float(current), (a, first), b, longest, rtol, atol)
    if time is None:
        raise RuntimeError(f"the orbit from potential {a!r} does not pass {b!r} before t = {longest:g}")
    return Ghost(time, asymptotic, constant, approach, fold, delta, a, b, first)


def _constant(model: Model, fold: Fold) -> float:
    """Return π/√|A·B| at a smooth fold of `model`."""
    u, rate = fold.potential, model.rate(fold.potential)
    slope = model.rate.derivative(u)
    psi = fold.calcium + model._offset
    v = np.array([model.lam, slope])
    w = np.array([model.lam, model.alpha * rate])
    w /= w @ v
    bend = second_derivative(model, u)
    curvature = np.array([model.alpha * (2.0 * v[1] * slope + psi * bend * v[0]) * v[0], bend * v[0] ** 2])
    a = w[0] * model.beta * model.lam * psi * rate
    return pi / sqrt(abs(a * 0.5 * (w @ curvature)))


def second_derivative(model: Model, u: float) -> float:
    """Return φ''(u), from differences of φ' at two widths, away from corners; that of a smooth table is known."""
    if isinstance(model.rate, Table) and model.rate.interpolation == "monotone":
        return model.rate._second_derivative(u)
    corners = model.rate._handle.corners
    width = 1e-3 * u
    if corners.size:
        width = min(width, 0.5 * float(np.abs(corners - u).min()))

    def difference(h: float) -> float:
        return float(model.rate.derivative(u + h) - model.rate.derivative(u - h)) / (2.0 * h)

    return (4.0 * difference(0.5 * width) - difference(width)) / 3.0


def _rates_at_corner(model: Model, fold: Fold, start: float) -> tuple[float, float]:
    """Return the slowest decay on the side of `start` of a corner of the rate, and the growth on the other side."""
    sides = [np.nextafter(fold.potential, side) for side in (start, 2.0 * fold.potential - start)]
    near, far = (np.linalg.eigvals(model.jacobian(0.0, [u, fold.calcium])).real.max() for u in sides)
    return -float(near), float(far)
