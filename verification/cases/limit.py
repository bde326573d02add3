"""(h) The limit: bias of order 1/N and fluctuations."""

import itertools

from ..case import Case
from ..references.second_order import second_order
from .common import STEEP, model

SIZES = {
    "all": ((200, 40_000), (1600, 10_000), (100_000, 400)),
    "others": ((200, 40_000), (1_000_000, 100)),
}


def cases():
    """(h) The limit: bias of order 1/N and the fluctuations' covariance.

    What the expansion leaves out is of order 1/N² in the means and 1/N, as a part of them, in the second moments.
    Its constants are not known: the 100 and 20 in the tolerances are choices, about twice what simulated networks
    of 50 neurons show. For a million neurons both are far below the sampling error, so that nothing hangs on them.
    """
    u0, r0, t = 2.0, 6.0, 3.0
    for recipients, sizes in SIZES.items():
        base = model(STEEP, 0.3, 1.0, 0.1, "before", recipients)
        expansion = second_order(base, u0, r0, t)
        for n, replicates in sizes:
            yield Case(
                f"h-limit-{n}" if recipients == "all" else f"h-limit-{recipients}-{n}",
                f"{n} neurons: mean within O(1/N²) of the limit plus its 1/N term, covariance of the linear noise",
                "h",
                base,
                n,
                u0,
                r0,
                t,
                replicates,
                list(checks(n, *expansion)),
                reduced=replicates // 10,
            )


def checks(n, limit, bias, covariance):
    """Return the checks of both means, both variances and the covariance."""
    origin = "limit equation, its linear noise and the bias to order 1/N (references/second_order.py)"
    keys = ("potential", "calcium")
    mean = [x + b / n for x, b in zip(limit, bias, strict=True)]
    spread = [covariance[k][k] / n for k in range(2)]
    for k, key in enumerate(keys):
        yield {
            "test": "interval",
            "observable": key,
            "expected": mean[k],
            "tolerance": 100.0 / n**2,
            "variance": 2.0 * spread[k],
            "origin": origin,
        }
    for j, k in itertools.combinations_with_replacement(range(2), 2):
        expected = covariance[j][k] / n
        yield {
            "test": "interval",
            "deviations": [[keys[j], mean[j]], [keys[k], mean[k]]],
            "expected": expected,
            "tolerance": 20.0 / n * (spread[j] * spread[k]) ** 0.5,
            "variance": 2.0 * (spread[j] * spread[k] + expected**2),
            "origin": origin,
        }
