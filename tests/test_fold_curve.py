"""Folds in the plane of two parameters, and the cusps where they meet."""

import numpy as np
import pytest

import facilis as fc

MODEL = fc.Model.example("memory")


def balance(u, alpha, lam, current, after):
    """β·u − I − α·φ·ψ and its first two derivatives for β = 1 and Hill(1, 1, 4), written by hand."""
    z = 1.0 + u**4
    phi = u**4 / z
    slope = 4.0 * u**3 / z**2
    bend = (12.0 * u**2 - 20.0 * u**6) / z**3
    return (
        u - current - alpha * phi * (phi / lam + after),
        1.0 - alpha * slope * (2.0 * phi / lam + after),
        -alpha * (bend * (2.0 * phi / lam + after) + 2.0 * slope**2 / lam),
    )


@pytest.mark.parametrize("transmits", ["before", "after"])
def test_each_point_solves_the_equations_of_a_fold(transmits):
    model = MODEL.replace(transmits=transmits)
    curve = fc.fold_curve(model, "alpha", "lam", 0.01, 1.0)
    assert curve.cusps == ()
    assert curve.line.max() == 0
    value, slope, _ = balance(curve.potential, curve.first, curve.second, 0.0, transmits == "after")
    np.testing.assert_allclose(value, 0.0, atol=1e-13)
    np.testing.assert_allclose(slope, 0.0, atol=1e-13)
    phi = curve.potential**4 / (1.0 + curve.potential**4)
    np.testing.assert_allclose(curve.calcium, phi / curve.second, rtol=1e-14)
    if transmits == "before":
        np.testing.assert_allclose(curve.first / curve.second, 2.1245081622175, rtol=1e-12)


@pytest.mark.parametrize("transmits", ["before", "after"])
@pytest.mark.parametrize("names", [("alpha", "current"), ("current", "alpha")])
def test_the_cusp_is_that_of_an_independent_solver(transmits, names):
    """There the first two derivatives of the balance are 0 as well."""
    optimize = pytest.importorskip("scipy.optimize")
    model, after = MODEL.replace(transmits=transmits), transmits == "after"
    found = optimize.root(lambda x: balance(x[0], x[1], 0.1, x[2], after), [1.1, 0.09, 0.75], tol=1e-14)
    assert found.success
    curve = fc.fold_curve(model, *names, 0.0, 1.0)
    (cusp,) = curve.cusps
    there = dict(zip(names, (cusp.first, cusp.second), strict=True))
    assert (there["alpha"], there["current"]) == pytest.approx(tuple(found.x[1:]), rel=1e-11)
    assert cusp.potential == pytest.approx(found.x[0], rel=1e-7)
    assert cusp.calcium == pytest.approx(model.rate(found.x[0]) / 0.1, rel=1e-7)
    # Both lines meet there.
    assert curve.line.max() == 1
    for k in (0, 1):
        assert (cusp.first, cusp.second) in zip(
            curve.first[curve.line == k], curve.second[curve.line == k], strict=True
        )


def test_lines_are_those_of_independent_continuation():
    """Newton's method from point to point along each line, in steps of the current, meets all its points."""
    optimize = pytest.importorskip("scipy.optimize")
    curve = fc.fold_curve(MODEL, "alpha", "current", 0.0, 1.0)
    for k in (0, 1):
        own = (curve.line == k) & (curve.second < 0.75) & (curve.first < 2.0)
        order = np.argsort(-curve.second[own])
        points = np.stack([curve.potential[own], curve.first[own], curve.second[own]], axis=1)[order]
        at = points[0, 0], np.log(points[0, 1])
        for u, alpha, current in points:
            found = optimize.root(
                lambda x, i=current: balance(x[0], np.exp(x[1]), 0.1, i, False)[:2], at, tol=1e-11
            )
            assert np.abs(found.fun).max() < 1e-12
            at = found.x
            assert (u, alpha) == pytest.approx((at[0], np.exp(at[1])), rel=1e-8)


@pytest.mark.parametrize("second", ["lam", "beta", "rate.half", "rate.power", "rate.top", "rate.base"])
def test_there_are_two_states_more_on_one_side_of_a_line(second):
    curve = fc.fold_curve(MODEL, "alpha", second, 0.05 if second != "rate.power" else 2.0, 6.0)
    rng = np.random.default_rng(1)
    away = [abs(curve.second - cusp.second) > 0.05 * cusp.second for cusp in curve.cusps]
    for k in rng.choice(np.flatnonzero(np.logical_and.reduce([curve.first < 100.0, *away])), 20):
        sides = [
            len(fc.equilibria(*curve.at(curve.first[k] * side, curve.second[k]))) for side in (0.999, 1.001)
        ]
        assert abs(sides[0] - sides[1]) == 2


def test_a_ramp_folds_at_its_corner_for_any_range_of_its_rise():
    model = MODEL.replace(rate=fc.Ramp(0.5, 2.0, 1.0))
    curve = fc.fold_curve(model, "alpha", "rate.low", 0.1, 1.5)
    np.testing.assert_allclose(curve.first, 0.2, rtol=1e-14)
    np.testing.assert_array_equal(curve.potential, 2.0)


def test_a_curve_survives_a_file(tmp_path):
    curve = fc.fold_curve(MODEL, "alpha", "current", 0.0, 1.0)
    curve.save(tmp_path / "curve.npz")
    copy = fc.load(tmp_path / "curve.npz")
    np.testing.assert_array_equal(copy.first, curve.first)
    assert (copy.cusps, copy.parameters, copy.model) == (curve.cusps, curve.parameters, curve.model)
    pytest.importorskip("xarray")
    assert curve.to_xarray()["potential"].dims == ("point",)


BAD = [
    (lambda: fc.fold_curve("m", "alpha", "lam"), TypeError, "model must be a Model"),
    (
        lambda: fc.fold_curve(MODEL, "rate.half", "lam"),
        ValueError,
        "first must be 'alpha' or .*got 'rate.half'",
    ),
    (
        lambda: fc.fold_curve(MODEL.replace(transmits="after"), "lam", "alpha"),
        ValueError,
        "first must be 'alpha' or 'beta' or 'kappa' or 'current', got 'lam'",
    ),
    (
        lambda: fc.fold_curve(MODEL, "alpha", "rate.low"),
        ValueError,
        "second must be .*'rate.base', got 'rate.low'",
    ),
    (lambda: fc.fold_curve(MODEL, "alpha", "kappa"), ValueError, "second must be .*, got 'kappa'"),
    (
        lambda: fc.fold_curve(MODEL, "kappa", "alpha"),
        ValueError,
        "second must be another parameter than 'kappa'",
    ),
    (lambda: fc.fold_curve(MODEL, "lam", "lam"), ValueError, "second must be another parameter than 'lam'"),
    (
        lambda: fc.fold_curve(MODEL, "alpha", "current"),
        ValueError,
        "low must be given, as the model has no value",
    ),
    (lambda: fc.fold_curve(MODEL, "alpha", "current", 0.0), ValueError, "high must be given"),
    (lambda: fc.fold_curve(MODEL, "alpha", "lam", 1.0, 0.5), ValueError, "high must be a number > low = 1.0"),
    (
        lambda: fc.fold_curve(MODEL, "alpha", "lam", 0.0, 0.5),
        ValueError,
        "low must be a value that lam can have",
    ),
    (lambda: fc.fold_curve(MODEL, "alpha", "lam", current=-1.0), ValueError, "current must be"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_a_bad_argument_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
