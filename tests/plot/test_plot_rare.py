"""Pictures of rare events and of the slow passage."""

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
    return {
        "action": fc.escape_action(MODEL),
        "paths": fc.exit_probability(MODEL, 20, 50.0, **few, **START).paths(3),
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
    for draw in (fc.plot.action, fc.plot.way_out, fc.plot.mean_lives, fc.plot.quasi_stationary):
        with pytest.raises(TypeError, match="must be a"):
            draw(3)
    with pytest.raises(TypeError, match="manifold must be"):
        fc.plot.critical_manifold(3)
