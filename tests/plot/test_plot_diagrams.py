"""Pictures of diagrams, of folds in the plane of two parameters, and of fluctuations around an equilibrium."""

import numpy as np
import pytest
from tests.plot.drawn import MODEL, labels

import facilis as fc


def test_a_diagram_shows_its_branches_and_folds():
    diagram = fc.bifurcation(MODEL, "alpha", 0.15, 0.5)
    axes = diagram.plot()
    assert list(axes) == ["bifurcation"]
    ax = axes["bifurcation"]
    assert labels(ax) == ["stable", "unstable", "fold"]
    assert len(ax.lines) == len(diagram.branches) + 1
    styles = [line.get_linestyle() for line in ax.lines[:-1]]
    assert styles == ["-" if branch.stable else "--" for branch in diagram.branches]
    current = fc.bifurcation(MODEL, "current", 0.0, 0.4)
    assert fc.plot.bifurcation(current, ax) is ax
    assert "current" in ax.get_xlabel()
    half = fc.bifurcation(MODEL, "rate.half", 0.5, 1.5).plot()["bifurcation"]
    assert half.get_xlabel() == "the rate's `half`"


def test_a_fold_curve_shows_its_lines_its_cusps_and_where_two_states_are_stable():
    curve = fc.fold_curve(MODEL, "alpha", "current", 0.0, 1.0)
    axes = curve.plot()
    assert list(axes) == ["fold_curve"]
    ax = axes["fold_curve"]
    assert set(labels(ax)) == {"two stable states", "fold", "cusp"}
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), curve.first[curve.line == 0])
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), curve.second[curve.line == 1])
    assert ax.lines[2].get_xdata() == [curve.cusps[0].first]
    assert ax.get_xlim() == (0.0, 4.0 * MODEL.alpha)
    (shade,) = ax.collections
    inside = [
        any(path.contains_point(point) for path in shade.get_paths()) for point in [(0.3, 0.2), (0.1, 0.2)]
    ]
    assert inside == [True, False]
    # Where there is never more than one state there is no shade.
    linear = fc.fold_curve(MODEL.replace(rate=fc.Constant(1.0)), "alpha", "lam")
    assert not fc.plot.fold_curve(linear).collections


def test_fluctuations_show_the_cloud_over_the_ellipses():
    model = fc.Model.example("bistable")
    point = fc.equilibria(model)[-1]
    start = {"potential": point.potential, "calcium": point.calcium}
    noise = fc.linear_noise(model, point)
    run = fc.simulate(model, 500, 200.0, **start, spikes=False, grid=300, rng=1)
    ax = fc.plot.fluctuations(run, noise)
    cloud, half, most, _ = ax.lines
    assert len(cloud.get_xdata()) == 300
    # The half-width of an ellipse is the deviation times the radius of its share.
    assert half.get_xdata().max() == pytest.approx(np.sqrt(2 * np.log(2) * noise.covariance[0, 0]), rel=1e-3)
    assert most.get_ydata().max() == pytest.approx(np.sqrt(2 * np.log(20) * noise.covariance[1, 1]), rel=1e-3)
    networks = fc.ensemble(model, 500, 20.0, replicates=50, grid=2, **start, rng=1)
    assert len(fc.plot.fluctuations(networks, noise).lines[0].get_xdata()) == 50
