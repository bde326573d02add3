"""The limit of many neurons to second order: mean field, linear noise, and the bias of order 1/N.

For recipients "all", transmits "before" and equal starts all potentials are equal for ever, so the means drift
by the limit's own vector field F and its curvature gives the bias:
  x' = F(x),  V' = −2·lam·V + φ (variance of calcium across neurons),
  Σ' = JΣ + ΣJᵀ + φ·[[α²(r² + V), αr], [αr, 1]],  b' = Jb + ½·F″[Σ],
so that E x_N = x + b/N + O(1/N²) and N·Cov → Σ.
"""

import numpy as np
from scipy.integrate import solve_ivp

from ..case import Case


def second_order(model, u0, r0, t):
    """Return (u, r), the bias's coefficient, and the covariance's, at time t."""
    phi = Case("", "", "", model, 1, u0, r0, t, 1, []).phi
    alpha, beta, lam = (model[key] for key in ("alpha", "beta", "lam"))
    h = 1e-4

    def change(_, y):
        u, r, spread, uu, ur, rr, bu, br = y
        p, slope = phi(u), (phi(u + h) - phi(u - h)) / (2 * h)
        curve = (phi(u + h) - 2 * p + phi(u - h)) / h**2
        jacobian = np.array([[-beta + alpha * r * slope, alpha * p], [slope, -lam]])
        cov, bias = np.array([[uu, ur], [ur, rr]]), np.array([bu, br])
        noise = p * np.array([[alpha**2 * (r**2 + spread), alpha * r], [alpha * r, 1.0]])
        cov_change = jacobian @ cov + cov @ jacobian.T + noise
        bent = 0.5 * np.array([alpha * r * curve * uu + 2 * alpha * slope * ur, curve * uu])
        return [
            -beta * u + alpha * r * p,
            -lam * r + p,
            -2 * lam * spread + p,
            *(cov_change[0, 0], cov_change[0, 1], cov_change[1, 1]),
            *(jacobian @ bias + bent),
        ]

    y = solve_ivp(change, (0.0, t), [u0, r0, *[0.0] * 6], method="DOP853", rtol=1e-10, atol=1e-12).y[:, -1]
    u, r, _, uu, ur, rr, bu, br = (float(value) for value in y)
    return (u, r), (bu, br), [[uu, ur], [ur, rr]]
