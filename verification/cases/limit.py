"""(h) The limit: bias of order 1/N and fluctuations."""

from ..case import Case
from ..references.second_order import second_order
from .common import STEEP, model


def cases():
    """(h) The limit: bias of order 1/N and the fluctuations' covariance."""
    base = model(STEEP, 0.3, 1.0, 0.1, "before", "all")
    u0, r0, t = 2.0, 6.0, 3.0
    (u, r), (bias_u, bias_r), covariance = second_order(base, u0, r0, t)
    origin = "limit equation, its linear noise and the bias to order 1/N (references/second_order.py)"
    for n, replicates in ((200, 40_000), (1600, 10_000), (100_000, 400)):
        var_u, var_r = covariance[0][0] / n, covariance[1][1] / n
        checks = []
        for key, limit, bias, variance in (("potential", u, bias_u, var_u), ("calcium", r, bias_r, var_r)):
            checks.append(
                {
                    "test": "interval",
                    "observable": key,
                    "expected": limit + bias / n,
                    "tolerance": 100.0 / n**2,
                    "variance": 2.0 * variance,
                    "origin": origin,
                }
            )
            checks.append(
                {
                    "test": "interval",
                    "observable": key,
                    "about": limit + bias / n,
                    "expected": variance,
                    "tolerance": 20.0 / n * variance,
                    "variance": 4.0 * variance**2,
                    "origin": origin,
                }
            )
        yield Case(
            f"h-limit-{n}",
            f"{n} neurons: mean within O(1/N²) of the limit plus its 1/N term, variance of the linear noise",
            "h",
            base,
            n,
            u0,
            r0,
            t,
            replicates,
            checks,
            reduced=replicates // 10,
        )
