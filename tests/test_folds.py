"""Folds: where the number of equilibria changes, and nowhere else."""

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


def test_a_fold_has_a_finite_parameter():
    """The rate underflows at rest, where its slope does not."""
    found = fc.folds(fc.Model(0.3, 1.0, 0.1, fc.Sigmoid(1.0, 1.0, 1 / 720), "after"))
    assert all(np.isfinite(fold.alpha) for fold in found)
