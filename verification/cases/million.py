"""(a) A million neurons at a constant rate: nothing may cost time or memory for each of them at a spike."""

import math

from ..case import Case
from ..references.moments import Moments, times
from .common import mean_check, model


def cases():
    """(a) A million neurons at a constant rate.

    Their spike trains are independent. With equal starts the mean potential is alpha/n times the sum of n
    independent copies of X, the potential that a neuron would give itself; the others give (n−1)/n of it.
    """
    n, alpha, beta, lam, phi, r0, t = 1_000_000, 50.0, 30.0, 10.0, 1.0, 1.0, 0.02
    one = Moments(1, 1.0, beta, lam, phi, recipients="all")
    x, r = one.mean_potential(), one.mean_calcium()
    x1, x2, r1, r2 = one.solve([x, times(x, x), r, times(r, r)], 0.0, r0, t)
    given, share = alpha * (n - 1) / n, (n - 1) / n
    spread, fourth = (phi * -math.expm1(-k * lam * t) / (k * lam) for k in (2, 4))
    copies = "moments of one neuron (references/moments.py), n independent copies"
    cumulants = "variance of a sample of shot noise, from its cumulants φ(1 − e^{−kλt})/(kλ)"
    points = list(range(n // 200 - 1, n, n // 200))
    yield Case(
        "a-constant-million",
        "constant rate, a million neurons: counts, means, and who spikes",
        "a",
        model({"Constant": {"value": phi}}, alpha, beta, lam),
        n,
        0.0,
        r0,
        t,
        400,
        [
            {"test": "poisson", "observable": "spikes", "mean": n * phi * t, "origin": "n·φ·t"},
            mean_check({"powers": {"potential": 1}}, given * x1, given**2 * (x2 - x1**2) / n, copies),
            mean_check({"powers": {"calcium": 1}}, r1, (r2 - r1**2) / n, copies),
            mean_check(
                {"powers": {"calcium_var": 1}},
                share * spread,
                share**2 * (fourth / n + 2.0 * spread**2 / (n - 1)),
                cumulants,
            ),
            {
                "test": "law",
                "observable": "spiker",
                "points": points,
                "probabilities": [(k + 1) / n for k in points],
                "origin": "every neuron spikes alike",
            },
        ],
        reduced=20,
        spikes=True,
    )
