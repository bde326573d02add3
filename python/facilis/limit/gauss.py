"""Gauss's rule for integrals. It is made when it is first needed, because it takes NumPy a moment."""

from functools import cache

import numpy as np

from ..result import Floats


@cache
def gauss(order: int) -> tuple[Floats, Floats]:
    """Return the nodes of Gauss's rule on [-1, 1] and their weights, two arrays of shape (order,)."""
    nodes, weights = np.polynomial.legendre.leggauss(order)
    return nodes, weights
