"""Spiking rates given by points, or by any function of the potential."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _core, card, checks
from ..caller import caution
from .rate import Rate

# Where a function is compared with its table, in parts of each interval: the middle, and the two places at which an
# error of the derivatives at the knots shows most.
_INSIDE = (0.5 - 3**-0.5 / 2.0, 0.5, 0.5 + 3**-0.5 / 2.0)
_TOLERANCE = 1e-6  # of the range
_LEAST = 1e-300  # between two points, as the core has it


@dataclass(frozen=True, eq=False, repr=False)
class Table(Rate):
    """φ through the points (potential, rate), flat outside its ends; monotone or not.

    The simulation is exact for the table, which is the model's rate and no approximation of it. Between two
    neighbouring points φ rises or falls as they do, so that it is never negative and never exceeds the greatest
    of the rates.

    Parameters
    ----------
    potential : array_like, shape (m,), m >= 2
        Finite, >= 0 and strictly increasing.
    rate : array_like, shape (m,)
        Finite and >= 0.
    interpolation : {"linear", "monotone"}
        "linear" joins the points by straight lines, and each is a corner of φ. "monotone" joins them by cubics
        whose derivative is continuous (PCHIP); φ then has corners at its two ends only, where it doesn't end flat.

    Attributes
    ----------
    difference : float or None
        For a table that `from_function` made, the largest difference from the function that was seen; else None.
        It is no part of the value: tables are equal without it, and a file doesn't keep it.

    References
    ----------
    F. N. Fritsch, J. Butland, A method for constructing local monotone piecewise cubic interpolants, SIAM J. Sci.
    Stat. Comput. 5 (1984) 300–304. SciPy's ``PchipInterpolator`` is the same function.

    Examples
    --------
    >>> import facilis as fc
    >>> rate = fc.Table([0.0, 1.0, 2.0], [0.0, 0.5, 3.0], interpolation="monotone")
    >>> rate
    Table(3 points on [0.0, 2.0], interpolation='monotone')
    >>> rate([1.0, 9.0])
    array([0.5, 3. ])
    """

    potential: NDArray[np.float64]
    rate: NDArray[np.float64]
    interpolation: str = "linear"
    difference: ClassVar[float | None] = None  # of each instance; as a ClassVar it is no field

    def __post_init__(self) -> None:
        for name in ("potential", "rate"):
            value, allowed = getattr(self, name), "a 1-d array of numbers >= 0"
            array = checks.reals(name, value, allowed)
            if array.ndim != 1:
                raise ValueError(checks.wrong_shape(name, allowed, value, array.shape))
            array += 0.0  # -0.0 becomes 0.0, as equal tables must have equal hashes
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        checks.choice("interpolation", self.interpolation, ("linear", "monotone"))
        handle = _core.Rate.table(self.potential, self.rate, self.interpolation)
        object.__setattr__(self, "_handle", handle)

    @classmethod
    def from_function(
        cls,
        f: Callable[[Any], ArrayLike],
        upper: float = 20.0,
        points: int = 4096,
        interpolation: str = "monotone",
    ) -> Table:
        """Tabulate a function of the potential at equally spaced potentials from 0 to `upper`.

        The table is compared with the function at three places between each two neighbouring points. The largest
        difference is kept as the attribute `difference`.

        Parameters
        ----------
        f : callable
            Returns rates, finite and >= 0. It is called with an array of potentials; if it can't take one, as a
            function made with `math.exp` can't, it is called with one potential after another.
        upper : float
            The last potential of the table, finite and > 0; from there on the rate is flat.
        points : int
            At least 2.
        interpolation : {"monotone", "linear"}
            As for the class. The default is smooth, as most functions are.

        Warns
        -----
        UserWarning
            If the difference exceeds 1e-6 times the range of the rates.

        Examples
        --------
        >>> import math
        >>> import facilis as fc
        >>> rate = fc.Table.from_function(lambda u: math.exp(-1.0 / u) if u > 0.0 else 0.0)
        >>> rate.difference < 1e-6
        True
        """
        if not callable(f):
            raise TypeError(checks.wrong("f", "a function of the potential", f))
        allowed = "a finite number > 0"
        if (end := checks.finite("upper", upper, allowed)) <= 0.0:
            raise ValueError(checks.wrong("upper", allowed, upper))
        potential = np.linspace(0.0, end, checks.count("points", points, least=2, most=10**7))
        rate = _values(f, potential)
        if not (np.diff(potential) >= _LEAST).all():
            text = f"so large that {potential.size} potentials below it differ"
            raise ValueError(checks.wrong("upper", text, upper))
        table = cls(potential, rate, interpolation)
        inside = np.concatenate([potential[:-1] + part * np.diff(potential) for part in _INSIDE])
        differences = np.abs(_values(f, inside) - table(inside))
        difference, worst = float(differences.max()), inside[differences.argmax()]
        object.__setattr__(table, "difference", difference)
        if difference > _TOLERANCE * float(np.ptp(rate)):
            caution(
                f"the table differs from f by up to {difference:.3g} near the potential {worst:.6g}, where its "
                f"rates range from {rate.min():.3g} to {rate.max():.3g}; more points, or a lower `upper`, bring it "
                "closer; a corner of f must be a point of a linear table, or the end `upper`",
                UserWarning,
            )
        return table

    def _second_derivative(self, u: float) -> float:
        """Return φ''(u) of a smooth table; where it jumps, at a point, that on the right.

        Between two points φ' is a parabola: the one through its values at three places.
        """
        k = int(np.searchsorted(self.potential, u, side="right"))
        if k in (0, self.potential.size):
            return 0.0
        low, high = self.potential[k - 1 : k + 1]
        # At the last point φ' is that on the right, 0.
        start, middle, end = self.derivative([low, 0.5 * (low + high), np.nextafter(high, low)])
        share = (u - low) / (high - low)
        rise = 4.0 * ((1.0 - share) * (middle - start) + share * (end - middle)) - (end - start)
        return float(rise / (high - low))

    def __reduce__(self) -> tuple[Any, ...]:
        return *super().__reduce__(), {"difference": self.difference}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        same = np.array_equal(self.potential, other.potential) and np.array_equal(self.rate, other.rate)
        return same and self.interpolation == other.interpolation

    def __hash__(self) -> int:
        return hash((self.potential.tobytes(), self.rate.tobytes(), self.interpolation))

    def _repr_html_(self) -> str:
        rows = [
            ("points", f"{self.potential.size}"),
            ("potential", f"{self.potential[0]:g} to {self.potential[-1]:g}"),
            ("rate", f"{self.rate.min():.6g} to {self.rate.max():.6g}"),
            ("interpolation", self.interpolation),
        ]
        potential = np.linspace(self.potential[0], self.potential[-1], 4 * card.COLUMNS)
        drawn = card.picture([card.Curve(potential, np.asarray(self(potential)))], "rate against potential")
        return card.card("Table", card.table(rows), drawn)

    def __repr__(self) -> str:
        points = f"{self.potential.size} points on [{self.potential[0]}, {self.potential[-1]}]"
        return f"Table({points}, interpolation={self.interpolation!r})"


def _values(f: Callable[[Any], ArrayLike], potential: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return f at all potentials, called once if it takes arrays, else for each of them."""
    allowed = "a function with finite values >= 0, one for each potential"
    try:
        rate = checks.reals("f", f(potential.copy()), allowed)
    except (TypeError, ValueError):  # what Python and NumPy say where a scalar was wanted
        rate = np.empty(0)
    if rate.shape != potential.shape:
        rate = checks.reals("f", [_at(f, u, allowed) for u in potential.tolist()], allowed)
    if rate.shape != potential.shape:
        raise ValueError(f"f must be {allowed}, got values of shape {rate.shape[1:]}")
    bad = ~(np.isfinite(rate) & (rate >= 0.0))
    if bad.any():
        k = int(np.argmax(bad))
        raise ValueError(f"f must be {allowed}, got f({potential[k]}) = {rate[k]}")
    return rate


def _at(f: Callable[[Any], ArrayLike], u: float, allowed: str) -> Any:
    try:
        return f(u)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise type(error)(
            f"f must be {allowed}, but f({u}) raised {type(error).__name__}: {error}"
        ) from error
