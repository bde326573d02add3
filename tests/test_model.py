"""Rates, models, pulses and regions as values: formulas, equality, copies, shapes."""

import copy
import dataclasses
import pickle

import numpy as np
import pytest

import facilis as fc

U = np.linspace(0.0, 6.0, 1201)
TABLE = fc.Table([0.2, 1.0, 2.0, 3.5], [0.0, 1.0, 0.4, 0.9])
RATES = {
    "constant": (fc.Constant(0.7), lambda u: np.full_like(u, 0.7)),
    "linear": (fc.Linear(0.3, base=0.1), lambda u: 0.1 + 0.3 * u),
    "hill": (fc.Hill(2.0, 0.7, 2.5, base=0.05), lambda u: 0.05 + 2.0 * u**2.5 / (0.7**2.5 + u**2.5)),
    "sigmoid": (fc.Sigmoid(1.5, 2.0, 0.3), lambda u: 1.5 / (1.0 + np.exp(-(u - 2.0) / 0.3))),
    "ramp": (fc.Ramp(0.5, 2.0, 1.2), lambda u: 1.2 * np.clip((u - 0.5) / 1.5, 0.0, 1.0)),
    "exponential": (fc.Exponential(0.1, 0.8, 3.0), lambda u: np.minimum(3.0, 0.1 * np.exp(0.8 * u))),
    "table": (TABLE, lambda u: np.interp(u, [0.2, 1.0, 2.0, 3.5], [0.0, 1.0, 0.4, 0.9])),
}
MODEL = fc.Model(0.22, 1.0, 0.1, fc.Hill(1.0, 1.0, 4))
PULSE = fc.Pulse(10.0, 30.0, 3.0)
REGION = fc.Region.box((0.5, 2.0)) & fc.Region.calcium_above(1.0)
VALUES = [rate for rate, _ in RATES.values()] + [MODEL, PULSE, REGION]


@pytest.mark.parametrize("name", RATES)
def test_a_rate_is_its_formula(name):
    rate, formula = RATES[name]
    np.testing.assert_allclose(rate(U), formula(U), rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize("name", RATES)
def test_the_derivative_is_that_of_the_rate(name):
    rate, formula = RATES[name]
    h = 1e-5
    inner = U[1:]
    corners = np.array([0.2, 0.5, 1.0, 2.0, 3.5, np.log(30.0) / 0.8])
    inner = inner[np.abs(inner[:, None] - corners).min(axis=1) > 2 * h]
    difference = (formula(inner + h) - formula(inner - h)) / (2 * h)
    np.testing.assert_allclose(rate.derivative(inner), difference, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("method", [TABLE, TABLE.derivative])
def test_a_number_gives_a_float_and_an_array_keeps_its_shape(method):
    for number in (1, 1.5, np.float32(1.5), np.int8(1), np.array(1.5)):
        assert type(method(number)) is float
    values = np.arange(24.0).reshape(2, 3, 4)
    assert method(values).shape == (2, 3, 4)
    np.testing.assert_array_equal(method(values[:, ::2, ::-1]), method(values)[:, ::2, ::-1])
    np.testing.assert_array_equal(method([[1, 2]]), method(np.array([[1.0, 2.0]])))


def test_a_potential_that_rounding_makes_negative_counts_as_zero():
    assert fc.Linear(1.0, base=0.5)(-1e-17) == 0.5


def test_a_rate_knows_whether_it_falls_and_whether_it_is_bounded():
    assert not TABLE.is_nondecreasing
    assert fc.Hill(1, 1, 4).is_nondecreasing
    assert TABLE.is_bounded
    assert not fc.Linear(1.0).is_bounded
    assert not fc.Exponential(1, 1, np.inf).is_bounded


def test_a_table_keeps_its_own_numbers():
    potential = np.array([0.0, 1.0])
    table = fc.Table(potential, [0, 1])
    potential[1] = 9.0
    assert table.potential[1] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        table.rate[0] = 2.0


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(
    "twin",
    [
        lambda value: pickle.loads(pickle.dumps(value)),
        copy.copy,
        copy.deepcopy,
        dataclasses.replace,
        lambda value: type(value)(*(getattr(value, f.name) for f in dataclasses.fields(value))),
    ],
    ids=["pickle", "copy", "deepcopy", "replace", "anew"],
)
def test_values_equal_their_twins(value, twin):
    other = twin(value)
    assert other == value
    assert hash(other) == hash(value)
    assert repr(other) == repr(value)


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        (MODEL, {"alpha": 0.3}),
        (MODEL, {"rate": fc.Hill(1, 1, 3)}),
        (MODEL, {"transmits": "after"}),
        (MODEL, {"recipients": "all"}),
        (TABLE, {"rate": [0.0, 1.0, 0.4, 0.8]}),
        (TABLE, {"interpolation": "monotone"}),
        (PULSE, {"current": 2.0}),
        (REGION, {"potential": (0.4, 2.0)}),
    ],
)
def test_values_differ_from_changed_ones(value, changes):
    changed = dataclasses.replace(value, **changes)
    assert changed != value
    assert all(getattr(changed, name) != getattr(value, name) for name in changes if name != "rate")


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_are_frozen(value):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(value)[0].name, 1.0)


def test_equal_tables_have_equal_hashes_though_zero_has_a_sign():
    tables = {fc.Table([0.0, 1.0], [0.0, 1.0]), fc.Table([-0.0, 1.0], [-0.0, 1.0])}
    assert len(tables) == 1


def test_reprs_are_short_and_can_be_read():
    assert repr(MODEL.rate) == "Hill(top=1.0, half=1.0, power=4.0, base=0.0)"
    assert repr(PULSE) == "Pulse(start=10.0, stop=30.0, current=3.0)"
    assert repr(TABLE) == "Table(4 points on [0.2, 3.5], interpolation='linear')"
    assert repr(REGION) == "Region(potential=(0.5, 2.0), calcium=(1.0, inf))"
    assert eval(repr(MODEL), vars(fc)) == MODEL


def test_a_model_takes_any_kind_of_number():
    same = fc.Model(np.float64(0.22), np.int64(1), np.array(0.1), fc.Hill(np.float32(1), 1, 4.0))
    assert same == MODEL
    assert type(same.alpha) is type(same.beta) is type(same.lam) is float


def test_kappa_and_replace():
    assert MODEL.kappa == 0.22 / (1.0 * 0.1)
    assert MODEL.replace(alpha=0.3, transmits="after") == fc.Model(
        0.3, 1.0, 0.1, fc.Hill(1, 1, 4), transmits="after"
    )
    with pytest.raises(TypeError, match="gamma"):
        MODEL.replace(gamma=0.3)


def test_the_examples():
    assert fc.Model.example("memory") == MODEL
    assert fc.Model.example("bistable") == MODEL.replace(alpha=0.3)
    assert fc.Model.example("ghost") == MODEL.replace(alpha=0.21)


@pytest.mark.parametrize("transmits", ["before", "after"])
def test_the_vector_field_is_the_limit_equation(transmits):
    model = MODEL.replace(transmits=transmits, beta=1.3)
    y = np.array([[0.5, 1.0, 2.0], [3.0, 0.0, 7.0]])
    u, r = y
    transmitted = r + (transmits == "after")
    rate = u**4 / (1 + u**4)
    expected = [-1.3 * u + 0.22 * transmitted * rate + 0.7, -0.1 * r + rate]
    np.testing.assert_allclose(model.vector_field(3.0, y, current=0.7), expected, rtol=1e-14)
    for k in range(3):
        np.testing.assert_array_equal(model.vector_field(0.0, y[:, k]), model.vector_field(0.0, y)[:, k])
    assert model.vector_field(0.0, y[:, 0]).shape == (2,)
    assert model.vector_field(0.0, [0, 0]).dtype == np.float64


@pytest.mark.parametrize("transmits", ["before", "after"])
def test_the_jacobian_is_the_derivative_of_the_vector_field(transmits):
    model = MODEL.replace(transmits=transmits)
    y, h = np.array([1.2, 4.0]), 1e-6
    steps = h * np.eye(2)
    columns = [(model.vector_field(0, y + s) - model.vector_field(0, y - s)) / (2 * h) for s in steps]
    np.testing.assert_allclose(model.jacobian(0.0, y), np.transpose(columns), rtol=1e-8, atol=1e-9)


def test_solve_ivp_takes_the_vector_field_as_it_is():
    integrate = pytest.importorskip("scipy.integrate")
    solution = integrate.solve_ivp(
        MODEL.replace(alpha=0.3).vector_field, (0, 400), [3.0, 9.0], rtol=1e-9, vectorized=True, method="BDF"
    )
    np.testing.assert_allclose(solution.y[:, -1], [2.91904, 9.86414], atol=1e-5)


def test_one_args_serves_the_vector_field_and_the_jacobian():
    integrate = pytest.importorskip("scipy.integrate")
    current = 0.5
    np.testing.assert_array_equal(MODEL.jacobian(0.0, [1.2, 4.0], current), MODEL.jacobian(0.0, [1.2, 4.0]))
    ends = [
        integrate.solve_ivp(
            MODEL.vector_field, (0, 60), [0.0, 0.0], "Radau", jac=jac, args=(current,), rtol=1e-9, atol=1e-12
        ).y[:, -1]
        for jac in (None, MODEL.jacobian)
    ]
    expected = fc.solve_limit(MODEL, 60.0, stimulus=fc.Pulse(0.0, 60.0, current))(60.0)[:2]
    np.testing.assert_allclose(ends, [expected, expected], rtol=1e-6)


def test_regions_are_closed_and_broadcast():
    region = fc.Region.potential_above(0.7)
    assert region.contains(0.7, 0.0) is True
    assert region.contains(np.nextafter(0.7, 0.0), 5.0) is False
    assert fc.Region.calcium_above(2).contains(0, [1, 2, 3]).tolist() == [False, True, True]
    inside = REGION.contains(np.array([0.4, 0.5, 2.0])[:, None], np.array([0.9, 1.0]))
    assert inside.tolist() == [[False, False], [False, True], [False, True]]


def test_the_intersection_of_regions_holds_what_both_hold():
    u, r = np.random.default_rng(1).uniform(0.0, 4.0, (2, 1000))
    curve = fc.Region(curves=[([0.5, 1.0, 3.0], [3.0, 2.0, 0.5])])
    oblique = fc.Region.half_plane(potential=1.0, calcium=0.5, above=2.0)
    under = fc.Region.half_plane(potential=-1.0, calcium=-1.0, above=-5.0)
    np.testing.assert_array_equal((oblique & under).contains(u, r), (u + r / 2 >= 2.0) & (u + r <= 5.0))
    for a in (fc.Region.box((0.5, 3.0), (0.2, 2.5)), fc.Region.potential_above(1.0), curve, oblique):
        for b in (curve, fc.Region.calcium_above(1.0), under):
            both = (a & b).contains(u, r)
            np.testing.assert_array_equal(both, a.contains(u, r) & b.contains(u, r))
            assert both.any()
            assert not both.all()
    assert (curve & curve) == curve
    assert curve & REGION == fc.Region(REGION.potential, REGION.calcium, curves=curve.curves)
    assert oblique & oblique == oblique
    assert repr(oblique) == "Region(1.0*potential + 0.5*calcium >= 2.0)"
    with pytest.raises(TypeError):
        curve & 3
