"""A solution between its steps: one polynomial per step, evaluated at any times."""

import numpy as np

from ..result import Floats


def evaluate(pieces: tuple[Floats, Floats, Floats], times: Floats) -> Floats:
    """Return the values of a piecewise polynomial, shape (3, len(times)), none made negative by rounding."""
    starts, widths, coefficients = pieces
    step = np.maximum(np.searchsorted(starts, times, side="right") - 1, 0)
    x = ((times - starts[step]) / widths[step])[:, None]
    return np.ascontiguousarray(on_step(coefficients[step], x).T)


def on_step(coefficients: Floats, x: Floats) -> Floats:
    """Return the values of polynomials, whose coefficients are along the last axis, at shares x of their steps."""
    rest, c = 1.0 - x, np.moveaxis(coefficients, -1, 0)
    inner = c[4] + x * (c[5] + rest * (c[6] + x * c[7]))
    values = c[0] + x * (c[1] + rest * (c[2] + x * (c[3] + rest * inner)))
    result: Floats = np.maximum(values, 0.0)
    return result
