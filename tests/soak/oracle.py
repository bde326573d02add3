"""The limit equation written again, from its formulas alone, for SciPy to solve: what the sweep compares with."""

from fractions import Fraction
from math import exp, inf

import numpy as np
from scipy.integrate import solve_ivp

import facilis as fc

_MOST_EVALUATIONS = 300_000


def rate_of(rate):
    """The spiking rate as a function of one number."""
    match rate:
        case fc.Constant(value):
            return lambda u: value
        case fc.Linear(slope, base):
            return lambda u: base + slope * max(u, 0.0)
        case fc.Hill(top, half, power, base):

            def hill(u):
                if u <= 0.0:
                    return base
                return base + top / (1.0 + (half / u) ** power) if u > half * 1e-20 else base

            return hill
        case fc.Sigmoid(top, centre, width):
            return lambda u: top / (1.0 + exp(min((centre - max(u, 0.0)) / width, 700.0)))
        case fc.Ramp(low, high, top):
            return lambda u: top * min(max((u - low) / (high - low), 0.0), 1.0)
        case fc.Exponential(scale, slope, cap):
            return lambda u: min(scale * exp(min(slope * max(u, 0.0), 700.0)), cap)
        case fc.Table():
            knots, values = list(rate.potential), list(rate.rate)
            return lambda u: float(np.interp(u, knots, values))
    raise TypeError(rate)


def field(model, current):
    """(u', r') as a function of (t, y)."""
    phi = rate_of(model.rate)
    alpha, beta, lam, more = model.alpha, model.beta, model.lam, float(model.transmits == "after")

    def change(_t, y):
        f = phi(y[0])
        return [-beta * y[0] + alpha * (y[1] + more) * f + current, -lam * y[1] + f]

    return change


def integrate(change, start, t_end, rtol=1e-10, atol=1e-13, events=None, **options):
    """A solution by SciPy, by an implicit method; None where it fails, overflows or creeps."""
    left = iter(range(_MOST_EVALUATIONS))

    def counted(t, y):
        if next(left, None) is None:
            raise OverflowError("LSODA takes steps without end")
        return change(t, y)

    with np.errstate(all="ignore"):
        try:
            sol = solve_ivp(
                counted, (0.0, t_end), start, "LSODA", rtol=rtol, atol=atol, events=events, **options
            )
        except (OverflowError, ValueError):
            return None
    return sol if sol.success and np.isfinite(sol.y).all() else None


def destination(model, points, start, current):
    """Index of the equilibrium at which SciPy's solution ends; −1 where it grows, None where it isn't clear."""
    slow = 1.0 / min(model.beta, model.lam)
    grown = 1e6 * (1.0 + max((max(p.potential, p.calcium) for p in points), default=1.0) + max(start))

    def grows(_t, y):
        return y[0] - grown

    grows.terminal = True
    sol = integrate(field(model, current), start, 300.0 * slow, events=grows)
    if sol is None:
        return None
    if sol.status == 1:
        return -1
    end, before = sol.y[:, -1], sol.y[:, np.searchsorted(sol.t, 0.9 * sol.t[-1])]
    off = [
        max(abs(end[0] - p.potential) / (p.potential + 1e-3), abs(end[1] - p.calcium) / (p.calcium + 1e-3))
        for p in points
    ]
    if min(off, default=inf) > 1e-3 or np.abs(end - before).max() > 1e-4 * (1e-3 + np.abs(end).max()):
        return None
    return int(np.argmin(off))


def stationary(drift, diffusion):
    """(xx, xy, yy) of J·Σ + Σ·Jᵀ + D = 0, by Cramer's rule in rational numbers."""
    (a, b), (c, d) = [[Fraction(x) for x in row] for row in drift]
    matrix = [[2 * a, 2 * b, Fraction(0)], [c, a + d, b], [Fraction(0), 2 * c, 2 * d]]
    right = [-Fraction(diffusion[0][0]), -Fraction(diffusion[0][1]), -Fraction(diffusion[1][1])]
    return [float(_det(_replaced(matrix, k, right)) / _det(matrix)) for k in range(3)]


def _det(m):
    return sum(
        m[0][i] * (m[1][(i + 1) % 3] * m[2][(i + 2) % 3] - m[1][(i + 2) % 3] * m[2][(i + 1) % 3])
        for i in range(3)
    )


def _replaced(matrix, column, values):
    return [[values[i] if j == column else x for j, x in enumerate(row)] for i, row in enumerate(matrix)]


def with_moments(model, current):
    """The equation of (u, r, V, C_uu/α², C_ur/α, C_rr) for equal starts, the slope of the rate by `derivative`."""
    phi, slope = rate_of(model.rate), model.rate.derivative
    alpha, beta, lam, more = model.alpha, model.beta, model.lam, float(model.transmits == "after")

    def change(_t, y):
        u, r, v, xx, xy, yy = y
        f, df, psi = phi(u), float(slope(u)), r + more
        a = -beta + alpha * psi * df
        return [
            -beta * u + alpha * psi * f + current,
            -lam * r + f,
            -2 * lam * v + f,
            2 * (a * xx + f * xy) + f * (psi**2 + v),
            alpha * df * xx + (a - lam) * xy + f * yy + f * psi,
            2 * (alpha * df * xy - lam * yy) + f,
        ]

    return change


def groups(model, current, weights):
    """The equation of (x, r_1 … r_k, Σ w(V + r²)), neuron k at potential x + offset_k·e^{−βt}."""
    phi = rate_of(model.rate)
    alpha, beta, lam, more = model.alpha, model.beta, model.lam, float(model.transmits == "after")

    def equation(offsets):
        def change(t, y):
            fade = exp(-beta * t)
            rates = [phi(y[0] + o * fade) for o in offsets]
            drive = sum(w * f * (r + more) for w, f, r in zip(weights, rates, y[1:], strict=True))
            return [
                -beta * y[0] + alpha * drive + current,
                *(f - lam * r for f, r in zip(rates, y[1:], strict=True)),
            ]

        return change

    return equation
