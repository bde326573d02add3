"""Models for tests of the limit equation: each of the seven rates, with more than one equilibrium or none."""

import numpy as np

import facilis as fc

# By name: a model of that rate with several equilibria, in both conventions or as said.
SEVERAL = {
    "hill": fc.Model.example("bistable"),
    "hill after": fc.Model.example("bistable").replace(transmits="after"),
    "hill with base": fc.Model(0.3, 1.0, 0.1, fc.Hill(1.0, 1.0, 4, 0.02)),
    "sigmoid": fc.Model(0.3, 1.0, 0.1, fc.Sigmoid(1.0, 1.5, 0.2)),
    "sigmoid after": fc.Model(0.3, 1.0, 0.1, fc.Sigmoid(1.0, 1.5, 0.2), transmits="after"),
    "ramp": fc.Model(0.3, 1.0, 0.1, fc.Ramp(0.5, 2.0, 1.0)),
    "exponential": fc.Model(0.3, 1.0, 0.1, fc.Exponential(0.05, 2.0, 1.0)),
    "exponential after": fc.Model(0.3, 1.0, 0.1, fc.Exponential(0.05, 2.0, 1.0), transmits="after"),
    "three stable": fc.Model(1.0, 1.0, 1.0, fc.Table([0.5, 1.0, 3.0, 3.5], [0.0, 1.4, 1.4, 2.4])),
    "unbounded": fc.Model(0.3, 1.0, 0.1, fc.Exponential(0.05, 1.0, np.inf)),
    "linear": fc.Model(1.0, 1.0, 1.0, fc.Linear(0.5, 0.1)),
}
HUMP = fc.Model(1.0, 1.0, 1.0, fc.Table([0.3, 1.0, 2.0, 3.0], [0.0, 1.5, 1.5, 0.5]))  # rises and falls
