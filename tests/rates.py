"""The rates, each with the formula written once more in NumPy, and the knots where it may turn."""

import numpy as np
from scipy.interpolate import PchipInterpolator

import facilis as fc


def _at_least_zero(formula):
    return lambda u: formula(np.maximum(u, 0.0))


_BUMP = ([0.0, 0.5, 1.2, 2.0, 3.5], [0.05, 0.2, 1.6, 0.3, 0.9])

RATES = {
    "constant": (fc.Constant(0.7), lambda u: 0.7 + 0.0 * u, ()),
    "linear": (fc.Linear(0.1, base=0.2), _at_least_zero(lambda u: 0.2 + 0.1 * u), ()),
    "hill": (fc.Hill(1.0, 1.0, 4), _at_least_zero(lambda u: u**4 / (1.0 + u**4)), ()),
    "hill-base": (
        fc.Hill(2.0, 0.7, 2.5, base=0.05),
        _at_least_zero(lambda u: 0.05 + 2.0 * u**2.5 / (0.7**2.5 + u**2.5)),
        (),
    ),
    "sigmoid": (
        fc.Sigmoid(1.5, 2.0, 0.3),
        _at_least_zero(lambda u: 1.5 / (1.0 + np.exp((2.0 - u) / 0.3))),
        (),
    ),
    "ramp": (fc.Ramp(0.3, 2.0, 1.2), _at_least_zero(lambda u: 1.2 * np.clip((u - 0.3) / 1.7, 0.0, 1.0)), ()),
    "exponential": (
        fc.Exponential(0.1, 1.3, 3.0),
        _at_least_zero(lambda u: np.minimum(3.0, 0.1 * np.exp(1.3 * u))),
        (),
    ),
    "table": (fc.Table(*_BUMP), _at_least_zero(lambda u: np.interp(u, *_BUMP)), (0.5, 1.2, 2.0, 3.5)),
    "smooth table": (
        fc.Table(*_BUMP, interpolation="monotone"),
        lambda u: PchipInterpolator(*_BUMP)(np.clip(u, 0.0, 3.5)),
        (0.5, 1.2, 2.0, 3.5),
    ),
}
