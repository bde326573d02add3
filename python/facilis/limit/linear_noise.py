"""Fluctuations of a large network around a stable equilibrium: a linear equation driven by white noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .. import card, checks
from ..model.model import Model
from ..result import Floats
from .equilibria import Equilibrium

_ROUNDING = 2**-50  # relative error of a product of two entries of the Jacobian


@dataclass(frozen=True, eq=False, repr=False)
class LinearNoise(card.Shown):
    """√N (mean potential − u, mean calcium − r) in the stationary state, as N → ∞.

    Attributes
    ----------
    covariance : ndarray of float64, shape (2, 2)
        N times the covariance of (mean potential, mean calcium).
    drift : ndarray of float64, shape (2, 2)
        The Jacobian J of the limit equation.
    diffusion : ndarray of float64, shape (2, 2)
        The noise D = φ·[[alpha²·m₂, alpha·ψ], [alpha·ψ, 1]].
    equilibrium : Equilibrium

    Examples
    --------
    >>> model = fc.Model.example("bistable")
    >>> noise = fc.linear_noise(model, fc.equilibria(model)[-1])
    >>> noise.spectrum([0.0, 1.0]).shape
    (2, 2, 2)
    """

    covariance: Floats
    drift: Floats
    diffusion: Floats
    equilibrium: Equilibrium

    def _lines(self) -> card.Rows:
        potential, calcium = self.covariance.diagonal()
        spreads = f"potential {potential:.6g}, calcium {calcium:.6g}"
        correlation = (
            float(self.covariance[0, 1] / np.sqrt(potential * calcium)) if potential * calcium else 0.0
        )
        return [("at", self.equilibrium), ("n·variance", spreads), ("correlation", correlation)]

    def __repr__(self) -> str:
        spreads = ", ".join(f"{value:.6g}" for value in self.covariance.diagonal())
        return f"LinearNoise(at potential {self.equilibrium.potential:.6g}, n·variances {spreads})"

    def spectrum(self, omega: ArrayLike) -> Floats:
        """Return N times the power spectrum, (J − iω)⁻¹ D (J − iω)⁻ᴴ.

        Parameters
        ----------
        omega : array_like
            Angular frequencies, of any shape. The spectrum is two-sided: its integral over ω/2π from −∞ to ∞
            is `covariance`.

        Returns
        -------
        ndarray of complex128, shape (..., 2, 2)
            Real on the diagonal; elsewhere the cross spectrum of potential with calcium.
        """
        frequencies = checks.reals("omega", omega, "finite real numbers")
        if not np.isfinite(frequencies).all():
            raise ValueError(checks.wrong("omega", "finite real numbers", omega))
        shifted = self.drift - 1j * frequencies[..., None, None] * np.eye(2)
        response = np.linalg.inv(shifted)
        return response @ self.diffusion @ np.conj(np.swapaxes(response, -1, -2))


def linear_noise(model: Model, equilibrium: Equilibrium) -> LinearNoise:
    """Return the linear-noise approximation at a stable equilibrium of the limit equation.

    The covariance Σ solves the Lyapunov equation J·Σ + Σ·Jᵀ + D = 0, with
    D = φ·[[alpha²·m₂, alpha·ψ], [alpha·ψ, 1]], ψ = r ("before") or r + 1 ("after") and m₂ = ψ² + φ/(2·lam) the
    second moment of the calcium that spikes transmit, which differs from neuron to neuron.

    Parameters
    ----------
    model : Model
    equilibrium : Equilibrium
        A stable one of `equilibria(model, current)`.

    Returns
    -------
    LinearNoise

    Raises
    ------
    ValueError
        If the equilibrium isn't stable: there is no stationary state then. Or if it is so close to a fold that
        rounding decides whether it is.

    Examples
    --------
    >>> import facilis as fc
    >>> model = fc.Model.example("bistable")
    >>> noise = fc.linear_noise(model, fc.equilibria(model)[-1])
    >>> print(noise.covariance.round(3))
    [[6.217 4.532]
     [4.532 5.764]]
    """
    checks.instance("model", model, Model)
    checks.instance("equilibrium", equilibrium, Equilibrium)
    if not equilibrium.stable:
        raise ValueError(checks.wrong("equilibrium", "a stable one", equilibrium))
    rate = model.rate(equilibrium.potential)
    psi = equilibrium.calcium + model._offset
    second = psi**2 + rate / (2.0 * model.lam)
    drift = model.jacobian(0.0, [equilibrium.potential, equilibrium.calcium])
    diffusion = rate * np.array([[model.alpha**2 * second, model.alpha * psi], [model.alpha * psi, 1.0]])
    if not (np.isfinite(drift).all() and np.isfinite(diffusion).all()):
        raise ValueError(checks.wrong("model", "one whose fluctuations are finite numbers", model))
    return LinearNoise(_stationary(drift, diffusion), drift, diffusion, equilibrium)


def _stationary(drift: Floats, diffusion: Floats) -> Floats:
    """Return the solution Σ = −(det J·D + (adj J)·D·(adj J)ᵀ)/(2·tr J·det J) of J·Σ + Σ·Jᵀ + D = 0.

    The entries can differ by many orders of magnitude, and near a fold det J cancels, so that the arithmetic is
    exact: each entry is off by the last rounding alone. Where det J is not positive beyond the rounding of J
    itself, there is nothing to compute.
    """
    from fractions import Fraction  # here, as few need it and it brings decimal numbers along

    (a, b), (c, d) = ([Fraction(x) for x in row] for row in drift)
    (p, q), (_, s) = ([Fraction(x) for x in row] for row in diffusion)
    determinant, trace = a * d - b * c, a + d
    if determinant <= Fraction(_ROUNDING) * (abs(a * d) + abs(b * c)):
        text = "a stable one that is further from a fold than the rounding of its Jacobian"
        raise ValueError(checks.wrong("equilibrium", text, f"det J = {float(determinant):.3g}"))
    scale = -1 / (2 * trace * determinant)
    xx = scale * (determinant * p + d * d * p - 2 * b * d * q + b * b * s)
    xy = scale * (determinant * q - c * d * p + (a * d + b * c) * q - a * b * s)
    yy = scale * (determinant * s + c * c * p - 2 * a * c * q + a * a * s)
    return np.array([[xx, xy], [xy, yy]], dtype=np.float64)
