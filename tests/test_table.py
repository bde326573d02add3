"""Tables: what they are between their points, how far from a function, and what the limit makes of them."""

import math
import pickle
import warnings

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

import facilis as fc

SIGMOID = fc.Sigmoid(1.0, 2.0, 0.3)
MODEL = fc.Model(0.3, 1.0, 0.1, SIGMOID)


def random_points(rng):
    points = int(rng.integers(2, 12))
    return np.cumsum(rng.uniform(0.05, 1.5, points)), rng.uniform(0.0, 2.0, points).round(
        int(rng.integers(0, 4))
    )


def test_a_smooth_table_is_the_pchip_of_scipy():
    rng = np.random.default_rng(1)
    for _ in range(300):
        potential, rate = random_points(rng)
        table, pchip = fc.Table(potential, rate, interpolation="monotone"), PchipInterpolator(potential, rate)
        u = rng.uniform(potential[0], potential[-1], 200)
        np.testing.assert_allclose(table(u), pchip(u), rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(table.derivative(u), pchip(u, 1), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(table(potential), rate, rtol=2e-15)
        assert table(0.0) == rate[0]
        assert table(potential[-1] + 5.0) == rate[-1]


def test_the_second_derivative_of_a_smooth_table_is_that_of_scipy():
    rng = np.random.default_rng(5)
    potential, rate = np.cumsum(rng.uniform(0.1, 1.0, 12)), rng.uniform(0.0, 3.0, 12)
    table, bend = fc.Table(potential, rate, "monotone"), PchipInterpolator(potential, rate).derivative(2)
    for u in [*rng.uniform(potential[0], potential[-1], 100), *potential[:-1]]:
        assert table._second_derivative(u) == pytest.approx(float(bend(u)), rel=1e-9, abs=1e-9)
    assert table._second_derivative(0.5 * potential[0]) == table._second_derivative(potential[-1]) == 0.0


def test_a_smooth_table_keeps_between_its_neighbours():
    rng = np.random.default_rng(2)
    for _ in range(300):
        potential, rate = random_points(rng)
        table = fc.Table(potential, rate, interpolation="monotone")
        u = np.linspace(potential[0], potential[-1], 4001)
        right = np.clip(np.searchsorted(potential, u), 1, potential.size - 1)
        low = np.minimum(rate[right - 1], rate[right])
        high = np.maximum(rate[right - 1], rate[right])
        assert ((low <= table(u)) & (table(u) <= high)).all()


def test_a_table_from_a_function_goes_through_its_points():
    with pytest.warns(UserWarning, match=r"differs from f by up to 0\.00"):
        table = fc.Table.from_function(np.tanh, upper=3.0, points=7)
    np.testing.assert_array_equal(table.potential, np.linspace(0, 3, 7))
    np.testing.assert_allclose(table(table.potential), np.tanh(table.potential), rtol=2e-15)
    assert table.interpolation == "monotone"
    assert fc.Table.from_function(np.tanh).potential.shape == (4096,)
    assert fc.Table.from_function(lambda u: 0.5)(17.0) == 0.5


@pytest.mark.parametrize("interpolation", ["linear", "monotone"])
@pytest.mark.parametrize("points", [50, 500])
def test_the_difference_told_is_the_largest(interpolation, points):
    """Up to a quarter: it is looked for at three places of each interval."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = fc.Table.from_function(SIGMOID, 5.0, points, interpolation)
    u = np.linspace(0.0, 5.0, 200_001)
    largest = np.abs(table(u) - SIGMOID(u)).max()
    assert 0.8 * largest <= table.difference <= largest * (1.0 + 1e-3)


def test_it_warns_where_the_table_is_far_and_is_silent_where_it_is_near():
    with pytest.warns(UserWarning, match=r"from 0\.00127 to 1; more points, or a lower `upper`"):
        fc.Table.from_function(SIGMOID, points=100)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fc.Table.from_function(SIGMOID).difference < 1e-7
        assert fc.Table.from_function(lambda u: 0.3 * u, points=5).difference < 1e-14


def test_a_function_of_single_numbers_is_called_with_each():
    one = fc.Table.from_function(lambda u: 1.0 / (1.0 + math.exp(-(u - 2.0) / 0.3)))
    np.testing.assert_allclose(one.rate, fc.Table.from_function(SIGMOID).rate, rtol=1e-13)
    fc.Table.from_function(math.tanh)
    for wrong, kind in ((math.log, ValueError), (math.exp, OverflowError), (lambda u, v: u, TypeError)):
        with pytest.raises(kind, match=rf"^f must be a function .*, but f\(.*\) raised {kind.__name__}: "):
            fc.Table.from_function(wrong, upper=2000.0)
    step = fc.Table.from_function(lambda u: 1.0 if u > 1.0 else u, 2.0, 9, interpolation="linear")
    np.testing.assert_array_equal(step.rate, np.minimum(np.linspace(0.0, 2.0, 9), 1.0))


def test_the_difference_goes_with_copies_but_is_no_part_of_the_value():
    table = fc.Table.from_function(SIGMOID)
    assert pickle.loads(pickle.dumps(table)).difference == table.difference
    plain = fc.Table(table.potential, table.rate, "monotone")
    assert plain.difference is None
    assert plain == table
    assert hash(plain) == hash(table)


@pytest.mark.parametrize("points", [4001, 4096, 20_001])
def test_the_folds_and_the_ghost_of_a_tabulated_sigmoid_are_its_own(points):
    smooth = MODEL.replace(rate=fc.Table.from_function(SIGMOID, points=points))
    for transmits in ("before", "after"):
        exact = fc.folds(MODEL.replace(transmits=transmits))
        found = fc.folds(smooth.replace(transmits=transmits))
        assert [f.kind for f in found] == ["smooth"] * len(exact)
        assert [f.alpha for f in found] == pytest.approx([f.alpha for f in exact], rel=1e-6)
    fold = fc.folds(MODEL)[-1]
    near = {"alpha": fold.alpha * (1.0 - 1e-4)}
    ends = {"start": 1.3 * fold.potential, "end": 0.7 * fold.potential}
    exact, found = (fc.ghost(model.replace(**near), **ends) for model in (MODEL, smooth))
    assert found.constant == pytest.approx(exact.constant, rel=0.01)
    assert found.time == pytest.approx(exact.time, rel=0.01)
    assert found.approach == exact.approach == "slow"


def test_the_limit_of_a_tabulated_function_is_that_of_the_function():
    smooth = MODEL.replace(rate=fc.Table.from_function(SIGMOID))
    times = np.linspace(0.0, 60.0, 301)
    start = {"potential": [0.5, 4.0], "calcium": 9.0}
    exact, found = (fc.solve_limit(model, 60.0, **start)(times) for model in (MODEL, smooth))
    np.testing.assert_allclose(found, exact, rtol=1e-6, atol=1e-8)


def test_the_highest_rate_of_a_hump_counts_for_its_slow_curve():
    """kappa_1 is where the orbit that starts with the most calcium, top/lam, just reaches the fold."""
    potential, rate = [0.0, 0.5, 1.0, 2.0, 4.0], [0.0, 0.01, 0.8, 2.0, 1.0]
    window = [
        fc.critical_manifold(fc.Model(0.3, 1.0, 0.1, fc.Table(potential, rate, interpolation)))
        for interpolation in ("linear", "monotone")
    ]
    for curve in window:
        fold = [f for f in curve.folds if f.attracting == "above"][-1]
        assert curve.window[0] == pytest.approx(fold.weight / 2.0, rel=1e-12)
