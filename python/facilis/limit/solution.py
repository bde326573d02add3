"""The limit of infinitely many neurons: an ordinary differential equation for the means."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _core, card, checks, pictures
from ..model.model import Model
from ..model.stimulus import Current, Pulse, Stimulus
from ..result import Floats, Result
from ..times import grid_times, rounding_hint
from .calcium_law import CalciumLaw, calcium_at


@dataclass(frozen=True, eq=False, repr=False)
class Limit(Result):
    """A solution of the limit equation.

    ``sol(t)`` is the solution at any time in [0, t_end], to the accuracy that was asked for.

    Attributes
    ----------
    t : ndarray of float64, shape (m,)
        The times of the grid.
    potential, calcium, calcium_var : ndarray of float64, shape (m,)
        Mean potential, mean calcium, and the variance of calcium over the neurons, on the grid.
    model : Model
    stimulus : tuple of Pulse
    t_end : float
    start : tuple of three ndarray of float64, shape (k,)
        Potential, calcium and weight of the neurons at time 0.
    rtol, atol : float
        The tolerances.
    pieces : tuple of ndarray of float64
        The solution as one polynomial per step: where the steps start, their widths, and the
        coefficients, shape (steps, 3, 8).

    Examples
    --------
    >>> sol = fc.solve_limit(fc.Model.example("bistable"), 50.0, potential=2.0, calcium=9.0)
    >>> print(sol(25.0).round(3))
    [2.888 9.776 4.893]
    """

    t: Floats
    potential: Floats
    calcium: Floats
    calcium_var: Floats
    model: Model
    stimulus: tuple[Pulse, ...]
    t_end: float
    start: tuple[Floats, Floats, Floats]
    rtol: float
    atol: float
    pieces: tuple[Floats, Floats, Floats] = field(repr=False)

    _axes = {"t": ("t",), "potential": ("t",), "calcium": ("t",), "calcium_var": ("t",)}  # noqa: RUF012

    def __call__(self, t: ArrayLike) -> Floats:
        """Return mean potential, mean calcium and variance of calcium at any times.

        Parameters
        ----------
        t : float or array_like
            Times in [0, t_end], in any order.

        Returns
        -------
        ndarray of float64, shape (3, *shape(t))

        Raises
        ------
        TypeError, ValueError
            If `t` is not made of real numbers in [0, t_end].
        """
        allowed = f"times from 0.0 to {self.t_end!r}"
        times = checks.reals("t", t, allowed)
        bad = ~((times >= 0.0) & (times <= self.t_end))
        if bad.any():
            hint = rounding_hint(float(times[bad][0]), self.t_end)
            raise ValueError(f"t must be {allowed}, got {checks.first('t', times, bad)}{hint}")
        return _core.values_of(*self.pieces, times.ravel()).reshape(3, *times.shape)

    @cached_property
    def covariance(self) -> Floats:
        """N times the covariance of (mean potential, mean calcium) on the grid, shape (m, 2, 2), as N → ∞.

        The linear-noise approximation along the solution: C' = J·C + C·Jᵀ + φ·[[alpha²·m₂, alpha·ψ], [alpha·ψ, 1]],
        where m₂ = ψ² + Var R is the second moment of what a spike transmits. The start is taken as given,
        neuron by neuron: C = 0 at time 0. Errors are of the order of ``atol + rtol·|value|``, where alpha is the
        unit of potentials. For a start at several points it is the equation of all of them; more
        than 128 different ones are a ValueError.
        """
        entries = _core.covariance(
            self.model._handle,
            self.t_end,
            *self.start,
            Current(self.stimulus).handle,
            self.rtol,
            self.atol,
            self.t,
        )
        return np.ascontiguousarray(entries[:, [[0, 1], [1, 2]]])

    def calcium_law(self, t: float) -> CalciumLaw:
        """Return the law of one neuron's calcium at a time in [0, t_end].

        The neuron, drawn at random, has what is left of its calcium at the start plus its decayed spikes: shot
        noise of the rate φ(u(·)). As long as it may not have spiked yet the law has an atom.

        Parameters
        ----------
        t : float
            A time in [0, t_end].

        Returns
        -------
        CalciumLaw
            Its distribution function has an error of about 10⁻⁶, beside that of the solution.

        Raises
        ------
        TypeError, ValueError
            If `t` is not a time of the solution.
        RuntimeError
            If the law has details too fine, as after a burst much shorter than 1/lam.
        """
        return calcium_at(self, t)

    def plot(self, **options: Any) -> Any:
        """Draw it by `facilis.plot.limit`, with its options; return Axes by name (``facilis[plot]``)."""
        return pictures.plot().limit(self, **options)

    def _lines(self) -> card.Rows:
        u, r, var = self(self.t_end)
        return [
            ("alpha, kappa", f"{self.model.alpha:g}, {self.model.kappa:g}"),
            ("time", f"0 to {self.t_end:g}, {self.t.size} points kept"),
            ("at the end", f"potential {u:.6g}, calcium {r:.6g}, its variance {var:.6g}"),
            ("tolerances", f"rtol {self.rtol:g}, atol {self.atol:g}"),
        ]

    def _picture(self) -> str:
        bands = [(pulse.start, pulse.stop) for pulse in self.stimulus]
        return card.picture([card.Curve(self.t, self.potential)], "mean potential against time", bands)

    def __repr__(self) -> str:
        u, r, _ = self(self.t_end)
        return f"Limit(t=0..{self.t_end:g}, potential={u:.6g} and calcium={r:.6g} at the end)"


def solve_limit(
    model: Model,
    t_end: float,
    *,
    potential: ArrayLike = 0.0,
    calcium: ArrayLike = 0.0,
    weights: ArrayLike | None = None,
    stimulus: Stimulus = (),
    grid: ArrayLike | None = 1000,
    rtol: float = 1e-9,
    atol: float = 1e-12,
) -> Limit:
    """Solve the limit equation from 0 to `t_end`.

    For equal starts it is u' = −beta·u + alpha·ψ·φ(u) + I(t), r' = −lam·r + φ(u), V' = −2·lam·V + φ(u) for
    potential, mean calcium and variance of calcium, with ψ = r ("before") or r + 1 ("after"). Neurons that
    start at different points (u_k, r_k) keep potentials that differ by multiples of e^{−beta·t}, and
    each has its own mean calcium.

    Parameters
    ----------
    model : Model
    t_end : float
        >= 0, at most about 9·10¹²/max(beta, lam): beyond that doubles are too coarse.
    potential, calcium : float or array_like of shape (k,)
        Where the neurons start: all alike, or the points of a law; finite and >= 0.
    weights : array_like of shape (k,), optional
        The shares of the neurons at those points, >= 0; they are divided by their sum. By default equal.
    stimulus : Pulse or sequence of Pulse
        The external current; pulses that overlap add.
    grid : int, array_like or None
        Times of the arrays of the result: so many equally spaced from 0 to `t_end`, both ends included, or
        strictly increasing times, or none.
    rtol, atol : float
        The error of each value is of the order of ``atol + rtol·|value|``, between the steps too;
        1e-13 <= rtol <= 0.1 and atol > 0.

    Returns
    -------
    Limit

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong type or value.
    RuntimeError
        If the solution blows up before `t_end`, as only an unbounded rate can make it, or the equation is so stiff
        that the steps allowed are used up; the message has the time.
    MemoryError
        If the starting points are too many for the memory.

    Notes
    -----
    Integrated by DOP853 of Hairer, Nørsett and Wanner, with the defect of its interpolant controlled, from
    one edge of the stimulus to the next, and from one corner of the rate to the next.

    Examples
    --------
    >>> sol = fc.solve_limit(fc.Model.example("memory"), 200.0, stimulus=fc.Pulse(10.0, 30.0, 3.0))
    >>> print(f"{sol.potential[-1]:.3f} {sol.calcium[-1]:.3f}")
    1.894 9.279
    """
    checks.instance("model", model, Model)
    end = checks.number("t_end", t_end, "a finite time >= 0")
    start, current = _atoms(potential, calcium, weights), Current.of(stimulus)
    tolerances = checks.number("rtol", rtol), checks.number("atol", atol)
    pieces = _core.solve_limit(model._handle, end, *start, current.handle, *tolerances)
    times = grid_times(grid, 0.0, end)
    _core.check_grid(times, 0.0, end)
    potential_mean, calcium_mean, calcium_var = _core.values_of(*pieces, times)
    means = potential_mean, calcium_mean, calcium_var
    return Limit(times, *means, model, current.pulses, end, start, *tolerances, pieces)


def _atoms(
    potential: ArrayLike, calcium: ArrayLike, weights: ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    """Return the points of the initial law and their weights, three arrays of one length."""
    if type(potential) is float and type(calcium) is float and weights is None:  # as most starts are
        return np.array([potential]), np.array([calcium]), np.ones(1)
    allowed = "finite numbers >= 0: one, or an array of shape (k,)"
    given = {"potential": potential, "calcium": calcium}
    if weights is not None:
        given["weights"] = weights
    arrays = {name: checks.reals(name, value, allowed) for name, value in given.items()}
    size = max(arrays["potential"].size, arrays["calcium"].size)
    if size == 1 and weights is not None:
        size = arrays["weights"].size
    for name, array in arrays.items():
        if array.ndim > 1 or array.size not in (1, size):
            text = checks.wrong_shape(name, allowed, given[name], array.shape)
            raise ValueError(f"{text} where k is {size}")
    if weights is None:
        arrays["weights"] = np.ones(size)
    # What has that size is a copy already.
    u, r, w = (a.reshape(size) if a.size == size else np.full(size, a) for a in arrays.values())
    return u, r, w
