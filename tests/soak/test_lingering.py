"""Long tests of the quasi-stationary law: beside another program's, and beside networks that had not left yet."""

import numpy as np
import pytest
from tests.soak.rare import MODEL, REGION, START, error, settling, standard_error

import facilis as fc

N = 20


@pytest.fixture(scope="module")
def found():
    return fc.quasi_stationary(MODEL, N, region=REGION, particles=1000, t_end=6000.0, rng=5)


def covariance_error(found, values):
    """Return that of entries of its covariance: samples are independent after two relaxations."""
    return np.abs(values) * np.sqrt(4.0 * found.relaxation / (found.particles * found.t_end))


def entries(covariance):
    return covariance[[0, 0, 1], [0, 1, 1]]


def test_it_is_that_of_another_program(found, compare):
    compare("rate of exit, 20 neurons", found.rate.value, standard_error(found.rate), 0.0012053, 0.000023)
    for name, mean, *known in [
        ("potential", found.potential, 2.6931, 0.0010),
        ("calcium", found.calcium, 9.7265, 0.0020),
    ]:
        compare(f"mean {name} of those that linger", mean.value, standard_error(mean), *known)
    values = entries(found.covariance)
    known = [(6.07, "potential"), (5.05, "mixed"), (7.03, "calcium")]
    for value, width, (other, name) in zip(values, covariance_error(found, values), known, strict=True):
        # Known to three digits, and by a sample of the same size.
        compare(f"N·covariance, {name}", value, width, other, np.hypot(width, 0.003))


def test_it_is_that_of_networks_that_have_not_left_yet(found, compare):
    since = settling(MODEL)
    networks = fc.ensemble(
        MODEL,
        N,
        since + 100.0,
        replicates=100_000,
        grid=[since, since + 100.0],
        exit_from=REGION,
        rng=14,
        **START,
    )
    inside, still = networks.count()
    rate = np.log(inside / still) / 100.0
    width = np.sqrt(1.0 / still - 1.0 / inside) / 100.0
    compare("rate of exit, by survivors", found.rate.value, standard_error(found.rate), rate, width)
    means = np.stack([networks.potential[:, 0], networks.calcium[:, 0]], axis=1)
    means = means[~np.isnan(means[:, 0])]
    for name, mean, known in [
        ("potential", found.potential, means[:, 0]),
        ("calcium", found.calcium, means[:, 1]),
    ]:
        compare(f"mean {name}, by survivors", mean.value, standard_error(mean), known.mean(), error(known))
    off = means - means.mean(axis=0)
    products = N * np.stack([off[:, 0] ** 2, off[:, 0] * off[:, 1], off[:, 1] ** 2], axis=1)
    values = entries(found.covariance)
    rows = zip(
        ["potential", "mixed", "calcium"], values, covariance_error(found, values), products.T, strict=True
    )
    for name, value, width, known in rows:
        compare(f"N·covariance, {name}, by survivors", value, width, known.mean(), error(known))
