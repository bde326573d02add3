"""Pictures: what is in them, where they are drawn, and what they refuse."""

import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest

import facilis as fc
from facilis.survival import kaplan_meier

mpl.use("agg")
import matplotlib.pyplot as plt

MODEL = fc.Model.example("memory")
PULSES = [fc.Pulse(5.0, 15.0, 3.0), fc.Pulse(20.0, 25.0, 1.0)]


@pytest.fixture(scope="module")
def run():
    return fc.simulate(MODEL, 50, 40.0, stimulus=PULSES, rng=1)


@pytest.fixture(scope="module")
def sol():
    return fc.solve_limit(MODEL, 40.0, stimulus=PULSES)


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    yield
    plt.close("all")


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_one_axes_in_the_same_out(run, sol):
    for draw in (
        lambda ax: fc.plot.raster(run, ax),
        lambda ax: fc.plot.traces(run, sol, ax),
        lambda ax: fc.plot.phase_portrait(MODEL, run, ax),
        lambda ax: fc.plot.phase_portrait(MODEL, [run, sol], ax, flow=False),
    ):
        ax = plt.figure().subplots()
        assert draw(ax) is ax
        ax.figure.draw_without_rendering()


def test_results_draw_themselves(run, sol):
    assert set(run.plot()) == {"raster", "traces", "phase"}
    assert set(sol.plot()) == {"traces", "phase"}
    assert set(fc.simulate(MODEL, 50, 5.0, spikes=False, rng=1).plot()) == {"traces", "phase"}


def test_a_raster_shows_every_spike(run):
    (dots,) = fc.plot.raster(run).lines
    np.testing.assert_array_equal(dots.get_xdata(), run.spikes.time)
    np.testing.assert_array_equal(dots.get_ydata(), run.spikes.neuron)


def test_a_raster_says_that_it_shows_some_neurons_only(run):
    ax = fc.plot.raster(run, most=10)
    assert ax.get_ylabel() == "neuron (10 of 50)"
    assert len(ax.lines[0].get_xdata()) == np.count_nonzero(run.spikes.neuron < 10)


def test_a_raster_of_chosen_neurons_has_a_row_for_each():
    chosen = fc.simulate(MODEL, 50, 20.0, stimulus=PULSES, spikes=[7, 3], rng=1)
    ax = fc.plot.raster(chosen)
    assert ax.get_ylim() == (-0.5, 1.5)
    expected = np.where(chosen.spikes.neuron == 7, 1, 0)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), expected)


def test_traces_show_both_means_and_the_limit(run, sol):
    ax = fc.plot.traces(run, sol)
    _, twin = ax.figure.axes
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), run.potential)
    np.testing.assert_array_equal(twin.lines[0].get_ydata(), run.calcium)
    assert labels(twin) == ["mean potential", "mean calcium", r"limit $N\to\infty$", "stimulus"]


def test_each_pulse_is_shaded_and_named_once(run):
    ax = fc.plot.raster(run)
    assert len(ax.patches) == len(PULSES)
    assert ax.get_legend_handles_labels()[1] == ["stimulus"]


def test_a_portrait_has_potential_to_the_right_and_every_equilibrium(run):
    ax = fc.plot.phase_portrait(MODEL, run)
    assert ax.get_xlabel() == "mean potential $u$"
    points = fc.equilibria(MODEL)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert sum(len(line.get_xdata()) for line in dots) == len(points) == 3
    assert ax.get_xlim()[1] > max(run.potential.max(), points[-1].potential)
    assert labels(ax) == ["separatrix", r"$\dot u = 0$", r"$\dot r = 0$", "$N = 50$", "stable", "unstable"]


@pytest.mark.parametrize(
    "rate",
    [
        fc.Constant(0.0),
        fc.Linear(0.01),
        fc.Sigmoid(1.0, 1.0, 0.1),
        fc.Ramp(0.5, 1.5, 1.0),
        fc.Exponential(0.1, 1.0, 2.0),
        fc.Table([0.0, 1.0, 2.0], [0.0, 1.0, 0.0]),
    ],
)
@pytest.mark.parametrize("transmits", ["before", "after"])
def test_a_portrait_of_every_rate(rate, transmits):
    fc.plot.phase_portrait(MODEL.replace(rate=rate, transmits=transmits)).figure.draw_without_rendering()


def test_a_survival_curve_is_drawn_as_it_is():
    curve = kaplan_meier(np.array([3.0, 1.0, 2.0]), np.ones(3, bool))
    ax = fc.plot.survival(curve, label="three")
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), [0.0, 1.0, 2.0, 3.0])
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [1.0, 2 / 3, 1 / 3, 0.0])
    assert np.all(curve.low <= curve.probability)
    assert np.all(curve.probability <= curve.high)


def test_what_was_not_kept_cannot_be_drawn():
    bare = fc.simulate(MODEL, 10, 1.0, spikes=False, grid=None, rng=1)
    with pytest.raises(ValueError, match="spikes=False"):
        fc.plot.raster(bare)
    with pytest.raises(ValueError, match="grid=None"):
        fc.plot.traces(bare)


def test_a_figure_goes_to_a_file_without_a_window(run, tmp_path):
    fc.plot.to_file(tmp_path / "run.pdf", lambda figure: fc.plot.run(run, figure=figure))
    assert (tmp_path / "run.pdf").read_bytes().startswith(b"%PDF")
    assert plt.get_fignums() == []


def test_importing_facilis_leaves_matplotlib_alone():
    code = "import sys, facilis; sys.exit('matplotlib' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
