"""The stationary covariance against exact rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

import facilis as fc

BISTABLE = fc.Model.example("bistable")


def rational_covariance(drift, diffusion):
    """(xx, xy, yy) of J·Σ + Σ·Jᵀ + D = 0, by elimination in rational numbers."""
    (a, b), (c, d) = [[Fraction(x) for x in row] for row in drift]
    p, q, s = (Fraction(diffusion[i]) for i in ((0, 0), (0, 1), (1, 1)))
    # xx = −(p + 2b·xy)/(2a) and yy = −(s + 2c·xy)/(2d), unless a = 0, which no stable equilibrium has.
    xy = (-q + c * p / (2 * a) + b * s / (2 * d)) / (a + d - b * c / a - b * c / d)
    return float(-(p + 2 * b * xy) / (2 * a)), float(xy), float(-(s + 2 * c * xy) / (2 * d))


def test_the_covariance_is_that_of_exact_arithmetic():
    """To one rounding, at couplings from 10^-12 to 10^3 times the natural one; and where the difference was 4 %."""
    weak = fc.Model(7.09e-9, 0.0102, 0.0424, fc.Hill(92.5, 0.1134, 4.543))
    models = [(weak, 1.03e-4)]
    rng = np.random.default_rng(6)
    for _ in range(300):
        beta, lam = 10.0 ** rng.uniform(-3.0, 3.0, 2)
        rate = fc.Hill(
            10.0 ** rng.uniform(-2.0, 2.0), 10.0 ** rng.uniform(-2.0, 2.0), rng.uniform(1.0, 9.0), 1e-3
        )
        alpha = beta * lam * rate.half / rate.top**2 * 10.0 ** rng.uniform(-12.0, 3.0)
        transmits = str(rng.choice(["before", "after"]))
        models.append(
            (fc.Model(alpha, beta, lam, rate, transmits=transmits), beta * rate.half * rng.random())
        )
    checked = 0
    for model, current in models:
        for e in fc.equilibria(model, current):
            if e.stable:
                noise = fc.linear_noise(model, e)
                expected = rational_covariance(noise.drift, noise.diffusion)
                np.testing.assert_allclose(noise.covariance[[0, 0, 1], [0, 1, 1]], expected, rtol=3e-16)
                checked += 1
    assert checked > 300
    noise = fc.linear_noise(weak, fc.equilibria(weak, 1.03e-4)[0])
    assert noise.covariance[0, 0] == pytest.approx(8.9021e-20, rel=1e-5)


def test_at_a_fold_there_is_nothing_to_compute():
    """Where rounding decides whether an equilibrium is stable its fluctuations are not known."""
    (fold,) = fc.folds(BISTABLE)
    far = 0
    for q in 10.0 ** np.arange(-15.0, -3.0):
        model = BISTABLE.replace(alpha=fold.alpha * (1.0 + q))
        last = fc.equilibria(model)[-1]
        if not last.stable or last.potential == 0.0:
            continue
        if last.determinant < 1e-16 * abs(np.prod(np.diag(last.jacobian))):
            with pytest.raises(ValueError, match="rounding"):
                fc.linear_noise(model, last)
        elif last.determinant > 1e-14 * abs(np.prod(np.diag(last.jacobian))):
            far += 1
            assert np.linalg.eigvalsh(fc.linear_noise(model, last).covariance)[0] > 0.0
    assert far > 5
