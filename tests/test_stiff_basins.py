"""Basins under stiffness: an orbit of a bounded rate arrives somewhere, and a failure is never told as a fate."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import facilis as fc

STIFF = fc.Model(100.0, 1.0, 0.001, fc.Table([0.5, 1.0, 2.0], [0.0, 1.0, 0.0]))


def at_last(model, start, current=0.0):
    """The nearest equilibrium after a long time, by SciPy's implicit method, and how near it is."""

    def change(_t, y):
        return model.vector_field(0.0, y, current)

    t_end = 60.0 / min(model.beta, model.lam)
    sol = solve_ivp(change, (0.0, t_end), start, "Radau", rtol=1e-9, atol=1e-12)
    points = fc.equilibria(model, current)
    off = [abs(sol.y[0, -1] - p.potential) / (p.potential + 0.01) for p in points]
    return int(np.argmin(off)), min(off)


def test_the_start_whose_steps_were_used_up():
    assert fc.basin(STIFF, 3.0, 50.0) == 2


@pytest.mark.slow
def test_random_stiff_humps_against_an_implicit_method():
    """Decays up to 10^6 apart; starts whose fate a change by 1e-5 alters are left out."""
    rng = np.random.default_rng(11)
    compared = 0
    for _ in range(40):
        beta, lam = 10.0 ** rng.uniform(0.0, 3.0), 10.0 ** rng.uniform(-3.0, 0.0)
        knots = np.cumsum(rng.uniform(0.2, 1.0, 5))
        rate = fc.Table(knots, [0.0, *rng.uniform(0.2, 1.0, 3), 0.0])
        model = fc.Model(beta * lam * rng.uniform(2.0, 20.0), beta, lam, rate)
        start = np.array([rng.uniform(0.0, 4.0), rng.uniform(0.0, 1.5) / lam])
        found = [int(fc.basin(model, *(start * (1.0 + q)))) for q in (-1e-5, 0.0, 1e-5)]
        assert min(found) >= 0
        expected, off = at_last(model, start)
        if len(set(found)) == 1 and off < 1e-2:
            assert found[1] == expected, (model, start)
            compared += 1
    assert compared > 25


@pytest.mark.parametrize("ratio", [3e5, 1e6, 1e8])
def test_decays_far_apart(ratio):
    model = fc.Model(0.3 * ratio, ratio, 0.1, fc.Hill(1.0, 1.0, 4))
    hump = model.replace(rate=fc.Table([0.5, 1.0, 4.0], [0.0, 1.0, 0.5]))
    for m in (model, hump):
        points = fc.equilibria(m)
        high, low = points[-1], points[1]
        u = [1.02 * high.potential, 0.9 * low.potential]
        r = [1.02 * high.calcium, 0.9 * low.calcium]
        assert fc.basin(m, u, r).tolist() == [len(points) - 1, 0]


def test_arrival_is_judged_by_each_coordinate():
    """Potentials of 1e-7 beside calcium of 10: by calcium alone all equilibria would be one."""
    model = fc.Model(3e-8, 1.0, 0.1, fc.Table([3e-8, 1e-7, 3e-7], [0.0, 1.0, 0.9]))
    assert len(fc.equilibria(model)) == 3
    assert fc.basin(model, [1e-8, 1.5e-7], [9.0, 9.0]).tolist() == [0, 2]
    tiny = fc.Model(3e-8, 1.0, 0.1, fc.Table([3e-7, 1e-6, 3e-6], [0.0, 1.0, 0.9]))
    assert fc.basin(tiny, 2e-6, 50.0) == 0


def test_an_orbit_that_ends_at_a_fold_is_told_so():
    ramp = fc.Ramp(0.5, 2.0, 1.0)
    table = fc.Table([0.5, 2.0, 30.0, 31.0], [0.0, 1.0, 1.0, 0.5])
    expected = fc.basin(fc.Model(0.2, 1.0, 0.1, ramp), [3.0, 1.9], [10.5, 9.5])
    found = fc.basin(fc.Model(0.2, 1.0, 0.1, table), [3.0, 1.9], [10.5, 9.5])
    assert fc.equilibria(fc.Model(0.2, 1.0, 0.1, table))[1].kind == "fold"
    np.testing.assert_array_equal(found, expected)
