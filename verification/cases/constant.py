"""(a) Constant rate: counts, first and second moments of U and R."""

import numpy as np

from ..case import Case
from ..references.moments import Moments, times
from .common import CONVENTIONS, mean_check, model


def cases():
    """(a) Constant rate: counts, and first and second moments of U and R, for each convention."""
    alpha, beta, lam, phi, u0, r0, t = 0.9, 1.0, 0.4, 0.8, 1.0, 2.0, 3.0
    for transmits, recipients in CONVENTIONS:
        exact = Moments(2, alpha, beta, lam, phi, transmits=transmits, recipients=recipients)
        origin = "moment equations, closed for a constant rate (references/moments.py)"
        checks = [
            {"test": "poisson", "observable": "spikes", "mean": 2 * phi * t, "origin": "n·φ·t"},
            *moment_checks(exact, u0, r0, t, origin),
        ]
        yield Case(
            f"a-constant-{transmits}-{recipients}",
            "constant rate, two neurons: counts and moments of potential and calcium",
            "a",
            model({"Constant": {"value": phi}}, alpha, beta, lam, transmits, recipients),
            2,
            u0,
            r0,
            t,
            40_000,
            checks,
            reduced=1000,
        )
    yield Case(
        "a-constant-many",
        "constant rate, many spikes: a rate that is 1 % off shows",
        "a",
        model({"Constant": {"value": 2.0}}, 0.5, 1.0, 0.5),
        200,
        0.0,
        1.0,
        50.0,
        400,
        [{"test": "poisson", "observable": "spikes", "mean": 200 * 2.0 * 50.0, "origin": "n·φ·t"}],
        reduced=100,
    )
    yield waits()


def waits():
    """Return the case of very many waits, so that the tail of their law shows."""
    n, phi, t = 10, 1.0, 2500.0
    rate = n * phi
    each = round(rate * t - 10.0 * (rate * t) ** 0.5)  # so few that no replicate falls short
    points = np.linspace(0.01, 12.0, 200) / rate
    far = 8.0 / rate  # beyond where tables of the exponential law end
    gap = {"observable": "gap", "gaps": each}
    return Case(
        "a-waits",
        "constant rate, very many waits: their law, and its tail",
        "a",
        model({"Constant": {"value": phi}}, 0.5, 1.0, 0.5),
        n,
        0.0,
        1.0,
        t,
        200,
        [
            {"test": "poisson", "observable": "spikes", "mean": rate * t, "origin": "n·φ·t"},
            {
                "test": "law",
                **gap,
                "points": points.tolist(),
                "probabilities": (-np.expm1(-rate * points)).tolist(),
                "origin": "1 − exp(−n·φ·x)",
            },
            {
                "test": "event",
                **gap,
                "between": [0.0, far],
                "probability": float(-np.expm1(-rate * far)),
                "origin": "1 − exp(−n·φ·x)",
            },
        ],
        reduced=40,
        spikes=True,
    )


def moment_checks(exact, u0, r0, t, origin):
    """Return checks of E u, E r, E u², E ur, E r² and of one neuron's, with their exact variances."""
    u, r = exact.mean_potential(), exact.mean_calcium()
    n = exact.n
    wanted = {
        "potential": (u, {"potential": 1}),
        "calcium": (r, {"calcium": 1}),
        "potential²": (times(u, u), {"potential": 2}),
        "potential·calcium": (times(u, r), {"potential": 1, "calcium": 1}),
        "calcium²": (times(r, r), {"calcium": 2}),
        "u0·r0": (times(exact._x(0), exact._x(n)), {"potential_0": 1, "calcium_0": 1}),
        "u0·r1": (times(exact._x(0), exact._x(n + 1)), {"potential_0": 1, "calcium_1": 1}),
        "u0·u1": (times(exact._x(0), exact._x(1)), {"potential_0": 1, "potential_1": 1}),
    }
    polynomials = [poly for poly, _ in wanted.values()]
    values = exact.solve(polynomials + [times(p, p) for p in polynomials], u0, r0, t)
    for k, (_, powers) in enumerate(wanted.values()):
        expected, square = values[k], values[k + len(wanted)]
        yield mean_check({"powers": powers}, expected, square - expected**2, origin)
