"""The limit equation written again, from its formulas alone, for SciPy to solve: what the sweep compares with."""

from bisect import bisect_right
from fractions import Fraction
from math import exp, inf

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import PchipInterpolator

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
        case fc.Table(interpolation="linear"):
            knots, values = list(rate.potential), list(rate.rate)
            return lambda u: float(np.interp(u, knots, values))
        case fc.Table():
            knots = rate.potential.tolist()
            pieces = PchipInterpolator(rate.potential, rate.rate).c.T.tolist()
            first, last = float(rate.rate[0]), float(rate.rate[-1])

            def smooth(u):
                if u <= knots[0] or u >= knots[-1]:
                    return first if u <= knots[0] else last
                k = bisect_right(knots, u) - 1
                x = u - knots[k]
                a, b, c, d = pieces[k]
                return max(((a * x + b) * x + c) * x + d, 0.0)

            return smooth
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


def destination(model, points, start, current, rtol=1e-10):
    """Index of the equilibrium at which SciPy's solution ends; −1 where it grows, None where it isn't clear.

    What is near is judged for each coordinate by its distances between the equilibria, however small they are.
    """
    known = np.array([[p.potential, p.calcium] for p in points]).reshape(-1, 2)
    seen = np.vstack([known, start])
    least = [min((x for x in column if x > 0.0), default=1.0) for column in seen.T]
    grown = 1e6 * (max(seen[:, 0]) + least[0])

    def grows(_t, y):
        return y[0] - grown

    grows.terminal = True
    slow = 1.0 / min(model.beta, model.lam)
    tiny = 1e-12 * np.array(least)
    sol = integrate(field(model, current), start, 300.0 * slow, rtol, tiny, grows)
    if sol is None:
        return None
    if sol.status == 1:
        return -1
    end, before = sol.y[:, -1], sol.y[:, np.searchsorted(sol.t, 0.9 * sol.t[-1])]
    apart = np.abs(known[:, None] - known[None])
    gap = np.where(apart > 0.0, apart, inf).min(axis=1, initial=inf)
    gap = np.where(np.isfinite(gap), gap, np.maximum(known, seen[-1]))
    off = (np.abs(end - known) / np.maximum(gap, 1e-300)).max(axis=1)
    nearest = int(np.argmin(off)) if len(off) else -1
    if nearest < 0 or off[nearest] > 1e-3 or (np.abs(end - before) > 1e-4 * gap[nearest]).any():
        return None
    return nearest


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
