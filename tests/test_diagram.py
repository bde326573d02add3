"""Bifurcation diagrams over alpha and the current: complete, and in agreement with the equilibria."""

import numpy as np
import pytest
from crossings import crossings
from test_equilibria import RATES, random_model

import facilis as fc

BISTABLE = fc.Model.example("bistable")


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
