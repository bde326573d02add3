"""The limit of many neurons to second order: mean field, linear noise, and the bias of order 1/N.

For transmits "before" and equal starts the field S, which sums all that is sent, and the mean calcium r drift by
the limit's own vector field F, whose curvature gives the bias:
  x' = F(x),  V' = −2·lam·V + φ (variance of calcium across neurons),
  Σ' = JΣ + ΣJᵀ + φ·[[α²(r² + V), αr], [αr, 1]],  b' = Jb + ½·F″[Σ],
so that E x_N = x + b/N + O(1/N²) and N·Cov → Σ. For recipients "all" every potential is S. For "others" neuron i
lacks k_i/N, the sum of its own spikes, so that φ is taken at S − k_i/N; with k = E k_i and c = E(R_i·k_i),
  k' = −beta·k + α·r·φ,  c' = −(beta + lam)·c + φ·(α(r² + V) + k + α·r),
the bias changes by −φ′·(α·c, k) in b', and the mean potential is that of S less k/N.
"""

import numpy as np
from scipy.integrate import solve_ivp

from ..case import Case


def second_order(model, u0, r0, t):
    """Return (u, r), the bias's coefficient, and the covariance's, at time t."""
    phi = Case("", "", "", model, 1, u0, r0, t, 1, []).phi
    alpha, beta, lam = (model[key] for key in ("alpha", "beta", "lam"))
    lacks = float(model["recipients"] == "others")
    h = 1e-4

    def change(_, y):
        u, r, spread, uu, ur, rr, bu, br, own, own_r = y
        p, slope = phi(u), (phi(u + h) - phi(u - h)) / (2 * h)
        curve = (phi(u + h) - 2 * p + phi(u - h)) / h**2
        jacobian = np.array([[-beta + alpha * r * slope, alpha * p], [slope, -lam]])
        cov, bias = np.array([[uu, ur], [ur, rr]]), np.array([bu, br])
        noise = p * np.array([[alpha**2 * (r**2 + spread), alpha * r], [alpha * r, 1.0]])
        cov_change = jacobian @ cov + cov @ jacobian.T + noise
        bent = 0.5 * np.array([alpha * r * curve * uu + 2 * alpha * slope * ur, curve * uu])
        missed = -slope * np.array([alpha * own_r, own])
        return [
            -beta * u + alpha * r * p,
            -lam * r + p,
            -2 * lam * spread + p,
            *(cov_change[0, 0], cov_change[0, 1], cov_change[1, 1]),
            *(jacobian @ bias + bent + missed),
            -beta * own + lacks * alpha * r * p,
            -(beta + lam) * own_r + lacks * p * alpha * (r**2 + spread + r) + p * own,
        ]

    y = solve_ivp(change, (0.0, t), [u0, r0, *[0.0] * 8], method="DOP853", rtol=1e-10, atol=1e-12).y[:, -1]
    u, r, _, uu, ur, rr, bu, br, own, _ = (float(value) for value in y)
    return (u, r), (bu - own, br), [[uu, ur], [ur, rr]]
