"""The slow passage: memory slides along the critical manifold and is kicked out at its fold."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import inf, log
from typing import Any, ClassVar

import numpy as np

from .. import _core, checks, pictures
from ..model.model import Model
from ..result import Columns, Floats, Result
from .equilibria import equilibria
from .gauss import gauss
from .ghost import second_derivative
from .slow_curve import ManifoldFold, SlowCurve, critical_manifold

_AIRY = 2.338107410459767  # the first zero of Ai(−x)
_DEEPEST = 40  # halvings of an interval of integration


@dataclass(frozen=True, eq=False, repr=False)
class SlowPassage(Result):
    """A memory that slides along the critical manifold until it is kicked out at the fold.

    Attributes
    ----------
    time : float
        What the limit equation needs from the start to the potential `end`, measured on it.
    slow : float
        Time along the critical manifold from the start to the fold: the limit lam → 0 of the time, an integral.
    delay : float
        What the passage of a smooth fold takes in addition, to leading order in lam; 0 at a corner.
    passive : float
        Time in which calcium would decay from its start to its value at the fold if no neuron spiked.
    gain : float
        slow/passive: 1 if spikes don't prolong the memory; it grows without bound as an equilibrium is about to
        be born, where the slow passage becomes a ghost.
    fold : ManifoldFold
        Where the memory ends.
    potential, calcium : float
        The start, on the critical manifold.
    end : float
        The potential at which the passage counts as ended.
    model : Model
    current : float

    Examples
    --------
    >>> model = fc.Model(alpha=0.02, beta=1.0, lam=0.01, rate=fc.Hill(top=1.0, half=1.0, power=4))
    >>> print(f"{fc.slow_passage(model).gain:.1f}")
    14.8
    """

    time: float
    slow: float
    delay: float
    passive: float
    gain: float
    fold: ManifoldFold
    potential: float
    calcium: float
    end: float
    model: Model
    current: float

    _axes: ClassVar[dict[str, tuple[str, ...]]] = {}

    def plot(self) -> Any:
        """Draw the slide and the kick in the phase plane; return the Axes by name (needs ``facilis[plot]``)."""
        manifold = critical_manifold(self.model, current=self.current)
        return {"critical_manifold": pictures.plot().critical_manifold(manifold, self)}

    def _columns(self) -> Columns:
        return {name: ((), getattr(self, name)) for name in ("time", "slow", "delay", "passive", "gain")}

    def __repr__(self) -> str:
        return f"SlowPassage(time {self.time:.6g}, gain {self.gain:.4g}, from calcium {self.calcium:.6g})"


def slow_passage(
    model: Model, *, calcium: float | None = None, end: float = 0.7, current: float = 0.0
) -> SlowPassage:
    """Measure and explain how long memory slides along the critical manifold before it is kicked out.

    Where no equilibrium lies on the attracting part of the critical manifold (see `critical_manifold`), memory has
    no state to stay in, but the potential keeps up with the calcium while that decays. The time along the curve is
    T₀ with lam·T₀ = ∫ (φ − vφ')/(φ·(v − κφ·(φ + a))) du from the fold to the start, where v = u − current/beta and
    a = lam for "after", else 0. A smooth fold is passed late by 2.338·(cφ·lam·g)^(−1/3), with c = φW''/2 and
    g = w − a₀ − κ·beta·φ there, a₀ = alpha for "after", else 0. Both hold for lam → 0; `time` is that of the
    limit equation itself.

    Parameters
    ----------
    model : Model
    calcium : float, optional
        At the start, where the potential is that of the critical manifold; by default the highest calcium to
        which spikes can lead, top/lam.
    end : float
        Potential below the fold at which the memory counts as over, finite and >= 0.
    current : float
        Constant current, finite, >= 0.

    Returns
    -------
    SlowPassage

    Raises
    ------
    ValueError
        If there is no slow passage: no attracting part of the manifold that ends in a fold at this calcium, or an
        equilibrium on the way, where memory lasts (see `memory_times`).
    RuntimeError
        If the limit equation doesn't arrive at `end`.

    Examples
    --------
    >>> import facilis as fc
    >>> model = fc.Model(alpha=0.02, beta=1.0, lam=0.01, rate=fc.Hill(1.0, 1.0, 4.0))
    >>> passage = fc.slow_passage(model, end=0.7)
    >>> print(f"{passage.time:.4f} {passage.gain:.3f}")
    216.5294 14.756
    """
    curve = SlowCurve(model, current)
    r = _start(curve, calcium)
    weight = model.alpha * (r + curve.offset)
    fold, u = _foot(curve, r, weight)
    end = checks.nonnegative("end", end)
    if not end < fold.potential:
        raise ValueError(
            checks.wrong("end", f"a potential >= 0 and below the fold's, {fold.potential!r}", end)
        )
    _check_way(curve, (u, r), fold, end)
    slow = _slow_time(curve, fold.potential, u)
    # What calcium alone would need; with "after" the weight decays towards alpha.
    floor = model.alpha * curve.offset
    passive = log((weight - floor) / (fold.weight - floor)) / model.lam if fold.weight > floor else inf
    longest = 100.0 * (slow + 100.0 / min(model.beta, model.lam))
    time = _core.passage_time(model._handle, curve.current, (u, r), end, longest, 1e-11, 1e-13)
    if time is None:
        raise RuntimeError(f"the limit equation does not pass potential {end!r} before t = {longest:g}")
    delay = _delay(curve, fold)
    return SlowPassage(time, slow, delay, passive, slow / passive, fold, u, r, end, model, curve.current)


def _start(curve: SlowCurve, calcium: float | None) -> float:
    allowed = "a finite number > 0"
    if calcium is None:
        if curve.top == inf:
            raise ValueError(checks.wrong("calcium", f"{allowed} where the rate is not bounded", calcium))
        return curve.top / curve.model.lam
    r = checks.finite("calcium", calcium, allowed)
    if r <= 0.0:
        raise ValueError(checks.wrong("calcium", allowed, calcium))
    return r


def _foot(curve: SlowCurve, r: float, weight: float) -> tuple[ManifoldFold, float]:
    """Return the fold and the potential of the highest attracting part of the curve that has this weight."""
    found = curve.folds()
    for k in reversed(range(len(found))):
        if found[k].attracting != "above" or not found[k].weight < weight:
            continue
        low, last = found[k].potential, k + 1 == len(found)
        high = 2.0 * low if last else found[k + 1].potential
        while last and curve.weight(high) < weight and high < 1e300:
            high *= 2.0
        if curve.weight(high) >= weight:
            return found[k], _bisect(lambda u: float(curve.weight(u)) - weight, low, high)
    folds = ", ".join(f"{fold.calcium:.6g}" for fold in found if fold.attracting == "above")
    allowed = f"above that of a fold at which a memory can end (there is one at calcium {folds})"
    if not folds:
        raise ValueError(
            "model must have a critical manifold with a fold at which a memory can end, got none"
        )
    raise ValueError(checks.wrong("calcium", allowed, r))


def _check_way(curve: SlowCurve, start: tuple[float, float], fold: ManifoldFold, end: float) -> None:
    points = equilibria(curve.model, curve.current)
    # Near its fold rounding can't tell which of two equilibria is the lower.
    lasting = [p for p in points if fold.potential <= p.potential <= start[0]]
    rises = curve.model.vector_field(0.0, start, curve.current)[1] >= 0.0
    if lasting or rises:
        raise ValueError(
            f"model must have no equilibrium on the way of the slow passage, got kappa = {curve.model.kappa:g}: "
            "a lasting state, see memory_times"
        )
    for point in points:
        if end <= point.potential < fold.potential:
            raise ValueError(
                checks.wrong("end", f"above the equilibrium at potential {point.potential!r}", end)
            )


def _slow_time(curve: SlowCurve, low: float, high: float) -> float:
    """Return the integral for the time along the curve."""
    model = curve.model

    def integrand(u: Floats) -> Floats:
        rate, slope, v = np.asarray(model.rate(u)), np.asarray(model.rate.derivative(u)), u - curve.input
        drive = model.kappa * rate * (rate + model.lam * curve.offset)
        return (rate - v * slope) / (rate * (v - drive))

    corners = [c for c in model.rate._handle.corners if low < c < high]
    ends = [low, *corners, high]
    return sum(_integral(integrand, a, b) for a, b in pairwise(ends)) / model.lam


def _integral(f: Callable[[Floats], Floats], a: float, b: float, depth: int = 0) -> float:
    """Return ∫ f from a to b by Gauss's rule, on halves until they agree with the whole."""
    nodes, weights = gauss(20)

    def rule(low: float, high: float) -> float:
        half = 0.5 * (high - low)
        return half * float(weights @ f(low + half * (1.0 + nodes)))

    middle = 0.5 * (a + b)
    parts = rule(a, middle) + rule(middle, b)
    if abs(parts - rule(a, b)) <= 1e-12 * abs(parts) or depth == _DEEPEST:
        return parts
    return _integral(f, a, middle, depth + 1) + _integral(f, middle, b, depth + 1)


def _delay(curve: SlowCurve, fold: ManifoldFold) -> float:
    if fold.kind == "corner":
        return 0.0
    model, u = curve.model, fold.potential
    rate = float(model.rate(u))
    # At the fold φ = vφ', so W'' = −βvφ''/φ².
    bend = -model.beta * (u - curve.input) * second_derivative(model, u) / rate**2
    drop = fold.weight - model.alpha * curve.offset - model.kappa * model.beta * rate
    return float(_AIRY * (0.5 * rate * bend * rate * model.lam * drop) ** (-1.0 / 3.0))


def _bisect(f: Callable[[float], float], low: float, high: float) -> float:
    """Return where f, negative at `low`, becomes nonnegative."""
    while low < (middle := 0.5 * (low + high)) < high:
        low, high = (middle, high) if f(middle) < 0.0 else (low, middle)
    return high
