"""The polynomials of a solution between its steps, evaluated many at once."""

import numpy as np

from ..result import Floats


def on_step(coefficients: Floats, x: Floats) -> Floats:
    """Return the values of polynomials, whose coefficients are along the last axis, at shares x of their steps."""
    rest, c = 1.0 - x, np.moveaxis(coefficients, -1, 0)
    inner = c[4] + x * (c[5] + rest * (c[6] + x * c[7]))
    values = c[0] + x * (c[1] + rest * (c[2] + x * (c[3] + rest * inner)))
    result: Floats = np.maximum(values, 0.0)
    return result
