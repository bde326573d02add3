"""Folds and bifurcation diagrams: complete, and in agreement with the equilibria."""

import dataclasses
import operator
from itertools import pairwise

import numpy as np
import pytest
from test_equilibria import RATES, random_model

import facilis as fc

BISTABLE = fc.Model.example("bistable")


def count(model, alpha, current):
    """How many equilibria there are, a fold counting for two."""
    found = fc.equilibria(model.replace(alpha=alpha), current)
    return len(found) + sum(e.kind == "fold" for e in found)


@pytest.mark.parametrize("kind", RATES)
def test_the_number_of_equilibria_changes_at_folds_only(kind):
    """Between neighbouring folds the number is constant; across each it changes, by 2, or at rest by 1."""
    rng = np.random.default_rng(200 + RATES.index(kind))
    seen = 0
    for _ in range(150):
        model, current = random_model(kind, rng)
        folds = sorted(fc.folds(model, current), key=lambda fold: fold.alpha)
        assert [f.potential for f in fc.folds(model, current)] == sorted(f.potential for f in folds)
        scale = model.beta * model.lam
        edges = [1e-4 * scale, *(fold.alpha for fold in folds), 1e4 * scale]
        gaps = list(pairwise(edges))
        numbers = []
        for low, high in gaps:
            # Not too near the folds: there the two roots are one within rounding.
            inside = np.exp(
                np.log(low) + (np.log(high) - np.log(low)) * np.array([0.02, 0.3, 0.5, 0.8, 0.98])
            )
            counts = {count(model, alpha, current) for alpha in inside} if high > 1.001 * low else {None}
            assert len(counts) == 1, (model, current, low, high)
            numbers.append(counts.pop())
        for fold, before, after in zip(folds, numbers, numbers[1:], strict=False):
            if None not in (before, after):
                assert abs(after - before) == (1 if fold.kind == "rest" else 2), (model, current, fold)
                seen += 1
    if kind != "constant":
        assert seen > 20


def test_reference_folds():
    (fold,) = fc.folds(BISTABLE)
    assert fold.kind == "smooth"
    assert fold.potential == pytest.approx(7**0.25, rel=1e-13)  # φ = 2uφ' for Hill(1, 1, 4)
    assert fold.alpha == pytest.approx(0.212451, abs=5e-7)
    assert fold.kappa == pytest.approx(2.12451, abs=5e-6)
    assert fold.calcium == pytest.approx(8.75, rel=1e-13)
    (after,) = fc.folds(BISTABLE.replace(transmits="after"))
    assert after.kappa == pytest.approx(1.9059, abs=5e-5)
    (corner,) = fc.folds(fc.Model(0.3, 1.0, 0.1, fc.Ramp(0.5, 2.0, 1.0)))
    assert (corner.kind, corner.potential) == ("corner", 2.0)
    assert corner.kappa == pytest.approx(2.0, rel=1e-15)
    (rest, *_) = fc.folds(fc.Model(0.3, 1.0, 0.1, fc.Hill(1.0, 1.0, 1.0), transmits="after"))
    assert (rest.kind, rest.potential, rest.alpha) == ("rest", 0.0, 1.0)
    assert fc.folds(fc.Model(0.3, 1.0, 0.1, fc.Constant(1.0))) == ()


def crossings(diagram, value):
    """Potentials (and stability) at which the diagram's branches pass a value of the parameter."""
    found = []
    for branch in diagram.branches:
        order = np.argsort(branch.value, kind="stable")
        if branch.value.min() <= value <= branch.value.max():
            found.append((np.interp(value, branch.value[order], branch.potential[order]), branch.stable))
    return sorted(found)


@pytest.mark.parametrize("parameter", ["alpha", "current"])
@pytest.mark.parametrize("kind", RATES)
def test_a_diagram_passes_through_all_equilibria(kind, parameter):
    rng = np.random.default_rng(300 + RATES.index(kind))
    for _ in range(25):
        model, current = random_model(kind, rng)
        high = 30.0 * model.beta * model.lam if parameter == "alpha" else 3.0
        diagram = fc.bifurcation(model, parameter, 0.0, high, current=current)
        for value in rng.uniform(0.0, high, 8):
            if parameter == "alpha":
                points = fc.equilibria(model.replace(alpha=value), current)
            else:
                points = fc.equilibria(model, value)
            near = np.abs(diagram.fold_value - value).min(initial=np.inf) < 0.01 * high
            got = crossings(diagram, value)
            if near or any(e.kind == "fold" for e in points):
                continue
            assert [stable for _, stable in got] == [e.stable for e in points], (model, current, value)
            # Lines between 201 points of a branch.
            spread = 2e-2 * (1.0 + max(e.potential for e in points)) if points else 0.0
            for (u, _), e in zip(got, points, strict=True):
                assert abs(u - e.potential) <= spread


RANGES = {
    "beta": (0.2, 3.0),
    "lam": (0.02, 2.0),
    "kappa": (0.0, 30.0),
    "rate.value": (0.0, 3.0),
    "rate.slope": (0.05, 3.0),
    "rate.base": (0.0, 0.6),
    "rate.top": (0.0, 4.0),
    "rate.half": (0.1, 4.0),
    "rate.power": (1.5, 12.0),
    "rate.centre": (-1.0, 4.0),
    "rate.width": (0.05, 1.5),
    "rate.scale": (0.01, 1.0),
}


def varied(model, parameter, value):
    """The model with the parameter at that value, by hand."""
    if parameter == "kappa":
        return model.replace(alpha=value * model.beta * model.lam)
    if parameter.startswith("rate."):
        given = {f.name: getattr(model.rate, f.name) for f in dataclasses.fields(model.rate)}
        return model.replace(rate=type(model.rate)(**given | {parameter[5:]: value}))
    return model.replace(**{parameter: value})


def parameters(model):
    names = ["beta", "kappa"]
    capped = isinstance(model.rate, fc.Ramp | fc.Table) or getattr(model.rate, "cap", np.inf) < np.inf
    if model.transmits == "before" or not capped:
        names.append("lam")
    if not capped:
        names += [f"rate.{f.name}" for f in dataclasses.fields(model.rate) if f.name != "cap"]
    return names


def surely(model, parameter, low, high, current):
    """The diagram, or None where it can't be certain that all folds were found."""
    try:
        return fc.bifurcation(model, parameter, low, high, current=current)
    except ValueError as error:
        if "with certainty" not in str(error):
            raise
        return None


@pytest.mark.slow
@pytest.mark.parametrize("kind", RATES)
def test_a_diagram_over_any_parameter_passes_through_all_equilibria(kind):
    """At random values; where it can't be certain that all folds were found, it says so."""
    rng = np.random.default_rng(500 + RATES.index(kind))
    compared = folds = 0
    for _ in range(8):
        model, current = random_model(kind, rng)
        for parameter in parameters(model):
            low, high = RANGES[parameter]
            diagram = surely(model, parameter, low, high, current)
            if diagram is None:
                # The branch of active states may come out of rest in the range.
                assert (model.transmits, current, model.rate(0.0)) == ("after", 0.0, 0.0)
                assert model.rate.derivative(0.0) > 0.0
                continue
            folds += len(diagram.folds)
            for value in rng.uniform(low, high, 5):
                points = fc.equilibria(varied(model, parameter, value), current)
                near = np.abs(diagram.fold_value - value).min(initial=np.inf) < 0.01 * (high - low)
                if near or any(e.kind == "fold" for e in points):
                    continue
                got = crossings(diagram, value)
                assert [stable for _, stable in got] == [e.stable for e in points], (model, parameter, value)
                # Lines between 201 points of a branch.
                spread = 2e-2 * (1.0 + max(e.potential for e in points)) if points else 0.0
                for (u, _), e in zip(got, points, strict=True):
                    assert abs(u - e.potential) <= spread, (model, parameter, value)
                compared += 1
    assert compared > 60
    assert folds > 3 or kind == "constant"


@pytest.mark.parametrize("transmits", ["before", "after"])
@pytest.mark.parametrize(
    "parameter", [*("beta", "lam", "kappa"), *(f"rate.{f}" for f in ("top", "half", "power"))]
)
def test_folds_over_a_parameter_are_where_alpha_folds(parameter, transmits):
    """An independent way: the value at which the model's own alpha is that of its fold."""
    optimize = pytest.importorskip("scipy.optimize")
    model = BISTABLE.replace(alpha=0.25, transmits=transmits)
    own = model.kappa if parameter == "kappa" else operator.attrgetter(parameter)(model)
    diagram = fc.bifurcation(
        model, parameter, max(0.3 * own, 1.0 if parameter == "rate.power" else 0.0), 4.0 * own
    )

    def distance(value):
        there = varied(model, parameter, value)
        return fc.folds(there)[0].alpha - there.alpha

    expected = optimize.brentq(distance, diagram.low, diagram.high, xtol=1e-14, rtol=1e-14)
    (fold,), (value,) = diagram.folds, diagram.fold_value
    assert value == pytest.approx(expected, rel=1e-11)
    there = varied(model, parameter, value)
    assert (fold.alpha, fold.kappa) == (there.alpha, there.kappa)
    assert fold.potential == pytest.approx(fc.folds(there)[0].potential, rel=1e-6)
    assert fold.calcium == pytest.approx(there.rate(fold.potential) / there.lam, rel=1e-13)
    for branch in diagram.branches:
        for k in range(0, 201, 20):
            u, r = branch.potential[k], branch.calcium[k]
            change = varied(model, parameter, branch.value[k]).vector_field(0.0, [u, r])
            np.testing.assert_allclose(change, 0.0, atol=1e-9 * (1.0 + u))


def test_folds_by_scaling():
    """A Hill rate of half h is that of half 1 where potentials are measured in h: alpha folds at h·0.2124…"""
    (fold,) = fc.folds(BISTABLE)
    half = fc.bifurcation(BISTABLE, "rate.half", 0.5, 3.0)
    assert half.fold_value == pytest.approx([BISTABLE.alpha / fold.alpha], rel=1e-12)
    assert half.folds[0].potential == pytest.approx(fold.potential * half.fold_value[0], rel=1e-7)
    top = fc.bifurcation(BISTABLE, "rate.top", 0.5, 3.0)
    assert top.fold_value == pytest.approx([(fold.alpha / BISTABLE.alpha) ** 0.5], rel=1e-12)
    kappa = fc.bifurcation(BISTABLE, "kappa", 1.5, 5.0)
    alpha = fc.bifurcation(BISTABLE, "alpha", 0.15, 0.5)
    np.testing.assert_allclose(kappa.value, 10.0 * alpha.value, rtol=1e-13)
    np.testing.assert_array_equal(kappa.potential, alpha.potential)


def test_a_cusp_is_no_place_to_be_sure_of():
    """At a cusp two folds are one, and no precision tells whether there are two, one, or none."""
    (cusp,) = fc.fold_curve(BISTABLE, "alpha", "current", 0.0, 1.0).cusps
    with pytest.raises(ValueError, match=r"can't be told apart with certainty: .* near potential 1.0877"):
        fc.bifurcation(BISTABLE.replace(alpha=cusp.first), "rate.half", 0.8, 1.25, current=cusp.second)


def test_the_diagram_of_the_example():
    diagram = fc.bifurcation(BISTABLE, "alpha", 0.15, 0.5)
    assert [branch.stable for branch in diagram.branches] == [True, False, True]
    assert [branch.potential[0] for branch in diagram.branches[:1]] == [0.0]
    (fold,) = diagram.folds
    assert diagram.fold_value[0] == fold.alpha
    saddle, memory = diagram.branches[1:]
    assert saddle.potential[-1] == memory.potential[0] == fold.potential
    assert {len(b.value) for b in diagram.branches} == {201}
    # All points are equilibria.
    for branch in diagram.branches:
        for value, u, r in zip(branch.value, branch.potential, branch.calcium, strict=True):
            change = BISTABLE.replace(alpha=value).vector_field(0.0, [u, r])
            np.testing.assert_allclose(change, 0.0, atol=1e-12)


def test_a_fold_has_a_finite_parameter():
    """The rate underflows at rest, where its slope does not."""
    found = fc.folds(fc.Model(0.3, 1.0, 0.1, fc.Sigmoid(1.0, 1.0, 1 / 720), "after"))
    assert all(np.isfinite(fold.alpha) for fold in found)


def test_a_range_may_begin_at_a_fold():
    (fold,) = fc.folds(BISTABLE)
    diagram = fc.bifurcation(BISTABLE, "alpha", fold.alpha, 0.3)
    assert [branch.stable for branch in diagram.branches] == [True, False, True]
    assert diagram.branches[1].potential[-1] == diagram.branches[2].potential[0] == fold.potential


def test_a_diagram_survives_a_file(tmp_path):
    diagram = fc.bifurcation(BISTABLE, "current", 0.0, 0.5)
    diagram.save(tmp_path / "diagram.npz")
    copy = fc.load(tmp_path / "diagram.npz")
    np.testing.assert_array_equal(copy.value, diagram.value)
    assert copy.folds == diagram.folds
    assert len(copy.branches) == len(diagram.branches)
    pytest.importorskip("xarray")
    assert diagram.to_xarray()["potential"].dims == ("point",)


def test_certificates_say_what_they_can():
    sure = fc.certificates(BISTABLE)
    assert sure.no_hopf.holds
    assert sure.no_cycles.holds
    unsure = fc.certificates(BISTABLE.replace(rate=fc.Table([0.0, 1.0, 2.0], [0.0, 1.0, 0.5])))
    assert unsure.no_hopf.holds
    assert unsure.no_cycles.holds is None
    assert "corners" in str(unsure)
    assert "can't tell" in str(unsure)
    assert "det J" in str(sure)
    _, saddle, memory = fc.equilibria(BISTABLE)
    assert memory.determinant > 0.0 > memory.trace
    assert saddle.determinant < 0.0
    assert memory.reason.startswith("stable, as det J = 0.08913")
    assert saddle.reason.startswith("unstable")


@pytest.mark.parametrize("kind", RATES)
@pytest.mark.parametrize("transmits", ["before", "after"])
def test_the_trace_is_as_negative_as_the_certificate_says(kind, transmits):
    rng = np.random.default_rng(400 + RATES.index(kind))
    for _ in range(100):
        model, current = random_model(kind, rng)
        model = model.replace(transmits=transmits)
        for e in fc.equilibria(model, current):
            if e.determinant > 0.0:
                phi = model.rate(e.potential)
                part = 0.5 if transmits == "before" else phi / (2 * phi + model.lam)
                assert e.trace < -model.lam - model.beta * part + 1e-12


RAMP = BISTABLE.replace(rate=fc.Ramp(0.5, 2.0, 1.0), transmits="after")
LINEAR = BISTABLE.replace(rate=fc.Linear(0.5, 0.1))

BAD = [
    (lambda: fc.folds("m"), TypeError, "model must be a Model"),
    (lambda: fc.folds(BISTABLE, -1.0), ValueError, "current must be a finite number >= 0, got -1.0"),
    (
        lambda: fc.bifurcation(BISTABLE, "gamma", 0.0, 1.0),
        ValueError,
        "parameter must be 'alpha' or 'beta' or 'lam' or 'kappa' or 'current' or 'rate.top' or",
    ),
    (lambda: fc.bifurcation(BISTABLE, 3, 0.0, 1.0), TypeError, "parameter must be 'alpha' or"),
    (
        lambda: fc.bifurcation(BISTABLE, "rate.low", 0.0, 1.0),
        ValueError,
        "parameter must be .*'rate.base', got 'rate.low'",
    ),
    (
        lambda: fc.bifurcation(RAMP, "rate.low", 0.0, 1.0),
        ValueError,
        "parameter must be .*'current', got 'rate.low'",
    ),
    (
        lambda: fc.bifurcation(RAMP, "lam", 0.1, 1.0),
        ValueError,
        "parameter must be .*'beta' or 'kappa' .*got 'lam'",
    ),
    (
        lambda: fc.bifurcation(BISTABLE, "lam", 0.0, 1.0),
        ValueError,
        "low must be a value that lam can have, got 0.0: lam must be",
    ),
    (
        lambda: fc.bifurcation(BISTABLE, "rate.half", 0.0, 1.0),
        ValueError,
        "low must be a value that rate.half can have, got 0.0",
    ),
    (
        lambda: fc.bifurcation(BISTABLE, "rate.power", 0.5, 2.0),
        ValueError,
        "low must be a value that rate.power can have, got 0.5: power",
    ),
    (lambda: fc.bifurcation(LINEAR, "rate.slope", 0.0, 2.0), ValueError, "low must be a number > 0, as an"),
    (lambda: fc.bifurcation(BISTABLE, "alpha", 1.0, 0.5), ValueError, "high must be a number > low"),
    (lambda: fc.bifurcation(BISTABLE, "alpha", -1.0, 0.5), ValueError, "low must be a finite number >= 0"),
    (lambda: fc.bifurcation(BISTABLE, "alpha", 0.0, np.inf), ValueError, "high must be a finite number >= 0"),
    (lambda: fc.bifurcation(BISTABLE, "alpha", 0.0, "1"), TypeError, "high must be"),
    (lambda: fc.bifurcation(BISTABLE, "alpha", 0.0, 1.0, current=-1.0), ValueError, "current must be"),
    (lambda: fc.certificates(None), TypeError, "model must be a Model"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_a_bad_argument_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
