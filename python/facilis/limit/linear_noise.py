"""Fluctuations of a large network around a stable equilibrium: a linear equation driven by white noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .. import checks
from ..model.model import Model
from ..result import Floats
from .equilibria import Equilibrium


@dataclass(frozen=True, eq=False)
class LinearNoise:
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
    """

    covariance: Floats
    drift: Floats
    diffusion: Floats
    equilibrium: Equilibrium

    def spectrum(self, omega: ArrayLike) -> Floats:
        """Return N times the power spectrum, (J − iω)⁻¹ D (J − iω)⁻ᴴ.

        Parameters
        ----------
        omega : array_like
            Angular frequencies, of any shape. The spectrum is two-sided: its integral over ω/2π from −∞ to ∞
            is `covariance`.

        Returns
        -------
        ndarray of complex128, shape (*shape(omega), 2, 2)
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
        If the equilibrium isn't stable: there is no stationary state then.
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
    (a, b), (c, d) = drift
    equations = np.array([[2.0 * a, 2.0 * b, 0.0], [c, a + d, b], [0.0, 2.0 * c, 2.0 * d]])
    xx, xy, yy = np.linalg.solve(equations, -diffusion[[0, 0, 1], [0, 1, 1]])
    return LinearNoise(np.array([[xx, xy], [xy, yy]]), drift, diffusion, equilibrium)
