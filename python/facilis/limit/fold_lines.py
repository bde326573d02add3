"""Folds in the plane of two parameters: lines along which equilibria merge, and cusps where two lines meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import card, checks, pictures
from ..model.model import Model
from ..result import Floats, Result
from .parameter import Parameter, any_parameter

_POINTS = 201  # of the second parameter, without those near cusps
_MOST = 1e9  # of the first parameter: towards weak currents, for example, folds go to infinite alpha
_MERGED = 1e-3  # how near, relative to their potential, two folds must come to have merged


@dataclass(frozen=True)
class Cusp:
    """Where two folds merge as two parameters vary; beyond it the equilibria change without a jump.

    Attributes
    ----------
    first, second : float
        The two parameters.
    potential, calcium : float
        The equilibrium there.

    Examples
    --------
    >>> curve = fc.fold_curve(fc.Model.example("memory"), "alpha", "current", 0.0, 1.0)
    >>> (cusp,) = curve.cusps
    >>> print(f"alpha {cusp.first:.4f}, current {cusp.second:.4f}")
    alpha 0.0959, current 0.7614
    """

    first: float
    second: float
    potential: float
    calcium: float


@dataclass(frozen=True, eq=False, repr=False)
class FoldCurve(Result):
    """Folds against two parameters.

    Attributes
    ----------
    parameters : tuple of str
        The names of the first and the second parameter.
    first, second, potential, calcium : ndarray of float64, shape (m,)
        Points of all lines: the two parameters, and the equilibrium at the fold.
    line : ndarray of int64, shape (m,)
        The line to which the point belongs. Along it the second parameter rises.
    cusps : tuple of Cusp
        Where two lines meet.
    low, high : float
        The range of the second parameter.
    model : Model
        Its own values of the two parameters are ignored.
    current : float
        The constant current, where it is not one of the parameters.

    Examples
    --------
    >>> fc.fold_curve(fc.Model.example("memory"), "alpha", "current", 0.0, 1.0)
    FoldCurve(alpha against current=0..1, 2 lines, 1 cusp)
    """

    parameters: tuple[str, str]
    first: Floats
    second: Floats
    potential: Floats
    calcium: Floats
    line: NDArray[np.int64]
    cusps: tuple[Cusp, ...]
    low: float
    high: float
    model: Model
    current: float

    _axes = dict.fromkeys(("first", "second", "potential", "calcium", "line"), ("point",))

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.fold_curve`, with its options; return Axes by name (``facilis[plot]``)."""
        return {"fold_curve": pictures.plot().fold_curve(self, **options)}

    def at(self, first: float, second: float) -> tuple[Model, float]:
        """Return the model and the current at a point of the plane.

        Examples
        --------
        >>> curve = fc.fold_curve(fc.Model.example("memory"), "alpha", "current", 0.0, 1.0)
        >>> model, current = curve.at(0.3, 0.2)
        >>> [state.kind for state in fc.equilibria(model, current)]
        ['stable node', 'saddle', 'stable node']
        """
        model, current = Parameter(self.parameters[1], self.model, self.current).at(second)
        return Parameter(self.parameters[0], model, current).at(first)

    def _lines(self) -> card.Rows:
        return ()

    def _grid(self) -> card.Grid:
        points = np.stack([self.first, self.second, self.potential], axis=1)
        lines = [points[self.line == k] for k in range(int(self.line.max(initial=-1)) + 1)]
        spans = [[f"{x.min():.4g} to {x.max():.4g}" for x in line.T] for line in lines]
        rows = [(f"line {k}", *span) for k, span in enumerate(spans)]
        rows += [("cusp", *(f"{x:.6g}" for x in (c.first, c.second, c.potential))) for c in self.cusps]
        return ("", *self.parameters, "potential"), rows

    def __repr__(self) -> str:
        names = f"{self.parameters[0]} against {self.parameters[1]}={self.low:g}..{self.high:g}"
        count, cusps = int(self.line.max(initial=-1)) + 1, len(self.cusps)
        return f"FoldCurve({names}, {count} line{'s'[: count != 1]}, {cusps} cusp{'s'[: cusps != 1]})"


def fold_curve(
    model: Model,
    first: str,
    second: str,
    low: float | None = None,
    high: float | None = None,
    *,
    current: float = 0.0,
) -> FoldCurve:
    """Return the folds of the limit equation in the plane of two parameters, with their cusps.

    For each value of the second parameter all folds along the first are known, as `folds` explains: none is
    missed. Between neighbouring values of the second they are joined in the order of their potentials. Where their
    number changes, the value at which it does is found by bisection, and where two of them merge there, this is
    a cusp.

    Parameters
    ----------
    model : Model
    first : {"alpha", "beta", "lam", "kappa", "current"}
        The parameter along which folds are found; "lam" for "before" alone. "kappa" is alpha in units of
        beta·lam.
    second : str
        The other: "alpha", "beta", "lam", "current", or a field of the rate: "rate.half", for example.
    low, high : float, optional
        The range of the second parameter, which must be valid for the model; by default from a quarter to four
        times its value in the model.
    current : float
        The constant current, where it is not one of the parameters; finite, >= 0.

    Returns
    -------
    FoldCurve

    Raises
    ------
    ValueError
        Also if folds along the first parameter are not known in closed form; then exchange the two.

    Examples
    --------
    For "before" and without a current equilibria depend on alpha/(beta·lam) alone, and the fold is a straight line.

    >>> curve = fc.fold_curve(fc.Model.example("memory"), "alpha", "lam")
    >>> curve
    FoldCurve(alpha against lam=0.025..0.4, 1 line, 0 cusps)
    >>> bool(np.allclose(curve.first / curve.second, 2.124508))
    True
    """
    checks.instance("model", model, Model)
    constant = checks.nonnegative("current", current)
    closed = ("alpha", "beta", *(("lam",) if model._offset == 0.0 else ()), "kappa", "current")
    checks.choice("first", first, closed)
    across = any_parameter(second, model, constant, "second")
    if second == first or {first, second} == {"alpha", "kappa"}:
        raise ValueError(checks.wrong("second", f"another parameter than {first!r}", second))
    ends = across.ends(*_around(across, low, high))

    def at(value: float) -> _Folds:
        there, external = across.at(value)
        found = Parameter(first, there, external).folds(0.0, np.inf)
        return _Folds(value, [(a, u) for a, u, _ in found if 0.0 < a <= _MOST])

    # By ratios where both ends are positive, as for alpha and lam, whose product or ratio counts.
    grid = np.geomspace(*ends, _POINTS) if ends[0] > 0.0 else np.linspace(*ends, _POINTS)
    rows = [at(value) for value in (ends[0], *grid[1:-1].tolist(), ends[1])]
    changes = [row for pair in pairwise(rows) for row in _towards_a_change(at, *pair)]
    lines, cusps = _joined(sorted(rows + changes, key=lambda row: row.second))
    return _assemble((first, across), lines, cusps, ends)


def _around(across: Parameter, low: float | None, high: float | None) -> tuple[float, float]:
    """Return the range, which by default is around the model's own value."""
    if low is not None and high is not None:
        return low, high
    own = across.own()
    if own is None or own <= 0.0:
        name = "low" if low is None else "high"
        raise ValueError(f"{name} must be given, as the model has no value of {across.name} > 0")
    return 0.25 * own if low is None else low, 4.0 * own if high is None else high


class _Folds(NamedTuple):
    """All folds at a value of the second parameter, by potential: (first, potential)."""

    second: float
    folds: list[tuple[float, float]]


def _towards_a_change(at: Callable[[float], _Folds], low: _Folds, high: _Folds) -> list[_Folds]:
    """Return more and more rows towards the place between two where the number of folds changes, if it does."""
    rows = []
    nearest = 1e-15 * (abs(low.second) + abs(high.second))
    while len(low.folds) != len(high.folds) and high.second - low.second > nearest:
        middle = 0.5 * (low.second + high.second)
        row = at(middle)
        rows.append(row)
        low, high = (row, high) if len(row.folds) == len(low.folds) else (low, row)
    return rows


_Point = tuple[float, float, float]  # first, second, potential


def _joined(rows: list[_Folds]) -> tuple[list[list[_Point]], list[_Point]]:
    """Return the lines through the folds of all rows, and the cusps in which two lines begin or end."""
    lines: list[list[_Point]] = []
    cusps: list[_Point] = []
    running: list[list[_Point]] = []
    for row in rows:
        points = [(value, row.second, u) for value, u in row.folds]
        more = len(points) - len(running)
        ended = _left_out([line[-1] for line in running], points) if more < 0 else slice(0)
        born = _left_out(points, [line[-1] for line in running]) if more > 0 else slice(0)
        ending, starting = running[ended], [[point] for point in points[born]]
        meeting = _merged([line[-1] for line in ending] or [line[0] for line in starting])
        if meeting is not None:
            cusps.append(meeting)
            for line in ending:
                line.append(meeting)
            starting = [[meeting, *line] for line in starting]
        del running[ended], points[born]
        for line, point in zip(running, points, strict=True):
            line.append(point)
        running[born.start or 0 : born.start or 0] = starting
        lines += starting
    return lines, cusps


def _left_out(many: list[_Point], few: list[_Point]) -> slice:
    """Return which neighbours of `many` to leave out so that the potentials of the others are nearest to `few`."""
    size = len(many) - len(few)

    def distance(start: int) -> float:
        kept = many[:start] + many[start + size :]
        return sum(abs(a[2] - b[2]) for a, b in zip(kept, few, strict=True))

    start = min(range(len(few) + 1), key=distance)
    return slice(start, start + size)


def _merged(points: list[_Point]) -> _Point | None:
    """Return the middle of two folds that have come near; None if they are not two, or not near."""
    if len(points) != 2 or abs(points[1][2] - points[0][2]) > _MERGED * points[1][2]:
        return None
    first, second, potential = np.mean(points, axis=0).tolist()
    return first, second, potential


def _assemble(
    parameters: tuple[str, Parameter],
    lines: list[list[_Point]],
    cusps: list[_Point],
    ends: tuple[float, float],
) -> FoldCurve:
    first, across = parameters

    def calcium(a: float, b: float, u: float) -> float:
        model, _ = Parameter(first, *across.at(b)).at(a)
        return model.rate(u) / model.lam

    points = np.array([point for line in lines for point in line]).reshape(-1, 3)
    return FoldCurve(
        parameters=(first, across.name),
        first=points[:, 0].copy(),
        second=points[:, 1].copy(),
        potential=points[:, 2].copy(),
        calcium=np.array([calcium(*point) for point in points.tolist()]),
        line=np.repeat(np.arange(len(lines), dtype=np.int64), [len(line) for line in lines]),
        cusps=tuple(Cusp(*point, calcium(*point)) for point in cusps),
        low=ends[0],
        high=ends[1],
        model=across.model,
        current=across.current,
    )
