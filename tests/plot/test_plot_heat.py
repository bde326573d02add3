"""Maps of what a sweep measured over two parameters."""

import inspect

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


def test_ticks_are_at_the_values_that_were_swept():
    xr = pytest.importorskip("xarray")
    over = {"n": [10, 11, 12, 40, 100], "alpha": [0.3, 0.2, 0.25]}
    share = xr.DataArray(np.full((5, 3), 0.25), over, ("n", "alpha"), attrs={"units": "1"})
    ax = fc.plot.heat_map(xr.Dataset({"exit_share": share}), "exit_share", x="n")
    assert [text.get_text() for text in ax.get_xticklabels()] == ["10", "40", "100"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["0.2", "0.25", "0.3"]
    assert ax.collections[0].get_clim() == (0.0, 1.0)
    other = fc.plot.heat_map(xr.Dataset({"exit_share": share}), "exit_share", vmin=0.2, vmax=0.3)
    assert other.collections[0].get_clim() == (0.2, 0.3)


@pytest.mark.parametrize("name", fc.plot.__all__)
def test_axes_to_draw_in_are_the_last_argument_that_has_a_place(name):
    given = inspect.signature(getattr(fc.plot, name)).parameters.values()
    placed = [one.name for one in given if one.kind is one.POSITIONAL_OR_KEYWORD]
    assert "ax" not in [one.name for one in given] or placed[-1] == "ax"


def test_a_portrait_without_runs_refuses_keywords_of_nothing():
    with pytest.raises(AttributeError, match="colour"):
        fc.plot.phase_portrait(MODEL, colour="red")


def test_axes_are_given_as_ax():
    run = fc.simulate(MODEL, 5, 10.0, rng=1)
    with pytest.raises(TypeError, match="Did you mean 'ax'"):
        fc.plot.phase_portrait(MODEL, run, axes=None)


def test_a_bare_survival_curve_has_no_law_to_fit():
    times = fc.memory_times(
        MODEL,
        10,
        100.0,
        region=fc.Region.potential_above(0.7),
        replicates=5,
        potential=2.0,
        calcium=9.0,
        rng=1,
    )
    with pytest.raises(ValueError, match="curve must be the MemoryTimes"):
        times.survival().plot(fit=True)
