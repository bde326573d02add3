"""Pictures of rare events and of the slow passage."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from tests.plot.drawn import labels

import facilis as fc

MODEL = fc.Model.example("bistable")
REGION = fc.Region.potential_above(0.7)
STATE = fc.equilibria(MODEL)[-1]
START = {"potential": STATE.potential, "calcium": STATE.calcium}


@pytest.fixture(scope="module")
def results():
    options = {"region": REGION, "rng": 1}
    few = {"replicas": 100, "runs": 4, **options}
    probability = fc.exit_probability(MODEL, 20, 50.0, check=True, **few, **START)
    return {
        "action": fc.escape_action(MODEL),
        "probability": probability,
        "paths": probability.paths(3),
        "lives": [fc.mean_memory(MODEL, n, **few) for n in (25, 20)],
        "scaling": fc.memory_scaling(MODEL, [5, 8, 12], 1e4, replicates=50, **options, **START),
        "law": fc.quasi_stationary(MODEL, 20, particles=50, t_end=600.0, **options),
    }


def test_exponents_are_drawn_with_slopes(results):
    ax = fc.plot.action(results["action"], [results["scaling"]], lives=results["lives"])
    curve, bound, plain, split = (line.get_ydata() for line in ax.lines if line.get_marker() not in "_|")
    assert curve[0] == results["action"].exponent
    assert bound[0] == results["action"].upper
    assert plain[0] == results["scaling"].exponent.value
    large, small = results["lives"]  # of 25 and 20 neurons
    assert split[0] == pytest.approx(np.log(large.value / small.value) / 5)
    for kind in ("plain simulation", "splitting"):
        assert rf"slope of $\log T$ against $N$, by {kind}" in labels(ax)
    alone = fc.plot.action(results["action"], lives=[large])  # one size has no slope
    assert len(alone.lines) == 2


def test_the_way_out_is_drawn_over_the_plane_with_paths(results):
    ax = plt.figure().subplots()
    assert fc.plot.way_out(results["action"], results["paths"], ax) is ax
    assert {"networks that forgot", "most likely way out", "separatrix"} <= set(labels(ax))
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), results["paths"][0].potential)
    assert set(results["action"].plot()) == {"way_out"}


def test_a_path_is_drawn_as_a_run_is(results):
    path = results["paths"][0]
    axes = path.plot(limit=fc.solve_limit(MODEL, 50.0, **START), label="it forgets")
    assert set(axes) == {"raster", "traces", "phase"}
    assert len(axes["raster"].lines[0].get_xdata()) == len(path.spikes)
    assert axes["traces"].get_xlim() == (0.0, path.t[-1])
    drawn = [line for line in axes["phase"].lines if line.get_label() == "it forgets"]
    np.testing.assert_array_equal(drawn[0].get_xdata(), path.potential)
    bare = results["probability"].paths(1, spikes=False)[0]
    assert set(bare.plot()) == {"traces", "phase"}
    assert set(results["probability"].paths(1, grid=None)[0].plot()) == {"raster"}


def test_paths_are_drawn_in_the_plane_each_in_its_colour(results):
    ax = fc.plot.phase_portrait(MODEL, results["paths"])
    lines = [line for line in ax.lines if str(line.get_label()).startswith("$N = 20$")]
    assert len({line.get_color() for line in lines}) == 3
    several = fc.plot.traces({"first": results["paths"][0], "second": results["paths"][1]}, means="potential")
    assert {"first", "second"} <= set(labels(several))


def test_each_run_of_a_probability_is_a_dot(results):
    found = results["probability"]
    ax = found.plot(color="red", legend=False)["exit_probability"]
    dots, mean, other = ax.lines
    np.testing.assert_array_equal(dots.get_ydata(), found.runs)
    assert dots.get_color() == "red"
    assert list(mean.get_ydata()) == [found.value] * 2
    assert list(other.get_ydata()) == [found.check.value] * 2
    bands = [(one.get_y(), one.get_y() + one.get_height()) for one in ax.patches]
    assert bands == [pytest.approx((one.low, one.high)) for one in (found, found.check)]
    assert ax.get_yscale() == "linear"
    assert ax.get_ylim()[0] == 0.0


def test_runs_that_differ_widely_are_on_a_scale_of_logarithms(results):
    found = replace(results["probability"], runs=np.array([1e-9, 2e-9, 5e-8, 1e-9]), value=1.3e-8, check=None)
    assert fc.plot.exit_probability(found).get_yscale() == "log"
    extinct = replace(found, runs=np.array([0.0, 2e-9, 5e-8, 1e-9]))  # 0 has no logarithm, and is to be seen
    assert fc.plot.exit_probability(extinct).get_yscale() == "linear"
    alone = replace(found, runs=np.zeros(4), value=0.0, low=0.0, high=np.inf)
    ax = fc.plot.exit_probability(alone)
    ax.figure.draw_without_rendering()
    assert not ax.patches


def test_mean_lives_are_on_a_scale_of_logarithms(results):
    ax = fc.plot.mean_lives(results["lives"], results["action"], results["scaling"])
    assert ax.get_yscale() == "log"
    assert {"splitting", "plain simulation", r"$\propto e^{NV}$"} <= set(labels(ax))
    line = next(line for line in ax.lines if line.get_label() == r"$\propto e^{NV}$")
    u, v = line.get_xdata(), np.log(line.get_ydata())
    assert (v[1] - v[0]) / (u[1] - u[0]) == pytest.approx(results["action"].exponent)
    assert fc.plot.mean_lives(results["lives"][0]) is not ax
    assert set(results["lives"][0].plot()) == {"mean_lives"}


def test_networks_that_linger_are_dots(results):
    law = results["law"]
    ax = law.plot()["quasi_stationary"]
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), law.state_potential)
    assert "95 % by linear noise" in labels(ax)


def test_the_slide_and_the_kick():
    model = fc.Model(0.02, 1.0, 0.01, fc.Hill(1.0, 1.0, 4.0))
    manifold = fc.critical_manifold(model)
    passage = fc.slow_passage(model)
    ax = fc.plot.critical_manifold(manifold, passage)
    assert "slide and kick: gain 14.8" in labels(ax)
    assert set(manifold.plot()) == {"critical_manifold"}
    assert set(passage.plot()) == {"critical_manifold"}
    driven = fc.slow_passage(model.replace(alpha=0.018), current=0.05).plot()["critical_manifold"]
    assert any("gain" in label for label in labels(driven))
    with pytest.raises(ValueError, match="passage must be one of the manifold's model and current"):
        fc.plot.critical_manifold(fc.critical_manifold(model, current=0.1), passage)


def test_what_is_no_result_is_refused(results):
    for draw in (
        fc.plot.action,
        fc.plot.exit_probability,
        fc.plot.way_out,
        fc.plot.mean_lives,
        fc.plot.quasi_stationary,
    ):
        with pytest.raises(TypeError, match="must be a"):
            draw(3)
    with pytest.raises(TypeError, match="manifold must be"):
        fc.plot.critical_manifold(3)
