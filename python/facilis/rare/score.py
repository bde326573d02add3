"""Scores: which of two networks is nearer to the end of its memory."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from .. import _core, checks
from ..limit.equilibria import Equilibrium, equilibria
from ..limit.separatrix import separatrix
from ..model.model import Model
from ..result import Floats

Weights: TypeAlias = tuple[float, float]
Border: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]
Score: TypeAlias = Weights | Border

_MOST = 1e100  # of what a network can start from
_CLOSE = 1e-4  # of the lines between a border's points; any border makes a score, so little depends on it


def given_score(score: object) -> Weights:
    """Return a user's weights of potential and calcium; the core wants them >= 0."""
    allowed = "two weights (potential, calcium) >= 0, not both 0"
    if not isinstance(score, tuple | list | np.ndarray) or getattr(score, "ndim", 1) != 1 or len(score) != 2:
        raise TypeError(checks.wrong("score", allowed, score))
    a, b = (checks.number("score", weight, allowed) for weight in score)
    return a, b


def state_and_saddle(model: Model) -> tuple[Equilibrium, Equilibrium]:
    """Return the highest stable equilibrium and the saddle below it."""
    points = equilibria(model)
    for k in reversed(range(1, len(points))):
        if points[k].stable and points[k - 1].kind == "saddle":
            if max(points[k].potential, points[k].calcium) > _MOST:
                raise ValueError(checks.wrong("model", f"one with equilibria up to {_MOST:g}", model))
            return points[k], points[k - 1]
    text = checks.wrong("model", "one with a stable equilibrium above a saddle", model)
    raise ValueError(f"{text}: for others see memory_times and slow_passage")


def saddle_score(model: Model) -> Weights:
    """Return the left unstable eigenvector at the saddle below the highest stable equilibrium.

    Across it the limit equation leaves the saddle, so that its level sets are nearly those of the chance of exit.
    """
    try:
        saddle = state_and_saddle(model)[1]
    except ValueError:
        text = "two weights (potential, calcium), as the model has no stable equilibrium above a saddle"
        raise ValueError(checks.wrong("score", text, None)) from None
    (a, _), (c, _) = saddle.jacobian
    growth = float(saddle.eigenvalues[0].real)
    weights = np.array([c, growth - a])
    first, second = weights / np.hypot(*weights)
    return float(first), float(second)


def border_score(model: Model) -> Border:
    """Return points of the separatrix below the highest stable equilibrium, for a second score.

    A network's score is how far to the left of it the means are, a nonlinear function of them. Where the curve
    rises, as a rate that also falls can make it, the lowest falling curve that is nowhere below it takes its place.
    """
    _, saddle = state_and_saddle(model)
    saddles = [point for point in equilibria(model) if point.kind == "saddle"]
    index = [point.potential for point in saddles].index(saddle.potential)
    curve = separatrix(model, saddle=index, tolerance=_CLOSE)
    downwards = np.argsort(-curve.calcium, kind="stable")
    u, r = np.maximum.accumulate(curve.potential[downwards]), curve.calcium[downwards]
    kept = np.diff(u, prepend=-np.inf) > 0.0
    u, r = u[kept], r[kept]
    if r[-1] > 0.0:
        u, r = np.append(u, 2.0 * u[-1] + 1.0), np.append(r, 0.0)
    return tuple(u.tolist()), tuple(r.tolist())


def core_score(score: Score) -> _core.Score:
    """Return a score as the core knows it."""
    if isinstance(score[0], tuple):
        potential, calcium = (np.array(part) for part in score)
        return _core.Score.border(potential, calcium)
    return _core.Score.linear(*score)


def at(score: Score, point: Equilibrium) -> float:
    """Return the score of a point: the greater, the nearer to the exit."""
    return core_score(score).at(point.potential, point.calcium)


def spread(score: Score, point: Equilibrium, covariance: Floats) -> float:
    """Return the standard deviation of the score around a point, to leading order."""
    handle, (u, r) = core_score(score), (point.potential, point.calcium)
    du, dr = 0.01 * np.sqrt(np.diag(covariance))
    slope = np.array(
        [
            (handle.at(u + du, r) - handle.at(u - du, r)) / (2.0 * du),
            (handle.at(u, r + dr) - handle.at(u, r - dr)) / (2.0 * dr),
        ]
    )
    return float(np.sqrt(slope @ covariance @ slope))
