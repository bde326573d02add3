"""Maps of what a sweep measured over two parameters."""

import matplotlib as mpl
import numpy as np
import pytest
from tests.plot.drawn import MODEL, labels

import facilis as fc


@pytest.fixture
def swept():
    xr = pytest.importorskip("xarray")
    values = np.array([[1.0, 10.0, np.inf], [2.0, 200.0, 3.0]])
    doubts = np.array([["", "", "no exits"], ["", "too few", ""]])
    axes = ("alpha", "model")
    return xr.Dataset(
        {
            "mean_time": (axes, values),
            "mean_time_doubt": (axes, doubts),
            "time": ((*axes, "k"), values[..., None]),
        },
        {"alpha": [0.3, 0.2], "model": ["weak", "strong", "other"]},
    )


def test_a_map_has_a_cell_for_each_point(swept):
    ax = fc.plot.heat_map(swept)
    (mesh,) = ax.collections
    shown = mesh.get_array().reshape(2, 3)
    np.testing.assert_array_equal(shown.filled(-1.0), [[2.0, 200.0, 3.0], [1.0, 10.0, -1.0]])
    assert [text.get_text() for text in ax.get_xticklabels()] == ["weak", "strong", "other"]
    np.testing.assert_allclose(ax.get_ylim(), [0.15, 0.35])
    assert isinstance(mesh.norm, mpl.colors.LogNorm)
    assert labels(ax) == ["not to be relied on"]
    (crosses,) = ax.lines
    np.testing.assert_array_equal(crosses.get_xydata(), [[2.0, 0.3], [1.0, 0.2]])
    turned = fc.plot.heat_map(swept, x="alpha", log=False)
    assert turned.get_xlabel() == "alpha"


def test_a_map_names_what_it_cannot_show(swept):
    with pytest.raises(ValueError, match="variable must be the name of a variable with two dimensions"):
        fc.plot.heat_map(swept, "time")
    with pytest.raises(ValueError, match="variable must be"):
        fc.plot.heat_map(swept, "other")
    with pytest.raises(ValueError, match="x must be"):
        fc.plot.heat_map(swept, x="n")
    with pytest.raises(TypeError, match=r"data must be an xarray\.Dataset"):
        fc.plot.heat_map(MODEL)
