"""Long tests of rare events: minutes, not seconds. The values are of an independent program."""

from math import log, sqrt

import numpy as np
import pytest

import facilis as fc

MODEL = fc.Model.example("bistable")
REGION = fc.Region.potential_above(0.7)
STATE = fc.equilibria(MODEL)[-1]
START = {"potential": STATE.potential, "calcium": STATE.calcium}


def error(runs):
    return runs.std(ddof=1) / sqrt(runs.size)


def test_the_probability_at_fifty():
    found = fc.exit_probability(MODEL, 20, 50.0, region=REGION, replicas=2000, runs=40, rng=1, **START)
    for value, other in [(0.04866, 0.00048), (0.04834, 0.00041)]:
        assert abs(found.value - value) < 4 * sqrt(error(found.runs) ** 2 + other**2)


def test_ten_replicas_are_unbiased():
    found = fc.exit_probability(MODEL, 20, 50.0, region=REGION, replicas=10, runs=4000, rng=2, **START)
    for value, other in [(0.04866, 0.00048), (0.04795, 0.00046)]:
        assert abs(found.value - value) < 4 * sqrt(error(found.runs) ** 2 + other**2)
    ideal = -log(0.0486) / 10
    assert found.runs.var() / found.value**2 < 4 * ideal


@pytest.mark.parametrize(("n", "value", "other"), [(15, 187.6, 1.3), (20, 825.5, 5.8)])
def test_mean_lives(n, value, other):
    found = fc.mean_memory(MODEL, n, region=REGION, replicas=2000, runs=20, rng=3)
    relative = sqrt((error(found.rates) / found.rates.mean()) ** 2 + (other / value) ** 2)
    # A fresh start is not the quasi-stationary law: the relaxation bounds the difference.
    assert abs(found.value / value - 1.0) < found.relaxation / value + 4 * relative


def test_the_slope_of_mean_lives_is_the_exponent():
    sizes = np.array([30, 40, 60, 80])
    found = [fc.mean_memory(MODEL, int(n), region=REGION, runs=20, rng=4) for n in sizes]
    logs = np.log([one.value for one in found])
    errors = np.array([error(one.rates) / one.rates.mean() for one in found])
    for one in found:
        p = one.probability.value
        spread = (one.rates.std(ddof=1) / one.rates.mean()) ** 2
        # With 20 runs the measured variance is off by a factor of 2 less than once in 1000 times.
        assert spread < (4 if p > 1e-6 else 8) * 2 * -log(p) / one.replicas
    (slope, _), covariance = np.polyfit(sizes, logs, 1, w=1 / errors, cov="unscaled")
    assert abs(slope - 0.3365) < 4 * sqrt(covariance[0, 0] + 0.0006**2)


def test_the_quasi_stationary_law():
    found = fc.quasi_stationary(MODEL, 20, region=REGION, particles=1000, t_end=6000.0, rng=5)
    width = (found.rate.high - found.rate.low) / (2 * 2.093)
    assert abs(found.rate.value - 0.0012053) < 4 * sqrt(width**2 + 0.000023**2)
    for mean, value, other in [(found.potential, 2.6931, 0.0010), (found.calcium, 9.7265, 0.0020)]:
        width = (mean.high - mean.low) / (2 * 2.093)
        assert abs(mean.value - value) < 4 * sqrt(width**2 + other**2)
    samples = found.particles * found.t_end / (2 * found.relaxation)
    tolerance = 4 * sqrt(2 / samples) + 0.005  # the values have three digits
    assert found.covariance[[0, 0, 1], [0, 1, 1]] == pytest.approx([6.07, 5.05, 7.03], rel=tolerance)
