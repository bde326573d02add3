"""Basins and thresholds, against plain integration of the limit equation."""

import pickle

import numpy as np
import pytest
from models import HUMP, SEVERAL
from test_equilibria import RATES, random_model

import facilis as fc

BISTABLE = fc.Model.example("bistable")
nan, inf = np.nan, np.inf


def destination(model, u, r, current=0.0, t_end=400.0):
    """Index of the equilibrium nearest to where the limit is at last; −1 for a blow-up."""
    stimulus = fc.Pulse(0.0, 2 * t_end, current) if current else ()
    try:
        sol = fc.solve_limit(model, t_end, potential=u, calcium=r, grid=None, stimulus=stimulus, rtol=1e-11)
    except RuntimeError:
        return -1
    points = fc.equilibria(model, current)
    distance = [np.hypot(*(sol(t_end)[:2] - (e.potential, e.calcium))) for e in points]
    return int(np.argmin(distance)) if min(distance, default=inf) < 0.1 else -1


@pytest.mark.parametrize("interpolation", ["linear", "monotone"])
def test_basins_see_narrow_peaks(interpolation):
    """From (2, 4) the limit ends in the peak of a table, which a long step would not meet."""
    peak = fc.Table([0.0, 1.0, 1.0025, 1.005, 2.0], [0.1, 0.1, 20.0, 0.1, 0.1], interpolation)
    model = fc.Model(0.05, 1.0, 1.0, peak)
    assert fc.basin(model, 2.0, 4.0) == destination(model, 2.0, 4.0) == 2


@pytest.mark.slow
@pytest.mark.parametrize("name", SEVERAL)
def test_basins_agree_with_brute_force(name):
    """On 60 × 60 starts; none of them is within 1e-6 of a border."""
    model = SEVERAL[name]
    points = fc.equilibria(model)
    u = np.linspace(0.013, 2.5 * points[-1].potential, 60)
    r = np.linspace(0.017, 2.0 * points[-1].calcium, 60)[:, None]
    found = fc.basin(model, u, r)
    assert found.shape == (60, 60)
    assert found.dtype.kind == "i"
    expected = [
        [destination(model, a, b, t_end=300.0 / min(model.lam, model.beta)) for a in u] for b in r[:, 0]
    ]
    np.testing.assert_array_equal(found, expected)
    assert len(np.unique(found)) >= 2


def test_basins_under_a_current_and_where_the_rate_falls():
    u, r = np.linspace(0.01, 4.0, 15), np.linspace(0.02, 9.0, 15)[:, None]
    found = fc.basin(BISTABLE, u, r, current=0.3)
    expected = [[destination(BISTABLE, a, b, current=0.3) for a in u] for b in r[:, 0]]
    np.testing.assert_array_equal(found, expected)
    found = fc.basin(HUMP, u, r)
    np.testing.assert_array_equal(found, [[destination(HUMP, a, b) for a in u] for b in r[:, 0]])
    assert len(np.unique(found)) >= 2


def test_equilibria_stay_and_shapes_broadcast():
    for model in (*SEVERAL.values(), HUMP):
        points = fc.equilibria(model)
        found = fc.basin(model, [e.potential for e in points], [e.calcium for e in points])
        np.testing.assert_array_equal(found, range(len(points)))
    assert fc.basin(BISTABLE, 2.0, 9.0).shape == ()
    assert fc.basin(BISTABLE, 2.0, 9.0) == 2
    assert fc.basin(BISTABLE, np.zeros((3, 1, 2)), np.zeros((4, 1))).shape == (3, 4, 2)
    assert fc.basin(BISTABLE, [], []).shape == (0,)
    assert (fc.basin(fc.Model.example("ghost"), [0.0, 9.0], [0.0, 99.0]) == 0).all()
    # Nothing to rest at: all starts blow up.
    wild = fc.Model(50.0, 1.0, 1.0, fc.Exponential(1.0, 1.0, inf))
    assert fc.equilibria(wild) == ()
    assert fc.basin(wild, 0.0, 0.0) == -1


@pytest.mark.slow
@pytest.mark.parametrize("kind", RATES)
def test_basins_of_random_models_agree_with_integration(kind):
    """Against each start integrated by the core; against plain integration see above."""
    rng = np.random.default_rng(500 + RATES.index(kind))
    several = 0
    for _ in range(120):
        model, current = random_model(kind, rng)
        points = fc.equilibria(model, current)
        if len(points) > 1:
            several += 1
            u = rng.uniform(0.0, 2.5 * points[-1].potential + 0.1, 40)
            r = rng.uniform(0.0, 2.0 * points[-1].calcium + 0.1, 40)
            expected = fc._core.destinations(model._handle, current, u, r)
            np.testing.assert_array_equal(fc.basin(model, u, r, current=current), expected)
            # Alone too, where the saddle is far from the box of the starts.
            alone = [int(fc.basin(model, *start, current=current)) for start in zip(u, r, strict=True)]
            np.testing.assert_array_equal(alone, expected)
    assert several > 3 or kind == "constant"


def test_where_rest_is_a_saddle_its_manifold_is_the_axis():
    model = fc.Model(2.0, 1.0, 0.1, fc.Hill(1.0, 1.0, 1.0), transmits="after")
    assert [e.kind for e in fc.equilibria(model)] == ["saddle", "stable node"]
    curve = fc.separatrix(model, calcium=5.0)
    assert curve.potential.tolist() == [0.0, 0.0]
    assert curve.calcium.tolist() == [5.0, 0.0]
    assert fc.basin(model, [0.0, 0.0, 1e-300, 1.0], [0.0, 3.0, 0.0, 0.0]).tolist() == [0, 0, 1, 1]
    assert fc.Region.basin(model).contains([0.0, 1e-300, 1.0], [3.0, 0.0, 0.0]).tolist() == [
        False,
        True,
        True,
    ]
    assert fc.pulse_threshold(model, 1.0) == 0.0


def test_at_a_fold_the_half_stable_equilibrium_has_its_basin():
    ramp = fc.Model(0.2, 1.0, 0.1, fc.Ramp(0.5, 2.0, 1.0))
    assert [e.kind for e in fc.equilibria(ramp)] == ["stable node", "fold"]
    assert fc.basin(ramp, [3.0, 2.001, 1.9, 0.0], [10.0, 10.001, 9.5, 0.0]).tolist() == [1, 1, 0, 0]


def test_known_pulse_thresholds():
    model = fc.Model.example("memory")
    assert fc.pulse_threshold(model, 10.0) == pytest.approx(42.9, abs=0.05)
    assert fc.pulse_threshold(model, 20.0) == pytest.approx(0.984, abs=5e-4)
    assert fc.pulse_threshold(model, 2.0) == pytest.approx(144_031, abs=1.0)
    assert fc.pulse_threshold(fc.Model.example("ghost"), 20.0) == inf


@pytest.mark.parametrize("name", [name for name in SEVERAL if name not in ("unbounded", "linear")])
def test_a_pulse_just_above_the_threshold_leaves_a_memory(name):
    model = SEVERAL[name]
    points = fc.equilibria(model)
    threshold = fc.pulse_threshold(model, 3.0)
    for factor, remembered in ((1 + 1e-7, True), (1 - 1e-7, False)):
        pulse = fc.Pulse(0.0, 3.0, threshold * factor)
        start = {"potential": points[0].potential, "calcium": points[0].calcium}
        sol = fc.solve_limit(model, 500.0, stimulus=pulse, grid=None, rtol=1e-11, **start)
        ends_high = sol(500.0)[0] > 0.5 * (points[-1].potential + points[-2].potential)
        assert ends_high == remembered


def test_no_second_stable_state_no_threshold():
    assert fc.pulse_threshold(SEVERAL["unbounded"], 1.0) == inf
    assert fc.pulse_threshold(fc.Model(0.3, 1.0, 0.1, fc.Constant(1.0)), 1.0) == inf


def test_curves_and_what_is_built_on_them_pickle():
    curve = fc.separatrix(BISTABLE)
    copy = pickle.loads(pickle.dumps(curve))
    np.testing.assert_array_equal(copy(1.0), curve(1.0))
    for result in (
        fc.ghost(fc.Model.example("ghost"), start=2.0, end=0.7),
        fc.folds(BISTABLE),
        fc.certificates(BISTABLE),
        fc.Region.basin(BISTABLE),
    ):
        assert pickle.loads(pickle.dumps(result)) == result
    law = fc.calcium_law(BISTABLE, curve.saddle)
    assert law.ppf(0.3) == pickle.loads(pickle.dumps(law)).ppf(0.3)
    noise = fc.linear_noise(BISTABLE, fc.equilibria(BISTABLE)[-1])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(noise)).spectrum(1.0), noise.spectrum(1.0))


def test_a_region_is_the_basin():
    region = fc.Region.basin(BISTABLE)
    rng = np.random.default_rng(1)
    u, r = rng.uniform(0.0, 6.0, 20_000), rng.uniform(0.0, 20.0, 20_000)
    np.testing.assert_array_equal(region.contains(u, r), fc.basin(BISTABLE, u, r) == 2)
    (curve,) = region.curves
    fine = fc.separatrix(BISTABLE, calcium=300.0)
    middle = 0.5 * (np.array(curve[0][1:]) + np.array(curve[0][:-1]))
    off = np.abs(np.interp(middle, *curve) - fine(middle)) / np.maximum(fine(middle), fine.saddle.calcium)
    assert np.nanmax(off) < 1e-6
    assert fc.Region.basin(BISTABLE, 2) == region
    # It can be left, by a network too.
    run = fc.simulate(fc.Model.example("memory"), 100, inf, potential=2.0, calcium=9.0, grid=None, spikes=False,
                      exit_from=fc.Region.basin(fc.Model.example("memory")), rng=1)  # fmt: skip
    assert run.stop == "exit"
    assert fc.Region.basin(SEVERAL["three stable"]).contains(9.0, 9.0)


@pytest.mark.parametrize("name", ["three stable", "bistable"])
def test_every_stable_equilibrium_has_its_region(name):
    model = SEVERAL.get(name, BISTABLE)
    points = fc.equilibria(model)
    rng = np.random.default_rng(2)
    u = rng.uniform(0.0, 1.5 * points[-1].potential, 20_000)
    r = rng.uniform(0.0, 2.0 * points[-1].calcium, 20_000)
    reached = fc.basin(model, u, r)
    for k, point in enumerate(points):
        if point.stable:
            region = fc.Region.basin(model, k)
            np.testing.assert_array_equal(region.contains(u, r), reached == k)
            assert region.contains(point.potential, point.calcium)
    rest = fc.Region.basin(model, 0)
    assert pickle.loads(pickle.dumps(rest)) == rest
    assert "below a curve" in repr(rest)


def test_a_network_at_rest_leaves_the_basin_of_rest_when_a_current_comes():
    rest = fc.Region.basin(BISTABLE, 0)
    pulse = fc.Pulse(0.0, 30.0, 3.0)
    run = fc.simulate(BISTABLE, 200, 40.0, stimulus=pulse, exit_from=rest, exit_after=0.0, rng=1)
    assert run.stop == "exit"
    # It lies on the border, as calcium jumps by 1/200 at most.
    (curve,) = rest.ceilings
    above = run.calcium[-1] - np.interp(run.potential[-1], *curve)
    assert -0.5 < above < 0.1


BAD = [
    (lambda: fc.separatrix(fc.Model.example("ghost")), ValueError, "model must be one with a saddle"),
    (lambda: fc.separatrix(SEVERAL["three stable"]), ValueError, "saddle must be given .* got 2 saddles"),
    (
        lambda: fc.separatrix(BISTABLE, saddle=1),
        ValueError,
        "saddle must be an index of one of 1 saddles, got 1",
    ),
    (lambda: fc.separatrix(BISTABLE, saddle=-1), ValueError, "saddle must be an integer >= 0, got -1"),
    (lambda: fc.separatrix(BISTABLE, saddle=0.5), TypeError, "saddle must be an integer >= 0, got 0.5"),
    (lambda: fc.separatrix(BISTABLE, calcium=-1.0), ValueError, "calcium must be a number > 0, got -1.0"),
    (lambda: fc.separatrix(BISTABLE, potential=nan), ValueError, "potential must be a number > 0, got nan"),
    (
        lambda: fc.separatrix(BISTABLE, tolerance=0.0),
        ValueError,
        "tolerance must be a number >= 1e-12, got 0.0",
    ),
    (
        lambda: fc.separatrix(BISTABLE, current=-1.0),
        ValueError,
        "current must be a finite number >= 0, got -1.0",
    ),
    (lambda: fc.basin(BISTABLE, -1.0, 0.0), ValueError, "potential must be finite numbers >= 0, got -1.0"),
    (lambda: fc.basin(BISTABLE, 0.0, nan), ValueError, "calcium must be finite numbers >= 0, got nan"),
    (
        lambda: fc.basin(BISTABLE, [1.0, 2.0], [1.0, 2.0, 3.0]),
        ValueError,
        "calcium must broadcast with potential",
    ),
    (lambda: fc.basin(BISTABLE, "u", 1.0), TypeError, "potential must be"),
    (lambda: fc.pulse_threshold(BISTABLE, 0.0), ValueError, "duration must be a finite number > 0, got 0.0"),
    (lambda: fc.pulse_threshold(BISTABLE, inf), ValueError, "duration must be a finite number > 0, got inf"),
    (lambda: fc.pulse_threshold(HUMP, 1.0), ValueError, "model must be one with a nondecreasing rate"),
    (lambda: fc.Region.basin(BISTABLE, 1), ValueError, "equilibrium must be the index of a stable"),
    (lambda: fc.Region.basin(BISTABLE, 3), ValueError, "equilibrium must be an index of one of 3 equ"),
    (lambda: fc.Region.basin(BISTABLE, 1.0), TypeError, "equilibrium must be an integer"),
    (lambda: fc.Region.basin(fc.Model.example("ghost")), ValueError, "equilibrium must be the index of a"),
    (lambda: fc.Region.basin(HUMP), ValueError, "model must be one with a nondecreasing rate"),
    (lambda: fc.Region.basin(None), TypeError, "model must be a Model"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_a_bad_argument_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
