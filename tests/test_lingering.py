"""The quasi-stationary law, against plain simulations and the limit's fluctuations."""

import time
from concurrent.futures import ThreadPoolExecutor
from math import sqrt

import numpy as np
import pytest
from ctrl_c import CtrlC

import facilis as fc

MODEL = fc.Model.example("bistable")
REGION = fc.Region.potential_above(0.7)


def law(n=20, **options):
    return fc.quasi_stationary(MODEL, n, **({"region": REGION, "particles": 100, "rng": 1} | options))


@pytest.fixture(scope="module")
def found():
    return law()


def error(estimate):
    return (estimate.high - estimate.low) / (2 * 2.093)  # Student's quantile for 20 batches


def spread(found):
    """4.5 relative standard errors of a variance, two relaxations between samples that count as independent."""
    samples = found.particles * found.t_end / (2 * found.relaxation)
    return 4.5 * sqrt(2 / samples)


def test_it_is_the_law_that_independent_programs_find(found):
    # By chance each of these fails once in 10 000 times or less often.
    for rate in (found.rate, found.doubled):
        assert abs(rate.value - 0.0012053) < 4.5 * sqrt(error(rate) ** 2 + 0.000023**2)
        assert abs(rate.value - 1 / 825.5) < 4.5 * sqrt(error(rate) ** 2 + (5.8 / 825.5**2) ** 2)
    assert abs(found.potential.value - 2.6931) < 4.5 * sqrt(error(found.potential) ** 2 + 0.0010**2)
    assert abs(found.calcium.value - 9.7265) < 4.5 * sqrt(error(found.calcium) ** 2 + 0.0020**2)
    assert found.covariance[[0, 0, 1], [0, 1, 1]] == pytest.approx([6.07, 5.05, 7.03], rel=spread(found))
    assert found.mean_life.value == 1.0 / found.rate.value
    assert found.ratio == pytest.approx(10.7 / 830, rel=0.2)
    assert REGION.contains(found.state_potential, found.state_calcium).all()
    assert found.state_potential.size == 100


def test_a_large_network_fluctuates_as_the_limit_says():
    model = MODEL.replace(alpha=0.4)
    point = fc.equilibria(model)[-1]
    found = fc.quasi_stationary(model, 2000, region=REGION, particles=20, t_end=600.0, rng=1)
    exact = fc.linear_noise(model, point).covariance
    assert found.covariance == pytest.approx(exact, rel=spread(found))
    assert found.rate.value == 0.0
    assert (found.rate.low, found.rate.high) == (0.0, np.inf)
    assert found.mean_life.value == np.inf


def test_the_same_bits_for_any_workers(found, tmp_path):
    with ThreadPoolExecutor(2) as executor:
        other = law(executor=executor, directory=tmp_path)
    np.testing.assert_array_equal(other.exits, found.exits)
    np.testing.assert_array_equal(other.state_calcium, found.state_calcium)
    assert law(directory=tmp_path, rng=None).doubled == found.doubled


def test_it_is_saved_and_becomes_a_dataset(found, tmp_path):
    found.save(tmp_path / "law.npz")
    again = fc.load(tmp_path / "law.npz")
    np.testing.assert_array_equal(again.covariance, found.covariance)
    assert again.rate == found.rate
    assert found.to_xarray()["exits"].dims == ("window",)
    assert "QuasiStationary" in repr(found)


def test_ctrl_c_stops_it_soon():
    with CtrlC() as ctrl_c, pytest.raises(KeyboardInterrupt):
        law(200, particles=1000)
    assert time.perf_counter() - ctrl_c.time < 2.0  # 0.5 s on a machine with nothing else to do


def test_what_cannot_be_done_is_refused():
    with pytest.raises(ValueError, match="t_end must be"):
        law(t_end=10.0)
    with pytest.raises(ValueError, match="particles must be"):
        law(particles=1)
    with pytest.raises(MemoryError, match="particles must be small enough"):
        law(n=10**7, particles=10**6)
    with pytest.raises(ValueError, match="without rest"):
        law(region=fc.Region.calcium_above(-1.0))
    with pytest.raises(ValueError, match="region must be"):
        law(region=fc.Region.potential_above(9.0))
    with pytest.raises(ValueError, match="above a saddle"):
        fc.quasi_stationary(fc.Model.example("ghost"), 20, region=REGION)
