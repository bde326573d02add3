"""Equilibria and nullclines of the limit equation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import SupportsIndex, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, card, checks
from ..model.model import Model
from ..result import Floats

_HEADER = ("potential", "calcium", "kind", "eigenvalues")


@dataclass(frozen=True, eq=False, repr=False)
class Equilibrium:
    """An equilibrium of the limit equation; two of them are equal if all their numbers are.

    Attributes
    ----------
    potential, calcium : float
    stable : bool
        Whether solutions that start near enough tend to it.
    kind : {"stable node", "stable focus", "saddle", "fold"}
        At a fold two equilibria are one, half-stable.
    eigenvalues : ndarray of complex128, shape (2,)
        Of the Jacobian, the one with the greater real part first.
    jacobian : ndarray of float64, shape (2, 2)
        At a corner of the rate, with its slope on the right. Whether the equilibrium is stable is then
        decided by both sides: it is if it is for the slope on either side; if for one only, it is a fold.

    Examples
    --------
    >>> state = fc.equilibria(fc.Model.example("bistable"))[-1]
    >>> print(f"{state.potential:.4f} {state.calcium:.4f} {state.kind}")
    2.9190 9.8641 stable node
    """

    potential: float
    calcium: float
    stable: bool
    kind: str
    eigenvalues: NDArray[np.complex128]
    jacobian: Floats

    def _values(self) -> tuple[object, ...]:
        arrays = self.eigenvalues.tolist(), self.jacobian.tolist()
        return self.potential, self.calcium, self.kind, *arrays[0], *arrays[1][0], *arrays[1][1]

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, Equilibrium) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._values())

    @property
    def determinant(self) -> float:
        """Of the Jacobian: an equilibrium that is not a fold is stable exactly if it is positive."""
        return float(np.linalg.det(self.jacobian))

    @property
    def trace(self) -> float:
        """Of the Jacobian: negative wherever the determinant is positive."""
        return float(np.trace(self.jacobian))

    @property
    def reason(self) -> str:
        """Why it is stable or not, in words."""
        numbers = f"det J = {self.determinant:.4g} and tr J = {self.trace:.4g}"
        if self.kind == "fold":
            return f"half-stable, as two equilibria merge here: {numbers} (for the slope on the right)"
        if self.stable:
            return f"stable, as {numbers}: both eigenvalues have negative real parts"
        return f"unstable, as {numbers}: one eigenvalue is positive, the other not"

    def __repr__(self) -> str:
        return f"Equilibrium(potential={self.potential:.6g}, calcium={self.calcium:.6g}, {self.kind})"

    def _cells(self) -> tuple[str, ...]:
        eigenvalues = ", ".join(f"{value:.4g}" for value in np.real_if_close(self.eigenvalues))
        return f"{self.potential:.6g}", f"{self.calcium:.6g}", self.kind, eigenvalues

    def _repr_html_(self) -> str:
        rows = [*zip(_HEADER, self._cells(), strict=True), ("reason", self.reason)]
        return card.card("Equilibrium", card.table(rows))


class Equilibria(tuple[Equilibrium, ...]):
    """Equilibria by potential: a tuple that is printed as a table.

    Examples
    --------
    >>> found = fc.equilibria(fc.Model.example("bistable"))
    >>> print(found)
       potential  calcium  kind         eigenvalues
    0  0          0        stable node  -0.1, -1
    1  1.11928    6.10813  saddle       0.7417, -0.285
    2  2.91904    9.86414  stable node  -0.09362, -0.952
    >>> len(found[1:]), found[-1].stable
    (2, True)
    """

    __slots__ = ()

    @overload
    def __getitem__(self, key: SupportsIndex) -> Equilibrium: ...
    @overload
    def __getitem__(self, key: slice) -> Equilibria: ...
    def __getitem__(self, key: SupportsIndex | slice) -> Equilibrium | Equilibria:
        """Return one equilibrium, or for a slice a smaller table."""
        return Equilibria(super().__getitem__(key)) if isinstance(key, slice) else super().__getitem__(key)

    def _rows(self) -> Iterable[tuple[str, ...]]:
        return [(f"{k}", *point._cells()) for k, point in enumerate(self)]

    def __repr__(self) -> str:
        return card.columns(("", *_HEADER), self._rows()) if self else "Equilibria: none"

    def _repr_html_(self) -> str:
        if not self:
            return card.card(repr(self))
        return card.card(f"Equilibria: {len(self)}", card.grid(("", *_HEADER), self._rows()))


def equilibria(model: Model, current: float = 0.0) -> Equilibria:
    """Return all equilibria of the limit equation under a constant current, by potential.

    None is missed: the potential of an equilibrium is a root of G(u) + current/beta − u with
    G = (alpha/beta)·φ·ψ, and between points known in closed form (or corners of the rate) G is convex or
    concave. Roots are exact to a few units in the last place, near a fold to a backward error below 1e-14.
    Two that rounding can't tell apart are one, of kind "fold".

    Parameters
    ----------
    model : Model
    current : float
        Finite, >= 0.

    Returns
    -------
    Equilibria
        A tuple of `Equilibrium`, printed as a table.

    Examples
    --------
    >>> [point.kind for point in fc.equilibria(fc.Model.example("bistable"))]
    ['stable node', 'saddle', 'stable node']
    """
    checks.instance("model", model, Model)
    found = _core.equilibria(model._handle, checks.number("current", current, "a finite number >= 0"))
    return Equilibria(
        Equilibrium(u, r, kind.startswith("stable"), kind, eigenvalues, jacobian)
        for u, r, kind, jacobian, eigenvalues in found
    )


def nullclines(model: Model, potential: ArrayLike, current: float = 0.0) -> tuple[Floats, Floats]:
    """Return the calcium at which the potential rests, and that at which calcium rests, for given potentials.

    Parameters
    ----------
    model : Model
    potential : float or array_like
        Finite, >= 0.
    current : float
        Finite, >= 0.

    Returns
    -------
    potential_rests, calcium_rests : ndarray of float64, of the shape of `potential`
        Where du/dt = 0, nan where no calcium >= 0 does that (at potentials where neurons don't spike, for
        example), and where dr/dt = 0.

    Examples
    --------
    >>> potential_rests, calcium_rests = fc.nullclines(fc.Model.example("bistable"), [1.0, 2.0])
    >>> print(calcium_rests.round(3))
    [5.    9.412]
    """
    checks.instance("model", model, Model)
    u, constant = checks.nonnegatives("potential", potential), checks.nonnegative("current", current)
    rate = np.asarray(model.rate(u))
    with np.errstate(all="ignore"):
        rests = (model.beta * u - constant) / (model.alpha * rate) - model._offset
    return np.where((rests >= 0.0) & np.isfinite(rests), rests, np.nan), np.asarray(rate / model.lam)
