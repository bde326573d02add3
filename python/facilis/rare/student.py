"""Quantiles of Student's law, for intervals from few runs."""

from math import exp, lgamma, pi, sqrt

import numpy as np

from ..limit.gauss import gauss


def student_quantile(level: float, degrees: int) -> float:
    """Return where the distribution function of Student's law is `level`, above 1/2."""
    nodes, weights = gauss(60)
    scale = exp(lgamma(0.5 * (degrees + 1)) - lgamma(0.5 * degrees)) / sqrt(degrees * pi)

    def above_half(t: float) -> float:
        # With x = √ν·tan(a) the density becomes cos(a)^(ν − 1), a smooth function on a bounded interval.
        half = 0.5 * np.arctan(t / sqrt(degrees))
        values = np.cos(half * (1.0 + nodes)) ** (degrees - 1)
        return scale * sqrt(degrees) * float(half * (weights @ values))

    low, high = 0.0, 1.0
    while above_half(high) < level - 0.5:
        high *= 2.0
    while low < (middle := 0.5 * (low + high)) < high:
        low, high = (middle, high) if above_half(middle) < level - 0.5 else (low, middle)
    return high
