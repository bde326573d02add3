"""Bifurcation diagrams over the other parameters of a model, and over those of its rate."""

import dataclasses
import operator

import numpy as np
import pytest
from crossings import crossings
from test_equilibria import RATES, random_model

import facilis as fc

BISTABLE = fc.Model.example("bistable")

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
