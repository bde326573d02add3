"""Bifurcation diagrams of the limit equation, from its explicit curve of equilibria."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .. import checks
from ..model.model import Model
from ..result import Floats
from .diagram import Diagram
from .equilibria import equilibria
from .fold import fold
from .parameter import Parameter
from .parameter import parameter as parameter_of

_POINTS = 201  # of a branch


class _Piece(NamedTuple):
    value: Floats
    potential: Floats
    stable: bool


def bifurcation(model: Model, parameter: str, low: float, high: float, *, current: float = 0.0) -> Diagram:
    """Return the equilibria of the limit equation against a parameter, with stability and folds.

    At any potential one value of the parameter at most makes an equilibrium, and it is known explicitly: for
    example alpha(u) = beta·(u − current/beta)/(φ·ψ) or current(u) = beta·u − alpha·φ·ψ. So nothing is
    continued, and nothing missed. The curve's pieces between folds and the ends of the range are monotone; those
    are stable on which a potential that rises goes with a stronger drive.

    Folds along alpha, beta, kappa, current and, for "before", lam are complete for the reason that `folds`
    gives. Those along a field of the rate and, for "after", along lam are found by interval arithmetic (R. E.
    Moore 1966): every interval of potentials is kept until it is proved that the curve does not turn there, or
    that it turns once at most. Where that can't be proved, because two folds merge in a cusp for example, it is an
    error.

    Parameters
    ----------
    model : Model
    parameter : str
        What varies; the model's own value of it is ignored. "alpha"; "beta"; "lam"; "current"; "kappa", which is
        alpha in units of beta·lam, these two being held; or a field of the rate: "rate.half", for example. A
        Ramp, a Table and an Exponential with a finite cap have no such fields; with them and "after", lam
        can't vary either.
    low, high : float
        Its range, low < high; both must be valid for the model.
    current : float
        The constant current, where it is not the parameter; finite, >= 0.

    Returns
    -------
    Diagram

    Raises
    ------
    ValueError
        Also if it can't be proved that all folds were found.

    Examples
    --------
    >>> model = fc.Model.example("memory")
    >>> diagram = fc.bifurcation(model, "alpha", 0.15, 0.5)
    >>> len(diagram.branches), len(diagram.folds)
    (3, 1)
    >>> print(fc.bifurcation(model, "rate.half", 0.5, 1.5).fold_value.round(4))
    [1.0355]
    """
    checks.instance("model", model, Model)
    constant = checks.number("current", current, "a finite number >= 0")
    subject = parameter_of(parameter, model, checks.nonnegative("current", constant))
    ends = subject.ends(low, high)
    if parameter in ("rate.slope", "rate.scale") and ends[0] == 0.0:
        raise ValueError(checks.wrong("low", "a number > 0, as an equilibrium goes to infinity at 0", low))
    found = subject.folds(*ends)
    pieces = list(_quiet(subject, ends, found))
    active = [(value, u) for value, u, kind in found]
    known = _at_the_ends(subject, ends)
    # An end of the range may be at a fold.
    known = [(u, value) for u, value in known if not any(abs(u - at) <= 1e-7 * u for _, at in active)]
    known += [(u, value) for value, u in active]
    pieces += [piece for start, end in pairwise(sorted(known)) for piece in _between(subject, start, end)]
    return _assemble(subject, pieces, found, ends)


def _at_the_ends(subject: Parameter, ends: tuple[float, float]) -> list[tuple[float, float]]:
    """Return the equilibria at the ends of the range that are on the curve: (potential, value)."""
    found = [(e.potential, end) for end in ends for e in equilibria(*subject.at(end))]
    if subject.name in ("alpha", "kappa") and ends[0] == 0.0 and not subject.model.rate.is_bounded:
        # As alpha falls to 0 the upper branch goes to infinity.
        least = 1e-4 * ends[1]
        found += [(e.potential, least) for e in equilibria(*subject.at(least))[-1:]]
    if subject.quiet(*ends) is None:
        return found
    if subject.model.alpha == 0.0 and subject.name not in ("alpha", "kappa"):
        return []
    return [(u, value) for u, value in found if subject.at(value)[0].rate(u) > 0.0]


def _between(subject: Parameter, start: tuple[float, float], end: tuple[float, float]) -> Iterator[_Piece]:
    """Yield the monotone piece of the curve from one (potential, value) to another, if it is in the range."""
    (a, first), (b, last) = start, end
    # Where the curve leaves the range it comes back to the same value, or has gone through infinity.
    if first == last:
        return
    if b - a <= 1e-9 * b:
        # The potential hardly depends on the parameter: rounding would spoil the inverse, and the order.
        model, _ = subject.at(0.5 * (first + last))
        stable = bool(np.linalg.det(model.jacobian(0.0, [b, model.rate(b) / model.lam])) > 0.0)
        yield _Piece(np.linspace(first, last, _POINTS), np.linspace(a, b, _POINTS), stable)
        return
    if not subject.is_reached(0.5 * (a + b), first, last):
        return
    # Dense at the ends, where folds are; by ratios where the potential varies by more than a small factor.
    part = 0.5 * (1.0 - np.cos(np.linspace(0.0, np.pi, _POINTS)))
    scale = max(a, 1e-4 * b)
    u = a + (b - a) * part if b < 4.0 * a else a + scale * np.expm1(part * np.log1p((b - a) / scale))
    u[-1] = b
    with np.errstate(all="ignore"):
        value = np.clip(subject.value(u), min(first, last), max(first, last))
    value[0], value[-1] = first, last
    # Where the rate saturates, within rounding no value makes an equilibrium, or any.
    known = np.isfinite(value)
    value = np.interp(u, u[known], value[known])
    yield _Piece(value, u, (last > first) == subject.is_raising(0.5 * (a + b)))


def _quiet(
    subject: Parameter, ends: tuple[float, float], found: list[tuple[float, float, str]]
) -> Iterator[_Piece]:
    """Yield the equilibrium that there is whatever the value, in pieces of one stability."""
    u = subject.quiet(*ends)
    if u is None:
        return
    breaks = [ends[0], *(value for value, _, kind in found if kind == "rest"), ends[1]]
    for a, b in pairwise(breaks):
        if a < b:
            here = equilibria(*subject.at(0.5 * (a + b)))[0]
            yield _Piece(np.linspace(a, b, _POINTS), np.full(_POINTS, u), here.stable)


def _assemble(
    subject: Parameter,
    pieces: list[_Piece],
    found: list[tuple[float, float, str]],
    ends: tuple[float, float],
) -> Diagram:
    sizes = [len(piece.value) for piece in pieces]
    value = np.concatenate([np.empty(0), *(piece.value for piece in pieces)])
    potential = np.concatenate([np.empty(0), *(piece.potential for piece in pieces)])
    return Diagram(
        parameter=subject.name,
        value=value,
        potential=potential,
        calcium=subject.calcium(potential, value),
        stable=np.repeat(np.array([piece.stable for piece in pieces], dtype=bool), sizes),
        branch=np.repeat(np.arange(len(pieces), dtype=np.int64), sizes),
        folds=tuple(fold(subject.at(at)[0], u, kind) for at, u, kind in found),
        fold_value=np.array([at for at, _, _ in found]),
        low=ends[0],
        high=ends[1],
        model=subject.model,
        current=subject.current,
    )
