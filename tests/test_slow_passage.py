"""The critical manifold and the slow passage, against closed forms and times of the limit equation."""

from math import inf, log

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

import facilis as fc


def hill(kappa, lam, power=4, **options):
    return fc.Model(kappa * lam, 1.0, lam, fc.Hill(1.0, 1.0, power), **options)


@pytest.mark.parametrize(("power", "first", "last"), [(4, 1.754765, 2.124508), (2, 2.0, 3.0792)])
def test_the_window_of_short_term_memory(power, first, last):
    manifold = fc.critical_manifold(hill(2.0, 0.1, power))
    (fold,) = manifold.folds
    assert fold.potential == pytest.approx((power - 1) ** (1 / power), rel=1e-12)
    assert fold.weight == pytest.approx(power * (power - 1) ** (1 / power - 1), rel=1e-12)
    assert manifold.window == pytest.approx((first, last), rel=1e-5)
    assert repr(manifold).startswith("CriticalManifold(1 fold, window of short-term memory: kappa from")
    assert not manifold.attracting[manifold.potential <= fold.potential].any()
    assert manifold.attracting[manifold.potential > fold.potential].all()
    rests, _ = fc.nullclines(manifold.model, manifold.potential)
    assert manifold.calcium == pytest.approx(rests, rel=1e-12)


# Computed by an independent program to all the digits that stand here.
TIMES = {0.1: 31.96249, 0.03: 81.70386, 0.01: 216.52944, 0.003: 676.52646}


@pytest.mark.parametrize(("lam", "time"), TIMES.items())
def test_times_of_the_limit_equation(lam, time):
    passage = fc.slow_passage(hill(2.0, lam), end=0.7)
    assert passage.time == pytest.approx(time, abs=2e-5)
    assert passage.potential == pytest.approx(1.839287, abs=1e-6)
    assert passage.calcium == pytest.approx(1.0 / lam)
    assert passage.gain == pytest.approx(14.756, abs=5e-4)
    short = 1.0 - (passage.slow + passage.delay) / passage.time
    assert short == pytest.approx({0.1: 0.13, 0.03: 0.06, 0.01: 0.025, 0.003: 0.009}[lam], abs=0.006)


@pytest.mark.parametrize("options", [{"transmits": "after"}, {}])
@pytest.mark.parametrize("current", [0.0, 0.05])
def test_the_slow_time_is_that_of_the_reduced_equation(options, current):
    model = hill(1.9, 0.01, **options)
    passage = fc.slow_passage(model, calcium=95.0, end=0.7, current=current)
    after = model.transmits == "after"

    def speed(u):
        # dw/dt over dW/du, with the derivative of W by differences.
        w = lambda x: (x - current) / model.rate(x)  # noqa: E731
        h = 1e-6
        slope = (w(u + h) - w(u - h)) / (2 * h)
        return -slope / (-model.lam * (w(u) - model.alpha * after - model.kappa * model.rate(u)))

    expected = quad(speed, passage.fold.potential, passage.potential, epsrel=1e-8)[0]
    assert passage.slow == pytest.approx(expected, rel=1e-6)
    gone = solve_ivp(
        model.vector_field,
        (0.0, 2 * passage.time),
        [passage.potential, passage.calcium],
        args=(current,),
        events=(lambda t, y, c: y[0] - 0.7),
        rtol=1e-10,
        atol=1e-12,
        method="LSODA",
    )
    assert passage.time == pytest.approx(gone.t_events[0][0], rel=1e-7)


def test_without_spikes_on_the_way_there_is_no_gain():
    # With kappa tiny the drive is lost beside the decay.
    model = fc.Model(0.02, 1.0, 1e-4, fc.Hill(1.0, 1.0, 4.0))
    passage = fc.slow_passage(model.replace(alpha=1e-6), calcium=5e6, end=0.7)
    assert passage.gain == pytest.approx(1.0, abs=0.02)
    assert passage.passive == pytest.approx(log(5.0 / passage.fold.weight) / 1e-4)


def test_a_corner_delays_nothing():
    model = fc.Model(0.13, 1.0, 0.1, fc.Ramp(0.2, 1.2, 1.0))
    passage = fc.slow_passage(model.replace(alpha=0.119), calcium=20.0, end=0.5)
    assert passage.fold.kind == "corner"
    assert passage.delay == 0.0
    assert passage.fold.potential == 1.2


def test_where_there_is_no_slow_passage_the_reason_is_given():
    with pytest.raises(ValueError, match="lasting state, see memory_times"):
        fc.slow_passage(fc.Model.example("bistable"))
    with pytest.raises(ValueError, match="calcium must be above"):
        fc.slow_passage(hill(2.0, 0.1), calcium=5.0)
    with pytest.raises(ValueError, match="fold at which a memory can end"):
        fc.slow_passage(fc.Model(0.1, 1.0, 0.1, fc.Hill(1.0, 1.0, 1.0)))
    with pytest.raises(ValueError, match="end must be"):
        fc.slow_passage(hill(2.0, 0.1), end=1.6)
    with pytest.raises(ValueError, match="alpha > 0"):
        fc.critical_manifold(fc.Model(0.0, 1.0, 0.1, fc.Hill(1.0, 1.0, 4.0)))
    with pytest.raises(ValueError, match="rate is not bounded"):
        fc.slow_passage(fc.Model(0.1, 1.0, 0.1, fc.Linear(1.0, 0.1)))
    with pytest.raises(ValueError, match="current must be"):
        fc.critical_manifold(hill(2.0, 0.1), current=-1.0)
    with pytest.raises(TypeError, match="model must be"):
        fc.critical_manifold(3)


def test_curves_without_a_lower_fold_have_no_window():
    manifold = fc.critical_manifold(fc.Model(0.1, 1.0, 0.1, fc.Linear(1.0, 0.1)))
    assert manifold.window is None
    assert manifold.folds == ()
    upper = fc.critical_manifold(fc.Model(0.1, 1.0, 0.1, fc.Exponential(0.1, 1.0, inf)))
    assert [fold.attracting for fold in upper.folds] == ["below"]
    assert upper.window is None


def test_it_is_saved_and_loaded(tmp_path):
    manifold = fc.critical_manifold(hill(2.0, 0.1))
    manifold.save(tmp_path / "manifold.npz")
    again = fc.load(tmp_path / "manifold.npz")
    assert np.array_equal(again.potential, manifold.potential)
    assert (again.folds, again.window, again.model) == (manifold.folds, manifold.window, manifold.model)


def test_a_passage_is_saved_and_swept(tmp_path):
    passage = fc.slow_passage(hill(2.0, 0.1))
    passage.save(tmp_path / "passage.npz")
    again = fc.load(tmp_path / "passage.npz")
    assert (again.time, again.fold, again.model) == (passage.time, passage.fold, passage.model)
    assert "gain 14.76" in repr(again)
    table = fc.sweep(fc.slow_passage, over={"alpha": [0.19, 0.2]}, model=hill(2.0, 0.1))
    assert table["gain"][1] == passage.gain
    assert table["gain"][0] < passage.gain
