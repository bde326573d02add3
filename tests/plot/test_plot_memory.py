"""Pictures of memory times: how many networks remember for how long, and how that grows with their size."""

import warnings

import numpy as np
import pytest
from tests.plot.drawn import MODEL

import facilis as fc
from facilis.memory.survival import kaplan_meier


def test_a_survival_curve_is_drawn_as_it_is():
    curve = kaplan_meier(np.array([3.0, 1.0, 2.0]), np.ones(3, bool))
    ax = fc.plot.survival(curve, label="three")
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), [0.0, 1.0, 2.0, 3.0])
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [1.0, 2 / 3, 1 / 3, 0.0])
    assert np.all(curve.low <= curve.probability)
    assert np.all(curve.probability <= curve.high)


@pytest.mark.parametrize("t_max", [0.1, np.inf], ids=["no exits", "never any exits"])
def test_a_scaling_without_exits_is_drawn_without_a_warning(t_max):
    region = fc.Region.box(potential=(0.0, 5.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the means; what is drawn is tested
        found = fc.memory_scaling(
            MODEL, [20, 30, 40], t_max, region=region, replicates=5, potential=0.5, calcium=0.0, rng=1
        )
    ax = found.plot()["scaling"]
    ax.figure.draw_without_rendering()
    (bounds,) = [line for line in ax.lines if line.get_marker() == "^"]
    np.testing.assert_array_equal(bounds.get_xdata(), [20, 30, 40])
