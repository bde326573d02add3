"""Equilibria: all of them, exactly, with the right stability."""

import pickle

import numpy as np
import pytest

import facilis as fc

BISTABLE = fc.Model.example("bistable")
RATES = ["constant", "linear", "hill", "sigmoid", "ramp", "exponential", "unbounded", "table", "smooth table"]


def random_rate(kind, rng):
    top, half = rng.uniform(0.2, 3.0), rng.uniform(0.2, 3.0)
    base = rng.choice([0.0, rng.uniform(0.0, 0.5)])
    if kind == "constant":
        return fc.Constant(top)
    if kind == "linear":
        return fc.Linear(0.3 * top, base)
    if kind == "hill":
        return fc.Hill(top, half, rng.choice([1.0, 2.0, 4.0, rng.uniform(1.0, 12.0)]), base)
    if kind == "sigmoid":
        return fc.Sigmoid(top, rng.uniform(-1.0, 4.0), rng.uniform(0.05, 1.0))
    if kind == "ramp":
        low = rng.choice([0.0, half])
        return fc.Ramp(low, low + rng.uniform(0.1, 3.0), top)
    if kind == "exponential":
        return fc.Exponential(0.2 * half, rng.uniform(0.1, 3.0), top)
    if kind == "unbounded":
        return fc.Exponential(0.1 * half, rng.uniform(0.1, 2.0), np.inf)
    points = rng.integers(2, 9)
    potential = np.cumsum(rng.uniform(0.05, 1.5, points))
    values = rng.uniform(0.0, 2.0, points) * (rng.random(points) > 0.2)
    return fc.Table(potential, values, "monotone" if kind == "smooth table" else "linear")


def random_model(kind, rng):
    transmits = rng.choice(["before", "after"])
    beta, lam = rng.uniform(0.3, 2.0), rng.uniform(0.05, 2.0)
    alpha = rng.choice([0.0, beta * lam * 10.0 ** rng.uniform(-1.5, 1.5)], p=[0.02, 0.98])
    current = rng.choice([0.0, rng.uniform(0.0, 2.0)])
    return fc.Model(alpha, beta, lam, random_rate(kind, rng), transmits=str(transmits)), current


def balance(model, current, u):
    """G(u) + I/β − u, written from the equations."""
    rate = model.rate(u)
    calcium = rate / model.lam
    psi = calcium + (model.transmits == "after")
    return model.alpha / model.beta * rate * psi + current / model.beta - u


def scan(model, current, upper, points=4001):
    """Potentials between which the balance changes sign, on a grid from 0 to `upper`."""
    u = np.linspace(0.0, upper, points)
    u = np.union1d(u, np.geomspace(1e-6, upper, points))
    f = balance(model, current, u)
    change = np.flatnonzero(np.sign(f[:-1]) * np.sign(f[1:]) < 0)
    return [(u[k], u[k + 1], f[k] > 0) for k in change]


@pytest.mark.parametrize("kind", RATES)
def test_no_root_is_missed_and_none_is_invented(kind):
    """Whatever sign change a dense scan sees is a root found, of the right stability; all roots balance."""
    rng = np.random.default_rng(RATES.index(kind))
    roots = several = 0
    for _ in range(600):
        model, current = random_model(kind, rng)
        found = fc.equilibria(model, current)
        u = np.array([e.potential for e in found])
        assert (np.diff(u) > 0.0).all()
        size = balance(model, 0.0, u) + u + current / model.beta + u
        steepness = (
            model.alpha
            / model.beta
            / model.lam
            * (2.0 * model.rate(u) + model.lam)
            * np.abs(model.rate.derivative(u))
        )
        # A root is a double, and its neighbours may lie on either side of 0.
        assert (np.abs(balance(model, current, u)) <= 1e-14 * size + steepness * np.spacing(u)).all()
        upper = 1.0 + 1.3 * max(u, default=4.0)
        if not model.rate.is_bounded:
            upper += 5.0
        seen = scan(model, current, upper)
        for low, high, falls in seen:
            within = [e for e in found if low <= e.potential <= high and e.kind != "fold"]
            assert len(within) % 2 == 1, (model, current, low, high)
            assert within[0].stable == falls
        # Those the scan didn't see: pairs closer than its grid, rest, folds.
        extra = [e for e in found if not any(low <= e.potential <= high for low, high, _ in seen)]
        for e in extra:
            near = [o for o in found if o is not e and abs(o.potential - e.potential) < 0.01 * upper]
            assert e.kind == "fold" or e.potential == 0.0 or near, (model, current, e)
        roots += len(found)
        several += len(found) > 1
    if kind != "constant":
        assert several > 25, "the models have too few roots to test anything"
    assert roots > 100


@pytest.mark.parametrize("kind", RATES)
def test_stability_is_that_of_the_eigenvalues(kind):
    rng = np.random.default_rng(100 + RATES.index(kind))
    for _ in range(200):
        model, current = random_model(kind, rng)
        corners = model.rate._handle.corners
        for e in fc.equilibria(model, current):
            np.testing.assert_array_equal(e.jacobian, model.jacobian(0.0, [e.potential, e.calcium]))
            expected = np.linalg.eigvals(e.jacobian)
            expected = expected[np.lexsort((-expected.imag, -expected.real))]
            np.testing.assert_allclose(e.eigenvalues, expected, rtol=1e-7, atol=1e-12)
            assert e.calcium == model.rate(e.potential) / model.lam
            if not (np.abs(corners - e.potential) < 1e-9).any() and abs(expected[0].real) > 1e-7:
                assert e.stable == (expected.real < 0.0).all()
                assert e.kind in (("stable node", "stable focus") if e.stable else ("saddle",))
                assert (e.kind == "stable focus") == (expected[0].imag != 0.0)


def test_reference_values():
    rest, saddle, memory = fc.equilibria(BISTABLE)
    assert (rest.potential, rest.calcium, rest.kind) == (0.0, 0.0, "stable node")
    assert saddle.potential == pytest.approx(1.11928, abs=5e-6)
    assert memory.potential == pytest.approx(2.91904, abs=5e-6)
    assert memory.calcium == pytest.approx(9.86414, abs=5e-6)
    assert [e.stable for e in (rest, saddle, memory)] == [True, False, True]
    assert fc.Model.example("ghost").kappa < 2.12451 < fc.Model.example("memory").kappa
    assert len(fc.equilibria(fc.Model.example("ghost"))) == 1
    after = BISTABLE.replace(transmits="after")
    assert len(fc.equilibria(after.replace(alpha=0.19059 - 1e-5))) == 1
    assert len(fc.equilibria(after.replace(alpha=0.19059 + 1e-4))) == 3


@pytest.mark.parametrize("transmits", ["before", "after"])
def test_near_a_fold_nothing_is_lost_and_the_balance_holds(transmits):
    """Across the fold, in steps down to one rounding, there are 1, then maybe a fold, then 3."""
    model = BISTABLE.replace(transmits=transmits)
    low, high = 0.15, 0.3
    while np.nextafter(low, 1.0) < high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if len(fc.equilibria(model.replace(alpha=middle))) == 1 else (low, middle)
    steps = [*-np.geomspace(1e-2, 1e-17, 40), 0.0, *np.geomspace(1e-17, 1e-2, 40)]
    counts = []
    for step in steps:
        at = model.replace(alpha=high + step)
        found = fc.equilibria(at)
        counts.append(len(found))
        for e in found:
            assert abs(balance(at, 0.0, e.potential)) <= 1e-14 * max(e.potential, 1e-300)
        if len(found) == 2:
            assert found[1].kind == "fold"
            assert not found[1].stable
    assert set(counts) == {1, 2, 3}
    assert counts == sorted(counts)


def test_corners_of_a_ramp_and_of_a_table():
    # κ = high: the memory is born in the corner.
    ramp = fc.Model(0.2, 1.0, 0.1, fc.Ramp(0.5, 2.0, 1.0))
    assert [e.kind for e in fc.equilibria(ramp)] == ["stable node", "fold"]
    assert fc.equilibria(ramp)[1].potential == 2.0
    assert [e.kind for e in fc.equilibria(ramp.replace(alpha=0.2000001))] == [
        "stable node",
        "saddle",
        "stable node",
    ]
    assert len(fc.equilibria(ramp.replace(alpha=0.1999999))) == 1
    # A corner that the balance crosses: one equilibrium, not two.
    table = fc.Table([0.0, 1.0, 2.0], [0.2, 1.0, 1.1])
    crossing = fc.Model(0.1, 1.0, 0.1, table)
    near = [e for e in fc.equilibria(crossing) if abs(e.potential - 1.0) < 1e-6]
    assert len(near) == 1


def test_a_continuum_of_equilibria_ends_in_its_knots():
    """A table of sqrt(u/κ): the balance vanishes at every knot and nowhere between."""
    u = np.linspace(0.0, 20.0, 501)
    model = fc.Model(0.4, 1.0, 0.1, fc.Table(u, np.sqrt(u / 4.0)))
    found = fc.equilibria(model)
    assert len(found) == 501
    np.testing.assert_allclose([e.potential for e in found], u, atol=1e-12)


EXTREME = [
    fc.Hill(1.0, 1.0, 1e4),
    fc.Hill(1e-200, 1.0, 2),
    fc.Linear(1e-200),
    fc.Sigmoid(1.0, 1.0, 1e-9),
    fc.Exponential(1e-300, 1.0, np.inf),
    fc.Exponential(1.0, 0.0, np.inf),
    fc.Ramp(0.0, 1e-300, 1.0),
]


def test_extreme_parameters_give_finite_answers():
    for rate in EXTREME:
        for transmits in ("before", "after"):
            for alpha in (0.0, 1e-300, 0.3, 1e6):
                found = fc.equilibria(fc.Model(alpha, 1.0, 0.1, rate, transmits=transmits), 0.5)
                assert np.isfinite([(e.potential, e.calcium) for e in found]).all()
                assert found or not rate.is_bounded or alpha >= 1e6


def test_nullclines_are_where_the_field_vanishes():
    u = np.linspace(0.0, 4.0, 41).reshape(1, 41)
    for model in (BISTABLE, BISTABLE.replace(transmits="after")):
        for current in (0.0, 0.3):
            still, calm = fc.nullclines(model, u, current)
            assert still.shape == calm.shape == u.shape
            here = ~np.isnan(still)
            assert here[0, 20:].all()
            du, _ = model.vector_field(0.0, np.stack([u[here], still[here]]), current)
            _, dr = model.vector_field(0.0, np.stack([u[0], calm[0]]))
            np.testing.assert_allclose(du, 0.0, atol=1e-12)
            np.testing.assert_allclose(dr, 0.0, atol=1e-14)
            # Where there is none, no calcium from 0 on makes du/dt vanish.
            for gone in u[~here]:
                du, _ = model.vector_field(0.0, [np.full(99, gone), np.linspace(0.0, 1e3, 99)], current)
                assert (du > 0.0).all() or gone == 0.0
    still, _ = fc.nullclines(fc.Model(0.0, 1.0, 1.0, fc.Constant(1.0)), [0.0, 1.0])
    assert np.isnan(still).all()


def test_equilibria_pickle():
    for e in pickle.loads(pickle.dumps(fc.equilibria(BISTABLE))):
        assert isinstance(e, fc.Equilibrium)


def test_equilibria_compare_by_value():
    first, again = fc.equilibria(BISTABLE), fc.equilibria(BISTABLE)
    assert first == again
    assert set(first) == set(again)
    assert len(set(first)) == 3
    assert fc.equilibria(BISTABLE.replace(alpha=0.31))[0] != first[1]
    assert first[0] != "rest"
    assert pickle.loads(pickle.dumps(first)) == first


BAD = [
    (fc.equilibria, (None,), TypeError, "model must be a Model, got None"),
    (fc.equilibria, (BISTABLE, -0.1), ValueError, "current must be a finite number >= 0, got -0.1"),
    (fc.equilibria, (BISTABLE, np.nan), ValueError, "current must be a finite number >= 0, got nan"),
    (fc.equilibria, (BISTABLE, "1"), TypeError, "current must be a finite number >= 0, got '1'"),
    (fc.nullclines, (BISTABLE, [-1.0]), ValueError, "potential must be finite numbers >= 0"),
    (fc.nullclines, (BISTABLE, [np.inf]), ValueError, "potential must be finite numbers >= 0"),
    (fc.nullclines, (BISTABLE, "u"), TypeError, "potential must be finite numbers >= 0"),
    (fc.nullclines, (BISTABLE, 1.0, -1.0), ValueError, "current must be a finite number >= 0, got -1.0"),
    (fc.nullclines, (1, 1.0), TypeError, "model must be a Model"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), BAD)
def test_a_bad_argument_is_named(function, arguments, error, message):
    with pytest.raises(error, match=message):
        function(*arguments)
