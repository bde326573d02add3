"""Arguments of folds, diagrams and certificates that are refused."""

import numpy as np
import pytest

import facilis as fc

BISTABLE = fc.Model.example("bistable")
RAMP = BISTABLE.replace(rate=fc.Ramp(0.5, 2.0, 1.0), transmits="after")
LINEAR = BISTABLE.replace(rate=fc.Linear(0.5, 0.1))

BAD = [
    (lambda: fc.folds("m"), TypeError, "model must be a Model"),
    (lambda: fc.folds(BISTABLE, -1.0), ValueError, "current must be a finite number >= 0, got -1.0"),
    (
        lambda: fc.bifurcation(BISTABLE, "gamma", 0.0, 1.0),
        ValueError,
        "parameter must be 'alpha' or 'beta' or 'lam' or 'kappa' or 'current' or 'rate.top' or",
    ),
    (lambda: fc.bifurcation(BISTABLE, 3, 0.0, 1.0), TypeError, "parameter must be 'alpha' or"),
    (
        lambda: fc.bifurcation(BISTABLE, "rate.low", 0.0, 1.0),
        ValueError,
        "parameter must be .*'rate.base', got 'rate.low'",
    ),
    (
        lambda: fc.bifurcation(RAMP, "rate.low", 0.0, 1.0),
        ValueError,
        "parameter must be .*'current', got 'rate.low'",
    ),
    (
        lambda: fc.bifurcation(RAMP, "lam", 0.1, 1.0),
        ValueError,
        "parameter must be .*'beta' or 'kappa' .*got 'lam'",
    ),
    (
        lambda: fc.bifurcation(BISTABLE, "lam", 0.0, 1.0),
        ValueError,
        "low must be a value that lam can have, got 0.0: lam must be",
    ),
    (
        lambda: fc.bifurcation(BISTABLE, "rate.half", 0.0, 1.0),
        ValueError,
        "low must be a value that rate.half can have, got 0.0",
    ),
    (
        lambda: fc.bifurcation(BISTABLE, "rate.power", 0.5, 2.0),
        ValueError,
        "low must be a value that rate.power can have, got 0.5: power",
    ),
    (lambda: fc.bifurcation(LINEAR, "rate.slope", 0.0, 2.0), ValueError, "low must be a number > 0, as an"),
    (lambda: fc.bifurcation(BISTABLE, "alpha", 1.0, 0.5), ValueError, "high must be a number > low"),
    (lambda: fc.bifurcation(BISTABLE, "alpha", -1.0, 0.5), ValueError, "low must be a finite number >= 0"),
    (lambda: fc.bifurcation(BISTABLE, "alpha", 0.0, np.inf), ValueError, "high must be a finite number >= 0"),
    (lambda: fc.bifurcation(BISTABLE, "alpha", 0.0, "1"), TypeError, "high must be"),
    (lambda: fc.bifurcation(BISTABLE, "alpha", 0.0, 1.0, current=-1.0), ValueError, "current must be"),
    (lambda: fc.certificates(None), TypeError, "model must be a Model"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_a_bad_argument_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
