"""Bifurcation diagrams: the branches of equilibria against a parameter."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import card, pictures
from ..model.model import Model
from ..result import Floats, Result
from .fold import Fold


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
    parameter : str
        What varies: "alpha", "rate.half" or another that `bifurcation` takes.
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
        Its own value of the parameter is ignored.
    current : float
        The constant current, where it is not the parameter.

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

    def _lines(self) -> card.Rows:
        return ()

    def _grid(self) -> card.Grid:
        rows = [
            ("stable" if one.stable else "unstable", *map(_span, (one.value, one.potential, one.calcium)))
            for one in self.branches
        ]
        rows += [
            (f"fold ({fold.kind})", *(f"{x:.6g}" for x in (value, fold.potential, fold.calcium)))
            for fold, value in zip(self.folds, self.fold_value, strict=True)
        ]
        return ("", self.parameter, "potential", "calcium"), rows

    def _picture(self) -> str:
        looks = {True: "solid", False: "dashed"}
        curves = [card.Curve(one.value, one.potential, looks[one.stable]) for one in self.branches]
        return card.picture(curves, f"potential against {self.parameter}, dashed where unstable")

    def __repr__(self) -> str:
        span = f"{self.parameter}={self.low:g}..{self.high:g}"
        return f"Diagram({span}, {len(self.branches)} branches, {len(self.folds)} folds)"


def _span(values: Floats) -> str:
    return f"{values.min():.4g} to {values.max():.4g}"
